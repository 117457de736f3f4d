// The rows of a list. What has not changed stays the very same element: a click or a focus on it is not lost.

/** Shows what the server sent; `open` hears the id of a row that was chosen. */
export class Rows {
  #node;
  // What the server sent for each row, to see what has changed.
  #sent = new WeakMap();
  // How far each was seen here; the server writes it down a little later.
  #seen = new Map();
  #hasForgotten = false;

  constructor(node, open) {
    this.#node = node;
    node.addEventListener("click", (event) => {
      const link = event.target.closest("a.row-link");
      if (!link || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      open(link.closest(".row").dataset.conversation);
    });
  }

  get count() {
    return this.#hasForgotten ? 0 : this.#all.length;
  }

  get #all() {
    return [...this.#node.querySelectorAll(".row")];
  }

  clear() {
    this.#node.replaceChildren();
    this.#node.setAttribute("aria-busy", "true");
  }

  /** What comes next is another list: it begins at its first page. */
  forget() {
    this.#hasForgotten = true;
  }

  /** New rows in the old place: whoever had the focus keeps it, and nothing jumps. */
  show(fragment, current) {
    const top = this.#hasForgotten ? 0 : this.#node.scrollTop;
    const place = this.#place();
    this.#hasForgotten = false;
    const nodes = [...fragment.children].map((node) => this.#kept(node));
    this.#arrange(nodes);
    globalThis.htmx?.process(this.#node);
    this.#node.setAttribute("aria-busy", "false");
    this.mark(current);
    this.#node.scrollTop = top;
    if (place && !this.#node.contains(document.activeElement)) this.#focus(place);
  }

  /** Which one is shown; what it brought has been seen. */
  mark(id) {
    for (const row of this.#all) {
      const { conversation, head } = row.dataset;
      const isCurrent = conversation === id;
      if (isCurrent && !document.hidden) this.#seen.set(id, Number(head));
      row.classList.toggle("is-seen", this.#seen.get(conversation) >= Number(head));
      row.classList.toggle("is-current", isCurrent);
      const link = row.querySelector("a");
      if (isCurrent) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /** The conversation after (1) or before (-1) the current one; the first when there is none. */
  beside(by) {
    const all = this.#all;
    const at = all.findIndex((row) => row.classList.contains("is-current"));
    const next = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
    next?.scrollIntoView({ block: "nearest" });
    return next?.dataset.conversation ?? null;
  }

  /** The element that shows this already, else the new one. */
  #kept(node) {
    const html = node.outerHTML;
    const known = node.id && document.getElementById(node.id);
    if (known && this.#sent.get(known) === html) return known;
    this.#sent.set(node, html);
    return node;
  }

  /** Put the nodes in order, moving as few as possible. */
  #arrange(nodes) {
    const wanted = new Set(nodes);
    for (const child of [...this.#node.children]) if (!wanted.has(child)) child.remove();
    nodes.forEach((node, at) => {
      const there = this.#node.children[at];
      if (there !== node) this.#node.insertBefore(node, there ?? null);
    });
  }

  /** Which row has the focus, and which place it has. */
  #place() {
    const row = this.#node.contains(document.activeElement) && document.activeElement.closest(".row");
    return row ? { id: row.id, at: this.#all.indexOf(row) } : null;
  }

  /** The focus goes to the same row; when it is gone, to whichever took its place. */
  #focus({ id, at }) {
    const all = this.#all;
    const row = document.getElementById(id) ?? all[Math.min(at, all.length - 1)];
    row?.querySelector("a").focus({ preventScroll: true });
  }
}
