// The lists of conversations: fragments of the server, put in place without losing focus, place or choice.
import { gettext } from "../talk/texts.js";

const SOON_MS = 250;
// Ages are words; they grow without anything happening.
const AGEING_MS = 30_000;

/** Tabs, filters and rows. */
export class Lists {
  current = "queue";
  #desk;
  #rows = document.getElementById("desk-rows");
  #filters;
  #timer = null;
  #turn = 0;

  constructor(desk) {
    this.#desk = desk;
    this.#filters = desk.find("[data-filters]");
    for (const tab of desk.root.querySelectorAll("[data-list]")) {
      tab.addEventListener("click", (event) => {
        if (event.metaKey || event.ctrlKey) return;
        event.preventDefault();
        this.show(tab.dataset.list);
      });
    }
    this.#rows.addEventListener("click", (event) => this.#clicked(event));
    this.#filters.addEventListener("submit", (event) => event.preventDefault());
    this.#filters.addEventListener("input", (event) => event.isComposing || this.refreshSoon());
    this.#filters.addEventListener("compositionend", () => this.refreshSoon());
    this.#filters.addEventListener("reset", () => setTimeout(() => this.refresh()));
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
    this.#rows.replaceChildren();
    this.refresh();
  }

  refreshSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.refresh(), SOON_MS);
  }

  /** Fetch the list again; an answer that was overtaken by a later one is dropped. */
  async refresh() {
    clearTimeout(this.#timer);
    const turn = ++this.#turn;
    this.#rows.setAttribute("aria-busy", "true");
    const words = new URLSearchParams(new FormData(this.#filters));
    const [rows, counts] = await Promise.all([
      this.#fetch(`/desk/lists/${this.current}/?${words}`),
      this.#fetch("/desk/counts/"),
    ]);
    if (turn !== this.#turn) return;
    this.#rows.setAttribute("aria-busy", "false");
    if (counts !== null) this.#showCounts(counts);
    if (rows !== null) this.#replace(rows);
    const active = ["topic", "language", "tag"].filter((name) => words.get(name)).length;
    this.#filters.querySelector("[data-filter-count]").textContent = active ? `(${active})` : "";
  }

  /** Which row is shown in the pane. */
  mark(id) {
    for (const row of this.#rows.querySelectorAll(".row")) {
      const isCurrent = row.dataset.conversation === id;
      row.classList.toggle("is-current", isCurrent);
      const link = row.querySelector("a");
      if (isCurrent) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /** Open the next (1) or previous (-1) conversation. */
  step(by) {
    const all = [...this.#rows.querySelectorAll(".row")];
    const at = all.findIndex((row) => row.classList.contains("is-current"));
    const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
    if (!next) return;
    next.scrollIntoView({ block: "nearest" });
    this.#desk.pane.open(next.dataset.conversation);
  }

  /** The row of a conversation, if it is in this list. */
  row(id) {
    return document.getElementById(`row-${id}`);
  }

  async #fetch(path) {
    try {
      const headers = { "HX-Request": "true" };
      const response = await fetch(path, { credentials: "same-origin", cache: "no-store", headers });
      if (response.status === 401) this.#desk.session.ended();
      return response.ok ? await response.text() : null;
    } catch {
      return null;
    }
  }

  /** New rows in the old place: who had the focus keeps it, and nothing jumps. */
  #replace(html) {
    const focused = document.activeElement?.closest?.(".row")?.dataset.conversation;
    const top = this.#rows.scrollTop;
    const shown = this.#rows.querySelectorAll(".row").length;
    const parsed = new DOMParser().parseFromString(`<ol>${html}</ol>`, "text/html").querySelector("ol");
    const isPaged = shown > parsed.querySelectorAll(".row").length && parsed.querySelector("[data-more]");
    if (isPaged && top > 0) return this.#patch(parsed);
    this.#rows.replaceChildren(...parsed.children);
    globalThis.htmx?.process(this.#rows);
    this.mark(this.#desk.pane.current);
    this.#rows.scrollTop = top;
    if (focused) this.row(focused)?.querySelector("a").focus({ preventScroll: true });
  }

  /** Whoever has read on below the first page keeps the pages; rows that are known are brought up to date. */
  #patch(parsed) {
    for (const row of parsed.querySelectorAll(".row")) this.row(row.dataset.conversation)?.replaceWith(row);
    this.mark(this.#desk.pane.current);
  }

  #showCounts(html) {
    const counts = new DOMParser().parseFromString(html, "text/html");
    for (const count of counts.querySelectorAll("[data-count]")) {
      const shown = this.#desk.find(`[data-tab-count="${CSS.escape(count.dataset.count)}"]`);
      const number = count.textContent.trim();
      if (shown) shown.textContent = number === "0" ? "" : number;
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

  #clicked(event) {
    const link = event.target.closest("a.row-link");
    if (!link || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    this.#desk.pane.open(link.closest(".row").dataset.conversation);
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
