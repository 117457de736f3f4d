// Where the reader is in a list that grows at both ends. The browser's own anchoring is off (Safari has none): what
// changes above the reader is evened out here, and at the end the list stays at the end.

const AT_END = 48;
const NEAR_TOP = 400;

/** Watches `scroller`, which holds `content`. `moved()` hears every change, `nearTop()` that more is wanted above. */
export class Scrolling {
  isAtEnd = true;
  #scroller;
  #moved;
  #nearTop;
  #top = 0;
  #observer;

  constructor(scroller, content, { moved, nearTop }) {
    Object.assign(this, { content });
    this.#scroller = scroller;
    this.#moved = moved;
    this.#nearTop = nearTop;
    this.#observer = new ResizeObserver(() => this.#resized());
    this.#observer.observe(scroller);
    this.#observer.observe(content);
    scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
  }

  stop() {
    this.#observer.disconnect();
  }

  /** How far the end is, in pixels. */
  get rest() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  get isNearTop() {
    return this.#scroller.scrollTop < NEAR_TOP;
  }

  /** Go to the end; slowly only where it is near and the person doesn't mind movement. */
  toEnd({ slowly = false } = {}) {
    this.isAtEnd = true;
    const isShort = this.rest < 2 * this.#scroller.clientHeight;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const behavior = slowly && isShort && !isCalm ? "smooth" : "instant";
    this.#scroller.scrollTo({ top: this.#scroller.scrollHeight, behavior });
    this.#moved();
  }

  /** Bring an item that is above the view into its upper part. */
  toItem(item) {
    const offset = item.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top;
    if (offset >= 0) return;
    this.#scroller.scrollTop += offset - this.#scroller.clientHeight / 4;
    this.#top = this.#scroller.scrollTop;
    this.isAtEnd = this.rest < AT_END;
  }

  /** Make a change that doesn't move what is being read. */
  keep(change) {
    const anchor = this.isAtEnd ? null : this.#anchor();
    // Its lower edge: above it a name or a day may go when something older joins it.
    const before = anchor?.getBoundingClientRect().bottom;
    change();
    if (!anchor?.isConnected) return;
    const moved = anchor.getBoundingClientRect().bottom - before;
    if (moved) this.#scroller.scrollTop += moved;
    this.#top = this.#scroller.scrollTop;
  }

  /** The first event that reaches into the view; a line between events may be gone after the change. */
  #anchor() {
    const top = this.#scroller.getBoundingClientRect().top;
    const items = this.content.children;
    let low = 0;
    let high = items.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bottomOf(items, middle) > top) high = middle;
      else low = middle + 1;
    }
    while (items[low] && !items[low].dataset.n) low += 1;
    return items[low] ?? null;
  }

  #scrolled() {
    const top = this.#scroller.scrollTop;
    // What grows below also leaves the end; only somebody who goes up wants to stay there.
    if (top < this.#top - 1) this.isAtEnd = this.rest < AT_END;
    else if (this.rest < AT_END) this.isAtEnd = true;
    this.#top = top;
    this.#moved();
    if (this.isNearTop) this.#nearTop();
  }

  #resized() {
    if (this.isAtEnd) this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#top = this.#scroller.scrollTop;
    this.#moved();
    if (this.isNearTop) this.#nearTop();
  }
}

/** The lower edge of an item; hidden ones take the next item's. */
function bottomOf(items, index) {
  for (let at = index; at < items.length; at += 1) {
    const box = items[at].getBoundingClientRect();
    if (box.height || box.top) return box.bottom;
  }
  return Infinity;
}
