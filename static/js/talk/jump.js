// The button at the lower edge of a conversation that was scrolled up: what came meanwhile, and the way there.
import { button } from "./elements.js";
import { icon } from "./icons.js";
import { format, gettext, ngettext } from "./texts.js";

/** "2 new messages ↓". */
export class JumpButton {
  node;
  #words = "";

  constructor(press) {
    this.node = button({ className: "talk-jump", hidden: true }, press);
  }

  /** Show it or not, with the number of new ones. */
  show(isShown, n) {
    const count = () => format(ngettext("%(n)s new message", "%(n)s new messages", n), { n });
    const words = n ? count() : gettext("Jump to the newest");
    this.node.hidden = !isShown;
    if (words === this.#words) return;
    this.#words = words;
    this.node.replaceChildren(words, icon("down", 16));
  }
}
