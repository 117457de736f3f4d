// What we tell the other side without saying anything: what arrived, what was seen, that somebody types.

const TYPING_MS = 3_000;

/** Receipts of one conversation; `send(frame)` says whether it went. */
export class Receipts {
  #id;
  #send;
  #got = 0;
  #read = 0;
  #typedAt = 0;
  #isDue = false;

  constructor(id, send) {
    this.#id = id;
    this.#send = send;
  }

  /** Everything up to `last()` has arrived; said once for all that came together. */
  gotSoon(last) {
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      const n = last();
      if (n > this.#got && this.#send({ type: "got", conversation: this.#id, n })) this.#got = n;
    });
  }

  /** Everything up to `n` has been seen. */
  read(n) {
    if (n > this.#read && this.#send({ type: "read", conversation: this.#id, n })) this.#read = n;
  }

  /** Somebody types; said at most every three seconds. */
  typing(now = Date.now()) {
    if (now - this.#typedAt < TYPING_MS) return;
    this.#typedAt = now;
    this.#send({ type: "typing", conversation: this.#id });
  }

  /** The text is sent: the next key begins a new one. */
  typed() {
    this.#typedAt = 0;
  }

  /** A new connection: what was said on the old one may not have arrived. */
  forget() {
    this.#got = 0;
    this.#read = 0;
  }
}
