// What was written and not sent, kept over a reload.

const PAUSE_MS = 300;

/** The draft of a field; `keeper` is a `Keeper` or null, `text()` what is written now. */
export class Draft {
  #keeper;
  #text;
  #timer = null;

  constructor(keeper, key, text) {
    this.key = key;
    this.#keeper = keeper;
    this.#text = text;
  }

  get kept() {
    return (this.key && this.#keeper?.get(this.key)) || "";
  }

  keepSoon() {
    this.#timer ??= setTimeout(() => this.keep(), PAUSE_MS);
  }

  keep() {
    clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.key || !this.#keeper) return;
    const text = this.#text();
    if (text) this.#keeper.set(this.key, text);
    else this.#keeper.remove(this.key);
  }
}
