// Canned replies: "/" at the beginning of the field opens them, what follows searches.
import { element } from "../talk/elements.js";
import { gettext } from "../talk/texts.js";

const SOON_MS = 120;

/** A listbox above the field; the field keeps the focus. */
export class Canned {
  #desk;
  #box;
  #found = [];
  #at = 0;
  #timer = null;
  #turn = 0;
  #isOpen = false;

  constructor(desk, field) {
    this.#desk = desk;
    this.#box = desk.find("[data-canned]");
    this.field = field;
    this.#box.id = "desk-canned";
    this.#box.setAttribute("role", "listbox");
    this.#box.setAttribute("aria-label", gettext("Canned replies"));
    // More than fits can be scrolled by keyboard too.
    this.#box.tabIndex = 0;
    this.#box.addEventListener("keydown", (event) => this.key(event));
    this.#box.addEventListener("mousedown", (event) => event.preventDefault());
    this.#box.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#take(Number(option.dataset.at));
    });
  }

  /** The text has changed. */
  typed(text) {
    const match = /^\/(\S*)$/.exec(text);
    clearTimeout(this.#timer);
    if (!match) return this.hide();
    this.#timer = setTimeout(() => this.#search(match[1]), SOON_MS);
    return undefined;
  }

  /** A key before the field hears it; true when it was for us. */
  key(event) {
    if (!this.#isOpen || event.isComposing) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") this.#choose(this.#at + (event.key === "ArrowDown" ? 1 : -1));
    else if (event.key === "Enter" || event.key === "Tab") this.#take(this.#at);
    else if (event.key === "Escape") this.hide();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  hide() {
    this.#turn += 1;
    this.#isOpen = false;
    this.#box.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
    this.field.removeAttribute("aria-controls");
  }

  async #search(q) {
    const turn = ++this.#turn;
    const words = new URLSearchParams({ q, conversation: this.#desk.pane.current });
    const found = await this.#desk.session.get(`/desk/canned/?${words}`).catch(() => []);
    if (turn !== this.#turn) return;
    this.#found = found;
    this.#show();
  }

  #show() {
    const rows = this.#found.map(({ shortcut, title, text, language }, at) =>
      element(
        "div",
        { role: "option", id: `canned-${at}`, "data-at": at, "aria-selected": "false" },
        element("strong", {}, `/${shortcut} · ${title}`),
        element("span", { className: "quiet", lang: language }, text),
      ),
    );
    const none = element("p", { className: "row-none" }, gettext("No canned reply fits."));
    this.#box.replaceChildren(...(rows.length ? rows : [none]));
    this.#box.hidden = false;
    this.#isOpen = rows.length > 0;
    this.field.setAttribute("aria-controls", this.#box.id);
    if (rows.length) this.#choose(0);
  }

  #choose(at) {
    const count = this.#found.length;
    this.#at = (at + count) % count;
    for (const option of this.#box.children) {
      const isChosen = Number(option.dataset.at) === this.#at;
      option.setAttribute("aria-selected", String(isChosen));
      if (isChosen) option.scrollIntoView({ block: "nearest" });
    }
    this.field.setAttribute("aria-activedescendant", `canned-${this.#at}`);
  }

  #take(at) {
    const { text } = this.#found[at];
    this.hide();
    this.#desk.pane.composer.text = text;
    this.#desk.pane.composer.focus();
  }
}
