// The lists of conversations: fragments of the server, put in place without losing focus, place or choice.
import { Rows } from "./rows.js";
import { gettext } from "../talk/texts.js";

const SOON_MS = 250;
// Ages are words; they grow without anything happening.
const AGEING_MS = 30_000;
// Whoever has paged far down sees this many pages brought up to date at once.
const MOST_PAGES = 6;

/** Tabs, filters and rows. */
export class Lists {
  current = "queue";
  #desk;
  #rows;
  #filters;
  #timer = null;
  #turn = 0;
  #isBusy = false;

  constructor(desk) {
    this.#desk = desk;
    this.#rows = new Rows(document.getElementById("desk-rows"), (id) => desk.pane.open(id));
    this.#filters = desk.find("[data-filters]");
    for (const tab of desk.root.querySelectorAll("[data-list]")) {
      tab.addEventListener("click", (event) => {
        if (event.metaKey || event.ctrlKey) return;
        event.preventDefault();
        this.show(tab.dataset.list);
      });
    }
    this.#filters.addEventListener("submit", (event) => event.preventDefault());
    this.#filters.addEventListener("input", (event) => event.isComposing || this.#narrowed());
    this.#filters.addEventListener("compositionend", () => this.#narrowed());
    this.#filters.addEventListener("reset", () => setTimeout(() => this.#narrowed()));
    this.#filters.querySelector("details").addEventListener("toggle", () => this.#suggestTags(), { once: true });
    desk.talk.addEventListener("inbox", () => this.refreshSoon());
    desk.talk.addEventListener("welcome", () => this.refresh());
    setInterval(() => document.hidden || this.refresh(), AGEING_MS);
    document.addEventListener("visibilitychange", () => document.hidden || this.refresh());
  }

  /** Show one of the lists. */
  show(name) {
    const tab = this.#desk.find(`[data-list="${CSS.escape(name)}"]`) ?? this.#desk.find("[data-list]");
    this.current = tab.dataset.list;
    this.#desk.keeper.set("list", this.current);
    for (const other of this.#desk.root.querySelectorAll("[data-list]")) {
      if (other === tab) other.setAttribute("aria-current", "true");
      else other.removeAttribute("aria-current");
    }
    this.#rows.clear();
    this.refresh();
  }

  /** Fetch soon; much news in a row is one fetch, but never none. */
  refreshSoon() {
    this.#timer ??= setTimeout(() => (this.#isBusy ? this.#again() : this.refresh()), SOON_MS);
  }

  /** Fetch the list again; an answer that was overtaken by a later one is dropped. */
  async refresh() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const turn = ++this.#turn;
    this.#isBusy = true;
    const words = new URLSearchParams(new FormData(this.#filters));
    const { session } = this.#desk;
    const [rows, counts] = await Promise.all([
      this.#pages(`/desk/lists/${this.current}/?${words}`),
      session.fragment("/desk/counts/"),
    ]);
    if (turn !== this.#turn) return;
    this.#isBusy = false;
    if (counts) this.#showCounts(counts);
    if (rows) this.#rows.show(rows, this.#desk.pane.current);
    const active = ["topic", "language", "tag"].filter((name) => words.get(name)).length;
    this.#filters.querySelector("[data-filter-count]").textContent = active ? `(${active})` : "";
  }

  /** Which row is shown in the pane. */
  mark(id) {
    this.#rows.mark(id);
  }

  /** Open the next (1) or previous (-1) conversation. */
  step(by) {
    const id = this.#rows.beside(by);
    if (id) this.#desk.pane.open(id);
  }

  /** The row of a conversation, if it is in this list. */
  row(id) {
    return document.getElementById(`row-${id}`);
  }

  /** The title of a topic or the name of a language, as the filters have it. */
  word(name, value) {
    const option = value && this.#filters.querySelector(`[name="${name}"] [value="${CSS.escape(value)}"]`);
    return option ? option.textContent : (value ?? "");
  }

  /** The first page, and as many more as are shown already. */
  async #pages(path) {
    const { session } = this.#desk;
    const wanted = this.#rows.count;
    const rows = await session.fragment(path);
    for (let page = 1; rows && page < MOST_PAGES && rows.querySelectorAll(".row").length < wanted; page += 1) {
      const more = rows.querySelector("[data-more]");
      const next = more && (await session.fragment(more.querySelector("[hx-get]").getAttribute("hx-get")));
      if (!next) break;
      more.replaceWith(next);
    }
    return rows;
  }

  #again() {
    this.#timer = null;
    this.refreshSoon();
  }

  /** Other words, another list. */
  #narrowed() {
    this.#rows.forget();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.refresh(), SOON_MS);
  }

  #showCounts(counts) {
    for (const count of counts.querySelectorAll("[data-count]")) {
      const shown = this.#desk.find(`[data-tab-count="${CSS.escape(count.dataset.count)}"]`);
      const number = count.textContent.trim();
      if (shown) shown.textContent = number;
      if (count.dataset.count === "mine") this.#desk.presence.setLoad(Number(number));
    }
    const wait = this.#desk.find("[data-longest]");
    wait.textContent = this.current === "queue" ? counts.querySelector("[data-wait]").textContent : "";
  }

  async #suggestTags() {
    const { tags } = await this.#desk.session.get("/desk/tags/").catch(() => ({ tags: [] }));
    const list = document.getElementById("desk-tags");
    list.replaceChildren(...tags.map((tag) => Object.assign(document.createElement("option"), { value: tag })));
  }
}

/** The words of a list for whoever hears them. */
export function listName(name) {
  const words = {
    queue: gettext("Queue"),
    mine: gettext("Mine"),
    all: gettext("All"),
    left: gettext("Left messages"),
    closed: gettext("Closed"),
  };
  return words[name] ?? name;
}
