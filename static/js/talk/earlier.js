// The upper end of a conversation: what was said earlier is fetched when somebody scrolls there.
import { button, element } from "./elements.js";
import { gettext } from "./texts.js";

/** Loads upward. `more()` shows or fetches something older (false when there is nothing); it may throw `Refused`. */
export class Earlier {
  node = element("div", { className: "talk-top" });
  #more;
  #wanted;
  #isBusy = false;

  constructor({ more, wanted }) {
    this.#more = more;
    this.#wanted = wanted;
  }

  /** Load until there is enough above. */
  async load() {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      while (this.#wanted() && (await this.#once()));
    } catch (refused) {
      // It stays busy until somebody presses the button: scrolling must not ask again and again.
      this.#refused(refused);
      return;
    }
    this.#isBusy = false;
  }

  async #once() {
    const shown = this.#more();
    if (!(shown instanceof Promise)) return shown;
    this.node.replaceChildren(element("p", { className: "talk-loading" }, gettext("Loading earlier messages…")));
    const found = await shown;
    this.node.replaceChildren();
    return found;
  }

  #refused({ message }) {
    const again = () => {
      this.#isBusy = false;
      this.node.closest("[tabindex]")?.focus();
      this.load();
    };
    const retry = button({ className: "talk-link" }, again, gettext("Try again"));
    this.node.replaceChildren(element("p", {}, message, " ", retry));
  }
}
