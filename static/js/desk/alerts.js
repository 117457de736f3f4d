// How an agent who looks elsewhere learns of an offer: sound, title, badge, notification; and a test of all of them.
import { element } from "../talk/elements.js";
import { Tone } from "../talk/tone.js";
import { format, gettext } from "../talk/texts.js";

const AGAIN_MS = 5_000;

/** Everything that calls for attention. */
export class Alerts {
  #desk;
  #tone = new Tone();
  #title = document.title;
  #offers = 0;
  #unread = 0;
  #again = null;
  #live = element("p", { className: "visually-hidden", "aria-live": "assertive" });
  #dialog = document.getElementById("dialog-alerts");

  constructor(desk) {
    this.#desk = desk;
    desk.root.append(this.#live);
    desk.find("[data-open-alerts]").addEventListener("click", () => this.open());
    const sound = this.#dialog.querySelector("[data-sound]");
    sound.checked = this.#hasSound;
    sound.addEventListener("change", () => desk.keeper.set("sound", sound.checked));
    this.#dialog.querySelector("[data-test]").addEventListener("click", () => this.#test());
    this.#dialog.querySelector("[data-allow]").addEventListener("click", () => this.#allow());
  }

  /** A conversation is held out. */
  offer(words) {
    this.#offers += 1;
    this.#show();
    this.tell(format(gettext("Offer: %(words)s"), { words }));
    this.#ring();
    this.#notify(gettext("A customer is waiting for you"), words);
    // Until it is answered or over.
    this.#again ??= setInterval(() => this.#ring(), AGAIN_MS);
  }

  /** So many offers still stand. */
  offersLeft(count) {
    this.#offers = count;
    if (!count) {
      clearInterval(this.#again);
      this.#again = null;
    }
    this.#show();
  }

  /** A customer wrote while the agent looked elsewhere, at another conversation or another window. */
  message(name, text, { isShown }) {
    if (isShown && !document.hidden) return;
    this.#ring([660]);
    this.tell(format(gettext("%(name)s wrote."), { name }));
    if (!document.hidden) return;
    this.#unread += 1;
    this.#show();
    this.#notify(name, text.slice(0, 120));
  }

  /** The agent looks again. */
  seen() {
    this.#unread = 0;
    this.#show();
  }

  /** Say something to whoever can't see it. */
  tell(text) {
    this.#live.textContent = text;
  }

  /** What works, and what the browser blocks. */
  open() {
    this.#tone.prepare();
    this.#showVerdicts();
    this.#dialog.showModal();
  }

  get #hasSound() {
    return this.#desk.keeper.get("sound", true);
  }

  #ring(pitches) {
    if (this.#hasSound) this.#tone.ring(pitches);
  }

  #notify(title, body) {
    if (!document.hidden || globalThis.Notification?.permission !== "granted") return;
    try {
      const shown = new Notification(title, { body, tag: "topay-desk" });
      shown.onclick = () => {
        focus();
        shown.close();
      };
    } catch {
      // Some phones show notifications for installed apps only.
    }
  }

  #show() {
    const count = this.#offers + this.#unread;
    const words = this.#offers ? gettext("Offer") : this.#title;
    document.title = count ? `(${count}) ${words}` : this.#title;
    if (count) navigator.setAppBadge?.(count).catch(() => {});
    else navigator.clearAppBadge?.().catch(() => {});
  }

  #test() {
    this.#tone.prepare();
    this.#tone.ring();
    document.title = `(1) ${gettext("Test")}`;
    setTimeout(() => this.#show(), 2_000);
    if (globalThis.Notification?.permission === "granted") {
      try {
        new Notification(gettext("This is a test"), { tag: "topay-desk" });
      } catch {
        // Said below: this browser has none for pages.
      }
    }
    this.#showVerdicts();
  }

  async #allow() {
    await Notification.requestPermission();
    this.#showVerdicts();
  }

  #showVerdicts() {
    const permission = globalThis.Notification?.permission ?? "none";
    const notifications = {
      granted: gettext("Notifications: allowed."),
      denied: gettext("Notifications: blocked. Allow them in the browser's settings of this site."),
      default: gettext("Notifications: not yet allowed."),
      none: gettext("Notifications: this browser has none."),
    };
    const sound = this.#tone.isReady
      ? gettext("Sound: works. If you heard nothing, look at the volume.")
      : gettext("Sound: not ready yet. Press the test once more.");
    const lines = [sound, notifications[permission], gettext("Title: shows the number of offers.")];
    const items = lines.map((line) => element("li", {}, line));
    this.#dialog.querySelector("[data-verdicts]").replaceChildren(...items);
    this.#dialog.querySelector("[data-allow]").hidden = permission !== "default";
  }
}
