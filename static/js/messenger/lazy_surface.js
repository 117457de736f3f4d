// Log and composer are most of the messenger's bytes, and most visits find an answer without them: they are
// fetched when somebody turns to a person.

const AGAIN_MS = 3000;

/** Stands for a `Surface` until there is one. */
export class LazySurface {
  thread = null;
  #options = {};
  #made = null;
  #coming = null;
  #isWanted = false;
  #make;

  constructor(...all) {
    this.#make = ({ Surface }) => new Surface(...all);
  }

  /** Begin to fetch it. */
  prepare() {
    this.#coming ??= import("./surface.js").then(
      (module) => this.#came(module),
      () => this.#again(),
    );
  }

  show(thread, options) {
    Object.assign(this, { thread });
    this.#options = options;
    if (this.#made) this.#made.show(thread, options);
    else if (thread) this.prepare();
  }

  focus() {
    if (this.#made) this.#made.focus();
    else this.#isWanted = true;
  }

  clear() {
    this.#made?.clear();
  }

  /** Without network it is tried again when there may be one. */
  #again() {
    this.#coming = null;
    const retry = () => this.prepare();
    addEventListener("online", retry, { once: true });
    if (navigator.onLine) setTimeout(retry, AGAIN_MS);
  }

  #came(module) {
    if (this.#made) return;
    this.#made = this.#make(module);
    if (this.thread) this.#made.show(this.thread, this.#options);
    if (this.#isWanted) this.#made.focus();
  }
}
