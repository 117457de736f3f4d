// Which events were taken back, by the events that say so.

/** Remembers the `redacted` events of a thread by what they take back. */
export class TakenBack {
  #by = new Map();

  /** Remember an event when it is one; whether it was. */
  note(event) {
    if (event.kind !== "redacted") return false;
    this.#by.set(event.data.target, event);
    return true;
  }

  /** The event that took number `n` back. */
  of(n) {
    return this.#by.get(n);
  }

  clear() {
    this.#by.clear();
  }
}
