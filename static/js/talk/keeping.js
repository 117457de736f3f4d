// Small values that should survive a reload. Where the browser keeps nothing for us (a blocked third-party
// frame, a private window), they live as long as the page.

/** Keeps JSON values under a prefix; never throws. */
export class Keeper {
  #prefix;
  #memory = new Map();

  constructor(prefix) {
    this.#prefix = prefix;
  }

  /** The value kept under a name, or `fallback`. */
  get(name, fallback = null) {
    try {
      const kept = localStorage.getItem(this.#prefix + name);
      if (kept !== null) return JSON.parse(kept);
    } catch {
      // Blocked, or written by somebody else: what we remember ourselves counts.
    }
    return this.#memory.has(name) ? this.#memory.get(name) : fallback;
  }

  /** Keep a value. */
  set(name, value) {
    this.#memory.set(name, value);
    try {
      localStorage.setItem(this.#prefix + name, JSON.stringify(value));
    } catch {
      // Full or blocked: the memory has it.
    }
  }

  /** Forget a value. */
  remove(name) {
    this.#memory.delete(name);
    try {
      localStorage.removeItem(this.#prefix + name);
    } catch {
      // Then there is nothing to forget.
    }
  }

  /** Forget everything under the prefix. */
  clear() {
    this.#memory.clear();
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(this.#prefix)) localStorage.removeItem(key);
      }
    } catch {
      // Then there is nothing to forget.
    }
  }

  /** Call `listen(name)` when another tab changes a value. */
  onChange(listen) {
    addEventListener("storage", (event) => {
      if (event.key === null) listen(null);
      else if (event.key.startsWith(this.#prefix)) listen(event.key.slice(this.#prefix.length));
    });
  }
}
