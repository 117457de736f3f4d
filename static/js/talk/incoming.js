// What one conversation has brought: its events in order, its state, how far each side has got.
import { Emitter } from "./emitter.js";
import { Receipts } from "./receipts.js";
import { Stream } from "./stream.js";

export const PAGE = 50;
// Beyond every head, in as many digits as the HTTP calls take: what is answered then is the head itself.
export const BEYOND = 10 ** 15 - 1;
const MISSING_MS = 1_000;

/** The half of a `Thread` that listens. */
export class Incoming extends Emitter {
  state = null;
  /** The assignment of now, for agents. */
  rev = null;
  cursors = { visitor: { delivered: 0, read: 0 }, agent: { delivered: 0, read: 0 } };
  isCaughtUp = false;
  #wire;
  #receipts;
  #stream = new Stream();

  constructor({ id, side, wire }) {
    super();
    Object.assign(this, { id, side, upload: wire.upload, fetchFile: wire.fetchFile });
    this.#wire = wire;
    this.#receipts = new Receipts(id, (frame) => wire.send(frame));
  }

  get events() {
    return this.#stream.events;
  }

  /** The number of the first event held. */
  get first() {
    return this.#stream.first;
  }

  /** The number of the last one. */
  get last() {
    return this.#stream.last;
  }

  /** After which number the server is asked: what we have, or only the end. */
  get after() {
    return this.#stream.base === null ? BEYOND : this.last;
  }

  get hasEarlier() {
    return this.#stream.base > 0;
  }

  /** Say that somebody types here. */
  typing() {
    this.#receipts.typing();
  }

  /** Everything up to `n` has been seen. */
  read(n) {
    this.#receipts.read(Math.min(n, this.last));
  }

  /** Fetch what was said before; whether there was something. Raises `Refused`. */
  async loadEarlier() {
    if (!this.hasEarlier) return false;
    const found = this.#stream.prepend(await this.#wire.earlier(this.first, PAGE));
    if (found.length) this.tell("earlier", { events: found });
    return found.length > 0;
  }

  /** Take one frame of this conversation. */
  receive(frame) {
    if (frame.type === "event") this.#take(frame.event);
    else if (frame.type === "caught_up") this.#caughtUp(frame.head);
    else if (frame.type === "cursor") this.#move(this.cursors[frame.who], frame);
    else if (frame.type === "state") this.setState(frame.state);
    else if (frame.type === "typing") this.tell("typing", { who: this.side === "visitor" ? "agent" : "visitor" });
    else if (frame.type === "gone") this.tell("gone", { reason: frame.reason });
  }

  /** A new connection: what was confirmed on the old one may not have arrived. */
  reconnected() {
    this.#receipts.forget();
    this.isCaughtUp = false;
  }

  /** The database was restored: what we have may not be what there is. */
  startAnew() {
    this.#stream.forget();
    this.tell("reset");
  }

  /** The last number there is; where nothing is held yet, the last page is asked for. */
  noteHead(head) {
    if (this.#stream.base !== null) {
      this.#stream.noteHead(head, Date.now());
      return;
    }
    this.#stream.begin(Math.max(0, head - PAGE));
    this.tell("reset");
    if (head) this.#sync();
  }

  /** Where the conversation is now. */
  setState(state) {
    this.state = state;
    if (state.rev !== undefined) this.rev = state.rev;
    this.tell("state", { state });
  }

  /** Time passes: ask for what is missing. */
  tick(now) {
    const since = this.#stream.missingSince;
    if (since === null || now - since < MISSING_MS) return;
    this.#stream.missingSince = now;
    this.#sync();
  }

  #sync() {
    this.#wire.send({ type: "sync", conversation: this.id, after: this.last });
  }

  #take(arrived) {
    for (const event of this.#stream.take(arrived, Date.now())) this.tell("event", { event });
    this.#receipts.gotSoon(() => this.last);
  }

  #caughtUp(head) {
    this.noteHead(head);
    if (this.last < head || this.isCaughtUp) return;
    this.isCaughtUp = true;
    this.tell("caughtup");
  }

  #move(cursor, { delivered, read }) {
    cursor.delivered = Math.max(cursor.delivered, delivered, read);
    cursor.read = Math.max(cursor.read, read);
    this.tell("cursor");
  }
}
