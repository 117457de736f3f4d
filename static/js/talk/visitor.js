// The customer's side: one conversation by its token, over a socket, or over HTTP where sockets don't get through.
import { Connection } from "./connection.js";
import { Emitter } from "./emitter.js";
import { BEYOND } from "./incoming.js";
import { Polling } from "./polling.js";
import { Thread } from "./thread.js";
import { availability, openConversation, VisitorApi } from "./visitor_api.js";

const FAILURES_TO_HTTP = 3;
const PAUSE_SECONDS = 3;

/**
 * Talk in `conversation` with its `token`. `link` is "connecting", "online", "retrying", "http", "offline" or
 * "ended". Event: "link" {link}.
 */
export class VisitorTalk extends Emitter {
  link = "connecting";
  #connection;
  #api;
  #epoch = null;
  #polling = null;

  constructor({ conversation, token }) {
    super();
    this.conversation = conversation;
    this.#api = new VisitorApi(conversation, token);
    this.#connection = new Connection("/ws/chat/", {
      hello: () => ({ type: "hello", v: 1, token, after: this.thread.after }),
      heads: () => (this.thread.after === BEYOND ? {} : { [conversation]: this.thread.last }),
    });
    this.thread = new Thread({ id: conversation, side: "visitor", owner: "visitor", wire: this.#wire() });
    this.#listen();
  }

  static open = openConversation;
  static availability = availability;

  /** Milliseconds since 1970 by the server's clock. */
  now() {
    return Date.now() + this.#connection.skew;
  }

  start() {
    this.#connection.start();
  }

  stop() {
    this.#connection.stop();
    this.#stopPolling();
  }

  end() {
    return this.#verb("end");
  }

  leaveMessage() {
    return this.#verb("leave-message");
  }

  rate({ score, reasons = [], comment = "" }) {
    return this.#verb("rating", { score, reasons, comment });
  }

  /** Say that a suggested article or guided fix was "opened", or "solved" the matter. */
  suggestion(slug, outcome) {
    return this.#verb("suggestions", { slug, outcome });
  }

  /** Sign in during the conversation with a token of the host app. */
  identify(identity) {
    return this.#verb("identity", { identity });
  }

  transcript() {
    return this.#api.transcript();
  }

  async #verb(name, body) {
    const { state } = await this.#api.do(name, body);
    this.thread.setState(state);
    return state;
  }

  #wire() {
    return {
      send: (frame) => this.#connection.send(frame),
      sendText: (thread, item) => this.#sendText(item),
      doubt: () => this.#connection.doubt(),
      earlier: (before, count) => this.#api.earlier(before, count),
      upload: (file, onProgress, signal) => this.#api.upload(file, onProgress, signal),
      fetchFile: (attachment) => this.#api.fetchFile(attachment),
    };
  }

  #sendText(item) {
    const attachments = item.attachments.map(({ id }) => id);
    const frame = { type: "send", conversation: this.conversation, mid: item.mid, text: item.text, attachments };
    if (this.#connection.send(frame)) return true;
    if (!this.#polling) return false;
    this.#post(item.mid, item.text, attachments);
    return true;
  }

  async #post(mid, text, attachments) {
    try {
      this.thread.acked(await this.#api.post(mid, text, attachments));
    } catch (refused) {
      const isPassing = refused.code === "unreachable" || refused.status >= 500;
      const code = isPassing ? "unavailable" : refused.code;
      const later = (refused.retryAfter ?? PAUSE_SECONDS) * 1000;
      this.thread.receive({ type: "nack", mid, code, message: refused.message, retry_ms: later });
    }
  }

  #listen() {
    this.#connection.addEventListener("live", ({ detail }) => this.#welcomed(detail.welcome));
    this.#connection.addEventListener("frame", ({ detail }) => this.#receive(detail.frame));
    this.#connection.addEventListener("tick", ({ detail }) => this.thread.tick(detail.now));
    this.#connection.addEventListener("down", ({ detail }) => this.#down(detail.failures));
    this.#connection.addEventListener("ended", ({ detail }) => this.#ended(detail.code));
    for (const name of ["online", "offline"]) addEventListener(name, () => this.#down(this.#connection.failures));
  }

  #welcomed(welcome) {
    this.#stopPolling();
    if (this.#epoch !== null && this.#epoch !== welcome.epoch) this.thread.startAnew();
    this.#epoch = welcome.epoch;
    this.#setLink("online");
    this.thread.noteHead(welcome.head);
    this.thread.setState(welcome.state);
    this.thread.reconnected();
  }

  #receive(frame) {
    if (frame.type !== "welcome") this.thread.receive(frame);
  }

  #down(failures) {
    if (this.#connection.isLive || this.link === "ended") return;
    if (navigator.onLine === false) this.#setLink("offline");
    else if (!this.#polling) this.#setLink(this.#epoch === null && !failures ? "connecting" : "retrying");
    if (failures >= FAILURES_TO_HTTP && !this.#polling) this.#poll();
  }

  #ended(code) {
    this.stop();
    this.#setLink("ended");
    this.thread.receive({ type: "gone", reason: String(code) });
  }

  /** What sockets would bring, until a socket gets through. */
  #poll() {
    this.#polling = new Polling();
    this.#polling.run({
      events: (wait, signal) => this.#api.events(this.thread.after, wait, signal),
      found: (answer) => this.#polled(answer),
      failed: ({ status }) => {
        if (status === 404) this.#ended(4401);
        else this.#setLink(navigator.onLine === false ? "offline" : "retrying");
        return status !== 404;
      },
    });
  }

  #polled({ events, head, state }) {
    this.#setLink("http");
    this.thread.noteHead(head);
    for (const event of events) this.thread.receive({ type: "event", event });
    if (JSON.stringify(state) !== JSON.stringify(this.thread.state)) this.thread.setState(state);
    this.thread.flush();
  }

  #stopPolling() {
    this.#polling?.stop();
    this.#polling = null;
  }

  #setLink(link) {
    if (link === this.link) return;
    this.link = link;
    this.tell("link", { link });
  }
}
