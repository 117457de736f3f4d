// The agents' side: one socket for every conversation that is open at the desk.
import { ask, askJson, upload } from "./api.js";
import { Connection } from "./connection.js";
import { Emitter } from "./emitter.js";
import { BEYOND } from "./incoming.js";
import { Thread } from "./thread.js";
import { Verbs } from "./verbs.js";

const MOST_OPEN = 50;
const ANSWERS = new Set(["accept", "decline"]);
const MINE = new Set(["offer", "offer_ended", "presence", "inbox"]);

/**
 * The desk of one agent. `link` is "connecting", "online", "retrying", "offline" or "ended".
 * Events: "link" {link, code}, "welcome", "offer" {…}, "offer_ended" {…}, "presence" {status}, "inbox", "gone" {…}.
 */
export class DeskTalk extends Emitter {
  link = "connecting";
  agent = null;
  presence = "offline";
  /** Offers that stand, by conversation: {conversation, expires_at, summary}. */
  offers = new Map();
  #connection;
  #owner;
  #threads = new Map();
  #verbs = new Verbs((frame) => this.#connection.send(frame));
  #epoch = null;
  #csrf;

  /**
   * `owner` names the agent, so that nobody sends what somebody else left in this browser; `csrf()` gives the token
   * for uploads, which changes when somebody signs in again.
   */
  constructor({ owner, csrf }) {
    super();
    this.#owner = `agent:${owner}`;
    this.#csrf = csrf;
    this.#connection = new Connection("/ws/desk/", {
      hello: () => ({ type: "hello", v: 1, open: this.#open() }),
      heads: () => this.#heads(),
    });
    this.#listen();
  }

  now() {
    return Date.now() + this.#connection.skew;
  }

  start() {
    this.#connection.start();
  }

  stop() {
    this.#connection.stop();
  }

  thread(id) {
    return this.#threads.get(id) ?? null;
  }

  /** Listen to a conversation. The one that was looked at longest ago makes room for the 51st. */
  open(id) {
    const known = this.#threads.get(id);
    if (known) {
      this.#threads.delete(id);
      this.#threads.set(id, known);
      return known;
    }
    if (this.#threads.size >= MOST_OPEN) this.leave(this.#threads.keys().next().value);
    const thread = new Thread({ id, side: "agent", owner: this.#owner, wire: this.#wire(id) });
    this.#threads.set(id, thread);
    this.#connection.send({ type: "open", conversation: id, after: BEYOND });
    return thread;
  }

  /** Listen no more. */
  leave(id) {
    if (this.#threads.delete(id)) this.#connection.send({ type: "leave", conversation: id });
  }

  /** Do something; sent again after every new connection, and now and then, until answered. Raises `Refused`. */
  verb(type, fields = {}) {
    return this.#verbs.ask(type, fields);
  }

  #open() {
    return [...this.#threads.values()].map((thread) => ({ conversation: thread.id, after: thread.after }));
  }

  #heads() {
    const known = [...this.#threads.values()].filter((thread) => thread.after !== BEYOND);
    return Object.fromEntries(known.map((thread) => [thread.id, thread.last]));
  }

  #wire(id) {
    const base = `/desk/conversations/${id}`;
    return {
      send: (frame) => this.#connection.send(frame),
      sendText: (thread, item) => this.#sendText(id, item),
      doubt: () => this.#connection.doubt(),
      earlier: async (before, count) =>
        (await askJson(`${base}/events?before=${before}&limit=${count}`)).events,
      upload: (file, onProgress, signal) =>
        upload(`${base}/attachments/`, file, { headers: { "X-CSRFToken": this.#csrf() }, onProgress, signal }),
      fetchFile: async ({ url }) => (await ask(url)).blob(),
    };
  }

  #sendText(conversation, { mid, text, attachments, visibility, rev }) {
    const ids = attachments.map(({ id }) => id);
    const frame = { type: "send", conversation, mid, text, attachments: ids, visibility };
    if (rev !== null && rev !== undefined) frame.rev = rev;
    return this.#connection.send(frame);
  }

  #listen() {
    this.#connection.addEventListener("live", ({ detail }) => this.#welcomed(detail.welcome));
    this.#connection.addEventListener("frame", ({ detail }) => this.#receive(detail.frame));
    this.#connection.addEventListener("tick", ({ detail }) => {
      for (const thread of this.#threads.values()) thread.tick(detail.now);
      if (this.#connection.isLive && this.#verbs.again(detail.now)) this.#connection.doubt();
    });
    this.#connection.addEventListener("down", () => this.#down());
    this.#connection.addEventListener("ended", ({ detail }) => this.#setLink("ended", detail.code));
    for (const name of ["online", "offline"]) addEventListener(name, () => this.#down());
  }

  #welcomed(welcome) {
    const isNew = this.#epoch !== null && this.#epoch !== welcome.epoch;
    this.#epoch = welcome.epoch;
    this.agent = welcome.agent;
    this.presence = welcome.presence;
    this.offers = new Map(welcome.offers.map((offer) => [offer.conversation, offer]));
    this.#setLink("online");
    for (const thread of this.#threads.values()) {
      if (isNew) thread.startAnew();
      if (welcome.heads[thread.id] !== undefined) thread.noteHead(welcome.heads[thread.id]);
      thread.reconnected();
    }
    this.#verbs.again();
    this.tell("welcome", welcome);
  }

  #receive(frame) {
    if (frame.ref !== undefined && this.#answered(frame)) return;
    if (MINE.has(frame.type)) this.#note(frame);
    else if (frame.conversation) this.#threads.get(frame.conversation)?.receive(frame);
    else if (frame.type === "nack" && frame.mid) this.#nacked(frame);
    if (frame.type === "gone") {
      this.#threads.delete(frame.conversation);
      this.tell("gone", frame);
    }
  }

  #note(frame) {
    if (frame.type === "offer") this.offers.set(frame.conversation, frame);
    if (frame.type === "offer_ended") this.offers.delete(frame.conversation);
    if (frame.type === "presence") this.presence = frame.status;
    this.tell(frame.type, frame);
  }

  /** A refused text is known by its mid alone. */
  #nacked(frame) {
    for (const thread of this.#threads.values()) {
      if (thread.pending.some((item) => item.mid === frame.mid)) thread.receive(frame);
    }
  }

  #answered(frame) {
    const asked = this.#verbs.answered(frame);
    if (!asked) return false;
    const { type, conversation } = asked;
    const thread = this.#threads.get(conversation);
    if (frame.type === "ack" && ANSWERS.has(type)) this.offers.delete(conversation);
    if (frame.type === "ack" && type === "accept" && thread) thread.rev = frame.rev;
    return true;
  }

  #down() {
    if (this.#connection.isLive || this.link === "ended") return;
    if (navigator.onLine === false) this.#setLink("offline");
    else this.#setLink(this.#epoch === null ? "connecting" : "retrying");
  }

  #setLink(link, code = null) {
    if (link === this.link) return;
    this.link = link;
    this.tell("link", { link, code });
  }
}
