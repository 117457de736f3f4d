// "Lin is typing": shown for six seconds, never announced; and the signal that makes others see it.
import { element } from "./elements.js";
import { format, gettext } from "./texts.js";

const SHOWN_MS = 6_000;
const PAUSE_MS = 3_000;

/** The line at the end of a conversation that says that somebody types. */
export class TypingLine {
  node = element("p", { className: "talk-typing", "aria-hidden": "true", hidden: true });
  #timer = null;

  show(name) {
    const dots = element("span", { className: "talk-dots" }, element("i"), element("i"), element("i"));
    this.node.replaceChildren(dots, format(gettext("%(name)s is typing"), { name }));
    this.node.hidden = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), SHOWN_MS);
  }

  stop() {
    clearTimeout(this.#timer);
    this.node.hidden = true;
  }
}

/** Says that somebody types, at most every three seconds. */
export class TypingSignal {
  #at = 0;

  /** A key was pressed; `now` in milliseconds. */
  pressed(thread, now = Date.now()) {
    if (now - this.#at < PAUSE_MS) return;
    this.#at = now;
    thread.typing();
  }

  /** The text is sent: the next key begins a new one. */
  forget() {
    this.#at = 0;
  }
}
