// What is new, for screen readers. The visible list is no live region: it is filled with history, loads upward and
// changes its ticks, and much of that would be read out again. This one hidden node says what came, and only that.
import { element } from "./elements.js";
import { format, gettext, ngettext } from "./texts.js";

const BURST_MS = 600;
const KEPT_MS = 8_000;
const LONGEST = 200;

/** A polite live region; `node` belongs into the page before anything is said. */
export class LiveNode {
  node = element("div", { className: "visually-hidden talk-live", "aria-live": "polite", "aria-atomic": "true" });
  #waiting = [];
  #timer = null;
  #end = null;

  /** Say that `name` wrote `text`; what comes together is said as a number. */
  message(name, text) {
    this.#add({ isMessage: true, words: `${name}: ${cut(text)}` });
  }

  /** Say a line as it is. */
  line(text) {
    this.#add({ isMessage: false, words: cut(text) });
  }

  stop() {
    clearTimeout(this.#timer);
    clearTimeout(this.#end);
  }

  #add(said) {
    this.#waiting.push(said);
    this.#timer ??= setTimeout(() => this.#say(), BURST_MS);
  }

  #say() {
    const messages = this.#waiting.filter((said) => said.isMessage);
    const lines = this.#waiting.filter((said) => !said.isMessage);
    this.#waiting = [];
    this.#timer = null;
    const n = messages.length;
    const count = n > 1 ? format(ngettext("%(n)s new message", "%(n)s new messages", n), { n }) : null;
    const parts = [...lines.map((said) => said.words), count ?? messages[0]?.words];
    // A new node each time: the same words twice are two messages.
    this.node.replaceChildren(element("p", {}, parts.filter(Boolean).join(" ")));
    clearTimeout(this.#end);
    // Nobody who reads through the page should meet old news here.
    this.#end = setTimeout(() => this.node.replaceChildren(), KEPT_MS);
  }
}

function cut(text) {
  const characters = [...text.replace(/\s+/gu, " ").trim()];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join("")}…` : characters.join("");
}
