// Texts that nobody has confirmed yet, in the order in which they were written. One is on its way at a time, so
// that a text which is refused for the moment can't be overtaken by the next one.
import { uuid } from "./ids.js";
import * as store from "./store.js";

export const KEPT_MS = 24 * 3600 * 1000;
export const ANSWER_MS = 8_000;

let turns = 0;

/** The outbox of one conversation. */
export class Outbox {
  #owner;
  #conversation;
  #items = [];
  #held = 0;

  constructor(owner, conversation) {
    this.#owner = owner;
    this.#conversation = conversation;
  }

  /** What is shown as not yet sent, oldest first. */
  get items() {
    return this.#items;
  }

  /** Take back what was kept before a reload; what is older than a day waits for a tap. */
  async restore(now = Date.now()) {
    const kept = await store.load(this.#owner, this.#conversation);
    const known = new Set(this.#items.map((item) => item.mid));
    const fresh = kept.filter((item) => !known.has(item.mid));
    for (const item of fresh) {
      item.inFlight = false;
      if (now - item.at > KEPT_MS && item.status === "sending") item.status = "failed";
    }
    this.#items = [...fresh, ...this.#items];
    return fresh.length > 0;
  }

  /** Keep a text; `rev` is the assignment under which an agent wrote it. */
  add({ text, attachments, visibility, rev }) {
    turns += 1;
    const item = {
      mid: uuid(),
      owner: this.#owner,
      conversation: this.#conversation,
      at: Date.now(),
      turn: turns,
      status: "sending",
      message: "",
      inFlight: false,
      text,
      attachments,
      visibility,
      rev,
    };
    this.#items.push(item);
    store.keep(item);
    return item;
  }

  get(mid) {
    return this.#items.find((item) => item.mid === mid);
  }

  /** The text whose turn it is, marked as being on its way; null when there is none. */
  next(now = Date.now()) {
    if (now < this.#held || this.#items.some((item) => item.inFlight)) return null;
    const item = this.#items.find((one) => one.status === "sending");
    if (item) Object.assign(item, { inFlight: true, sentAt: now });
    return item ?? null;
  }

  /** Whether a text has had no answer for too long; it is then no longer held to be on its way. */
  overdue(now = Date.now()) {
    const late = this.#items.find((item) => item.inFlight && now - item.sentAt > ANSWER_MS);
    if (late) late.inFlight = false;
    return Boolean(late);
  }

  /** It is on disk; it stays in the list until its event is shown. */
  acked(mid, n) {
    const item = this.get(mid);
    if (!item) return null;
    Object.assign(item, { status: "sent", inFlight: false, n });
    store.forget(mid);
    return item;
  }

  /** It will not be sent as it is. */
  failed(mid, message, code) {
    const item = this.get(mid);
    if (!item) return null;
    Object.assign(item, { status: "failed", inFlight: false, message, code });
    store.keep(item);
    return item;
  }

  /** Try it again, under the assignment of now; a text that collided needs a number of its own. */
  retry(mid, rev) {
    const item = this.get(mid);
    if (!item || item.status !== "failed") return;
    if (item.code === "mid_conflict") {
      store.forget(mid);
      item.mid = uuid();
    }
    Object.assign(item, { status: "sending", message: "", code: undefined, at: Date.now(), rev });
    store.keep(item);
  }

  /** Forget a text: it is shown as an event, or given up. */
  remove(mid) {
    const at = this.#items.findIndex((item) => item.mid === mid);
    if (at < 0) return false;
    this.#items.splice(at, 1);
    store.forget(mid);
    return true;
  }

  /** Nothing is on its way any more; nothing is sent for `ms`. */
  putBack(ms = 0) {
    for (const item of this.#items) item.inFlight = false;
    if (ms) this.#held = Date.now() + ms;
  }
}
