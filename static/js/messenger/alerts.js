// How a customer who looks elsewhere learns of an answer: a soft tone, the title, the badge, a notification.
import { format, gettext } from "../talk/texts.js";
import { Tone } from "../talk/tone.js";

/** Event on the document: "messenger:unread" {count}, through the shell. */
export class Alerts {
  #app;
  #count = 0;
  #tone = new Tone();
  #isInView;
  #title = document.title;

  constructor(app) {
    this.#app = app;
    // A frame may be loaded before anybody opens it.
    this.#isInView = app.shell.name !== "frame";
    document.addEventListener("visibilitychange", () => this.isSeen && this.read());
    addEventListener("focus", () => this.isSeen && this.read());
    const button = app.find("[data-mute]");
    button.hidden = !globalThis.AudioContext;
    button.setAttribute("aria-pressed", String(this.isMuted));
    button.addEventListener("click", () => {
      app.session.keeper.set("muted", !this.isMuted);
      button.setAttribute("aria-pressed", String(this.isMuted));
    });
  }

  get isMuted() {
    return this.#app.session.keeper.get("muted", false);
  }

  /** A frame that its page has put away is not hidden for the browser; nobody sees it all the same. */
  putAway(isAway) {
    this.#isInView = !isAway;
    if (this.isSeen) this.read();
  }

  /** Whether the customer can see the conversation now. */
  get isSeen() {
    return !document.hidden && this.#isInView;
  }

  /** There is an answer. */
  news(who, text) {
    if (this.isSeen && this.#app.view === "talk") return;
    this.#show(this.#count + 1);
    if (!this.isSeen && !this.isMuted) this.#tone.ring();
    if (document.hidden) this.#notify(who, text);
  }

  /** Everything has been seen. */
  read() {
    if (this.#count && this.#app.view === "talk") this.#show(0);
    else if (!this.#app.session.current) this.#show(0);
  }

  /** Whether it makes sense to offer notifications; never in a frame, whose site would be asked about. */
  get mayAsk() {
    return this.#app.shell.name === "page" && globalThis.Notification?.permission === "default";
  }

  /** Ask for notifications; the customer has pressed the button that offers them. */
  ask() {
    return Notification.requestPermission();
  }

  #show(count) {
    this.#count = count;
    document.title = count ? `(${count}) ${this.#title}` : this.#title;
    if (count) navigator.setAppBadge?.(count).catch(() => {});
    else navigator.clearAppBadge?.().catch(() => {});
    this.#app.shell.unread(count);
  }

  #notify(who, text) {
    if (this.#app.shell.name !== "page" || globalThis.Notification?.permission !== "granted") return;
    const title = who ? format(gettext("%(name)s from Topay support"), { name: who }) : gettext("Topay support");
    try {
      const shown = new Notification(title, { body: text.slice(0, 120), tag: "topay-chat" });
      shown.onclick = () => {
        focus();
        shown.close();
      };
    } catch {
      // Some phones show notifications for installed apps only.
    }
  }
}
