// A `Thread` without a wire: what would come from the server comes from the test.
const START = Date.parse("2026-01-31T08:00:00Z");

export class FakeThread extends EventTarget {
  state = { state: "active", agent: { name: "Lin" } };
  cursors = { visitor: { delivered: 0, read: 0 }, agent: { delivered: 0, read: 0 } };
  pending = [];
  isCaughtUp = true;
  reads = [];
  typings = 0;
  uploads = [];
  older = [];

  constructor(side, events) {
    super();
    this.side = side;
    this.events = events.map((event, index) => FakeThread.event({ n: index + 1, ...event }));
  }

  /** A whole event from what matters in it; a minute passes from number to number. */
  static event({ n, by = "agent", ...event }) {
    const name = by === "agent" ? "Lin" : "";
    const at = new Date(START + n * 60_000).toISOString();
    return { n, kind: "message", author: { kind: by, name }, text: "", attachments: [], mid: null, at, data: {}, ...event };
  }

  get first() {
    return this.events[0]?.n ?? 0;
  }

  get last() {
    return this.events.at(-1)?.n ?? 0;
  }

  get hasEarlier() {
    return this.older.length > 0;
  }

  tell(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /** Something arrives. */
  come(event) {
    const whole = FakeThread.event({ n: this.last + 1, ...event });
    this.events.push(whole);
    // The real one gives up its pending text before anybody else hears of the event.
    if (whole.mid) this.drop(whole.mid);
    this.tell("event", { event: whole });
  }

  move(who, delivered, read) {
    this.cursors[who] = { delivered, read };
    this.tell("cursor");
  }

  send(text, { attachments = [], visibility = "public" } = {}) {
    const mid = crypto.randomUUID();
    this.pending.push({ mid, text, attachments, visibility, at: START + 10 ** 7, status: "sending", message: "" });
    this.tell("pending");
    return mid;
  }

  set(mid, values) {
    Object.assign(this.pending.find((item) => item.mid === mid), values);
    this.tell("pending");
  }

  retry(mid) {
    this.set(mid, { status: "sending", message: "" });
  }

  discard(mid) {
    this.drop(mid);
  }

  drop(mid) {
    this.pending = this.pending.filter((item) => item.mid !== mid);
    this.tell("pending");
  }

  typing() {
    this.typings += 1;
  }

  read(n) {
    this.reads.push(n);
  }

  async loadEarlier() {
    if (this.refusal) throw this.refusal;
    const found = this.older.splice(-50);
    this.events.unshift(...found);
    this.tell("earlier", { events: found });
    return found.length > 0;
  }

  /** Uploads wait until the test ends them. */
  upload(file, onProgress, signal) {
    return new Promise((resolve, reject) => {
      const done = () => resolve({ id: crypto.randomUUID(), name: file.name, size: file.size, type: file.type, width: null, height: null, url: "/x" });
      signal.addEventListener("abort", () => reject(new DOMException("Cancelled", "AbortError")));
      this.uploads.push({ file, onProgress, done, fail: (message) => reject(new Error(message)), signal });
    });
  }

  async fetchFile(attachment) {
    this.fetched = [...(this.fetched ?? []), attachment.id];
    if (this.fileRefusal) throw this.fileRefusal;
    return fetch("/static/img/icon.svg").then((answer) => answer.blob());
  }
}
