// In a frame whose browser gives it no storage, what the messenger keeps goes to the page around it, for as long
// as its tab is open (docs/decisions.md says why). The messenger sees an ordinary `localStorage`.
const MOST_CHARACTERS = 50_000;

/** Stands in for `localStorage`; every value is a property of its own, as there. */
export class HostKept {
  #changed;

  constructor(values, changed) {
    Object.assign(this, values);
    this.#changed = () => queueMicrotask(() => changed(this.#text()));
  }

  /** Put one in the place of a blocked `localStorage`; null when that one works. */
  static take(text, changed) {
    if (!isBlocked()) return null;
    const kept = new HostKept(readValues(text), changed);
    Object.defineProperty(window, "localStorage", { value: kept, configurable: true });
    return kept;
  }

  /** The value kept under a name, or null. */
  getItem(name) {
    return Object.hasOwn(this, name) ? this[name] : null;
  }

  /** Keep a text. */
  setItem(name, value) {
    this[name] = String(value);
    this.#changed();
  }

  /** Forget one. */
  removeItem(name) {
    delete this[name];
    this.#changed();
  }

  /** Forget everything. */
  clear() {
    for (const name of Object.keys(this)) delete this[name];
    this.#changed();
  }

  #text() {
    const text = JSON.stringify({ ...this });
    return text === "{}" || text.length > MOST_CHARACTERS ? null : text;
  }
}

function isBlocked() {
  try {
    return !window.localStorage;
  } catch {
    return true;
  }
}

/** What the page around us gave back; it may be anything. */
function readValues(text) {
  try {
    const entries = Object.entries(JSON.parse(text));
    return Object.fromEntries(entries.filter(([, value]) => typeof value === "string"));
  } catch {
    return {};
  }
}
