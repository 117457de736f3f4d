// What the thin line says about the network; a short stutter is not worth a word.
import { gettext } from "../talk/texts.js";

const PATIENCE_MS = 800;

/** Follows the link of a talk, or an opening; `say(text)` shows the words. */
export class Line {
  #say;
  #source = null;
  #timer = null;
  #heard = () => this.#update();

  constructor(say) {
    this.#say = say;
    // A socket may take a while to notice; the browser says at once that there is no network.
    for (const name of ["online", "offline"]) addEventListener(name, this.#heard);
  }

  /** Follow `source` (a talk with a `link`, an opening, or null) instead of what was followed. */
  follow(source) {
    for (const name of ["link", "waiting"]) {
      this.#source?.removeEventListener(name, this.#heard);
      source?.addEventListener(name, this.#heard);
    }
    this.#source = source;
    this.#update();
  }

  #update() {
    clearTimeout(this.#timer);
    const words = this.#words();
    if (!words) this.#say("");
    else this.#timer = setTimeout(() => this.#say(this.#words()), PATIENCE_MS);
  }

  #words() {
    if (!this.#source) return "";
    const link = this.#source.link ?? "connecting";
    if (link === "offline" || navigator.onLine === false) {
      return gettext("You are offline. What you write is sent when the network is back.");
    }
    if (link === "connecting") return gettext("Connecting…");
    if (link === "retrying") return gettext("The connection was lost. Trying again…");
    return "";
  }
}
