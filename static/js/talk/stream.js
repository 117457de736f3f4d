// The events of one conversation in order, from some number on. Pure: numbers in, what is new out.

const MOST_HELD = 64;

/** Applies `n == last + 1` only; what comes early is held, what is known is dropped. */
export class Stream {
  events = [];
  /** Number of the event before the first one held; null until the head is known. */
  base = null;
  /** Since when (ms) something is known to be missing; null while nothing is. */
  missingSince = null;
  #held = new Map();

  get last() {
    return this.base === null ? 0 : this.base + this.events.length;
  }

  get first() {
    return this.base === null ? 0 : this.base + 1;
  }

  /** Begin after `base`. */
  begin(base) {
    this.base = base;
    this.events = [];
    this.missingSince = null;
  }

  /** Start anew: the numbers mean something else now. */
  forget() {
    this.base = null;
    this.events = [];
    this.#held.clear();
    this.missingSince = null;
  }

  /** Take an event in; returns what can be shown now. */
  take(event, now) {
    if (this.base === null || event.n <= this.last) return [];
    if (event.n > this.last + 1) {
      if (this.#held.size < MOST_HELD) this.#held.set(event.n, event);
      this.missingSince ??= now;
      return [];
    }
    const shown = [event];
    this.events.push(event);
    for (let next = this.#held.get(this.last + 1); next; next = this.#held.get(this.last + 1)) {
      this.#held.delete(next.n);
      this.events.push(next);
      shown.push(next);
    }
    this.missingSince = this.#held.size ? now : null;
    return shown;
  }

  /** The other side has `head` events. */
  noteHead(head, now) {
    if (this.base !== null && head > this.last) this.missingSince ??= now;
  }

  /** Put older events in front; returns those that fit without a hole. */
  prepend(older) {
    const fitting = [];
    let wanted = this.base;
    for (const event of [...older].sort((a, b) => b.n - a.n)) {
      if (event.n === wanted) {
        fitting.unshift(event);
        wanted -= 1;
      }
    }
    this.base -= fitting.length;
    this.events.unshift(...fitting);
    return fitting;
  }
}
