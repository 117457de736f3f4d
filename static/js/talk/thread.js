// One conversation as a client knows it: what was said, and what is still on its way.
import { Incoming } from "./incoming.js";
import { Outbox } from "./outbox.js";

const AGAIN_SOON = new Set(["rate_limited", "unavailable"]);

/**
 * `wire` is what it talks through: `send(frame)` and `sendText(thread, item)` (whether it went), `doubt()` whether
 * anybody is there,
 * `earlier(before, count)` → events, `upload(file, onProgress, signal)` → attachment, `fetchFile(attachment)` → Blob.
 * Events: "event" {event}, "earlier" {events}, "reset", "pending", "acked" {mid, n, at}, "cursor", "state" {state},
 * "typing" {who}, "caughtup", "nack" {code, message, mid}, "gone" {reason}.
 */
export class Thread extends Incoming {
  #wire;
  #outbox;

  constructor({ id, side, owner, wire }) {
    super({ id, side, wire });
    this.#wire = wire;
    this.#outbox = new Outbox(owner, id);
    // One's own text, seen in the list, is on disk, whatever became of its acknowledgement.
    this.addEventListener("event", ({ detail }) => detail.event.mid && this.discard(detail.event.mid));
    this.#outbox.restore().then((found) => {
      if (found) this.tell("pending");
      this.flush();
    });
  }

  /** Texts that are not yet events, oldest first: {mid, text, attachments, visibility, at, status, message}. */
  get pending() {
    return this.#outbox.items;
  }

  /** Send a text; it is kept until somebody says what became of it. Returns its `mid`. */
  send(text, { attachments = [], visibility = "public" } = {}) {
    const item = this.#outbox.add({ text, attachments, visibility, rev: this.rev });
    this.tell("pending");
    this.flush();
    return item.mid;
  }

  /** Try a failed text again. */
  retry(mid) {
    this.#outbox.retry(mid, this.rev);
    this.tell("pending");
    this.flush();
  }

  /** Give a text up. */
  discard(mid) {
    if (!this.#outbox.remove(mid)) return;
    this.tell("pending");
    this.flush();
  }

  receive(frame) {
    if (frame.type === "ack") this.acked(frame);
    else if (frame.type === "nack") this.#refused(frame);
    else super.receive(frame);
  }

  /** A new connection: nothing is on its way. */
  reconnected() {
    super.reconnected();
    this.#outbox.putBack();
    this.flush();
  }

  tick(now) {
    super.tick(now);
    // Sent again it does no harm: its number says that it is the same text.
    if (this.#outbox.overdue(now)) this.#wire.doubt();
    this.flush();
  }

  /** A text is on disk; it stays in the list until its event is shown. */
  acked({ mid, n, at }) {
    const item = this.#outbox.acked(mid, n);
    if (item && n <= this.last && n >= this.first) this.#outbox.remove(mid);
    this.tell("acked", { mid, n, at });
    if (item) this.tell("pending");
    this.flush();
  }

  /** Send the text whose turn it is. */
  flush() {
    const item = this.#outbox.next();
    if (item && !this.#wire.sendText(this, item)) item.inFlight = false;
  }

  #refused({ code, message, mid, retry_ms: later = 1000 }) {
    if (AGAIN_SOON.has(code)) this.#outbox.putBack(later);
    else if (mid) this.#outbox.failed(mid, message, code);
    if (mid) this.tell("pending");
    this.tell("nack", { code, message, mid });
    this.flush();
  }
}
