// What has really been seen: in view, in a page that is shown.

const HALF = 0.5;

/** Calls `read(n)` with the highest number that was in view. */
export class Seen {
  #read;
  #highest = 0;
  /** Everything up to this number has been seen. */
  told = 0;
  #observer;
  #listen = () => this.#tell();

  constructor(read) {
    this.#read = read;
    this.#observer = new IntersectionObserver((entries) => this.#came(entries), { threshold: [0, HALF, 1] });
    document.addEventListener("visibilitychange", this.#listen);
  }

  /** Watch the item of event `n` until it is seen. */
  watch(item, n) {
    if (n > this.told) this.#observer.observe(item);
  }

  /** Everything up to `n` is known to have been seen. */
  note(n) {
    this.told = Math.max(this.told, n);
  }

  /** Begin anew: the numbers mean something else now. */
  reset() {
    this.#observer.disconnect();
    this.#highest = 0;
    this.told = 0;
  }

  stop() {
    this.#observer.disconnect();
    document.removeEventListener("visibilitychange", this.#listen);
  }

  #came(entries) {
    for (const { isIntersecting, intersectionRatio, intersectionRect, rootBounds, target } of entries) {
      // A text that is taller than the window never fits; half a window of it is enough.
      const isMost = intersectionRatio >= HALF || intersectionRect.height > (rootBounds?.height ?? Infinity) * HALF;
      if (!isIntersecting || !isMost) continue;
      this.#observer.unobserve(target);
      this.#highest = Math.max(this.#highest, Number(target.dataset.n));
    }
    this.#tell();
  }

  #tell() {
    if (document.visibilityState !== "visible" || this.#highest <= this.told) return;
    this.told = this.#highest;
    this.#read(this.#highest);
  }
}
