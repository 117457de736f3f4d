// One socket that comes back: greeting, beats, waking up, draining. It knows frames by their type alone.
import { Emitter } from "./emitter.js";

const BEAT_MS = 20_000;
const WAKE_MS = 4_000;
const GAP_MS = 10_000;
const ASLEEP_MS = 300_000;
const GREETING_MS = 8_000;
const FIRST_MS = 3_000;
const MOST_MS = 30_000;
const GROWTH = 1.6;
const STABLE_MS = 60_000;
const TICK_MS = 1_000;
// Trying again would end the same way.
const FINAL = new Set([4400, 4401, 4403, 4409]);

/**
 * A connection to `path`. `hello()` makes the first frame, `heads()` what the other side is told with each beat.
 * Events: "live" {welcome}, "frame" {frame}, "down" {code, failures, wait}, "ended" {code}, "tick".
 */
export class Connection extends Emitter {
  isLive = false;
  failures = 0;
  /** Milliseconds that the server's clock is ahead of ours. */
  skew = 0;
  #path;
  #hello;
  #heads;
  #socket = null;
  #tries = 0;
  #liveSince = 0;
  #nextPing = 0;
  #openPings = 0;
  #deadline = Infinity;
  #reconnectAt = Infinity;
  #leaveAt = Infinity;
  #lastTick = 0;
  #timer = null;
  #running = false;

  constructor(path, { hello, heads = () => ({}) }) {
    super();
    this.#path = path;
    this.#hello = hello;
    this.#heads = heads;
  }

  /** Begin to connect, at once the first time. */
  start() {
    if (this.#running) return;
    this.#running = true;
    this.#lastTick = Date.now();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    for (const [target, name] of WAKERS) target.addEventListener(name, this.#wake);
    addEventListener("pagehide", this.#hide);
    this.#connect();
  }

  /** End it for good. */
  stop() {
    this.#running = false;
    clearInterval(this.#timer);
    for (const [target, name] of WAKERS) target.removeEventListener(name, this.#wake);
    removeEventListener("pagehide", this.#hide);
    this.#close(1000);
  }

  /** Send a frame if there is somebody to hear it; whether there was. */
  send(frame) {
    if (!this.isLive) return false;
    this.#write(frame);
    return true;
  }

  /** Ask whether anybody is there; without an answer soon, connect anew. */
  doubt() {
    if (!this.isLive) return;
    this.#write({ type: "ping", heads: this.#heads() });
    this.#deadline = Math.min(this.#deadline, Date.now() + WAKE_MS);
  }

  /** Connect now rather than after the pause. */
  hurry() {
    if (this.#running && !this.#socket) this.#connect();
  }

  #write(frame) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #connect() {
    this.#reconnectAt = this.#leaveAt = Infinity;
    const address = new URL(this.#path, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    this.#socket = socket;
    this.#deadline = Date.now() + GREETING_MS;
    socket.onopen = () => this.#write(this.#hello());
    socket.onmessage = (message) => this.#socket === socket && this.#receive(message.data);
    socket.onclose = (event) => this.#socket === socket && this.#lost(event.code);
  }

  #receive(data) {
    const frame = JSON.parse(data);
    // Whatever arrives is a sign of life.
    this.#openPings = 0;
    this.#deadline = Infinity;
    if (frame.type === "welcome") this.#welcomed(frame);
    else if (frame.type === "ping") this.#write({ type: "pong" });
    else if (frame.type === "drain") this.#leaveAt = Date.now() + Math.random() * frame.ms;
    this.tell("frame", { frame });
  }

  #welcomed(welcome) {
    this.isLive = true;
    this.failures = 0;
    this.#liveSince = Date.now();
    this.#nextPing = Date.now() + BEAT_MS;
    this.skew = Date.parse(welcome.now) - Date.now();
    this.tell("live", { welcome });
  }

  #lost(code) {
    const wasLive = this.isLive;
    this.isLive = false;
    this.#socket = null;
    this.#deadline = this.#leaveAt = Infinity;
    if (!this.#running) return;
    if (FINAL.has(code)) {
      this.stop();
      this.tell("ended", { code });
      return;
    }
    if (!wasLive) this.failures += 1;
    else if (Date.now() - this.#liveSince > STABLE_MS) this.#tries = 0;
    const most = this.#tries ? Math.min(MOST_MS, 1000 * GROWTH ** this.#tries) : FIRST_MS;
    this.#tries += 1;
    const wait = Math.random() * most;
    this.#reconnectAt = Date.now() + wait;
    setTimeout(() => this.#tick(), wait + 1);
    this.tell("down", { code, failures: this.failures, wait });
  }

  #close(code) {
    const socket = this.#socket;
    if (!socket) return;
    // A dead network may keep `close` from ever being reported, so it is not waited for.
    socket.onopen = socket.onmessage = socket.onclose = null;
    try {
      socket.close(code === 1000 ? 1000 : 4408);
    } catch {
      // It never opened.
    }
    this.#lost(code);
  }

  #tick() {
    const now = Date.now();
    const gap = now - this.#lastTick;
    this.#lastTick = now;
    if (!this.#running) return;
    if (now >= this.#reconnectAt) this.#connect();
    else if (now >= this.#deadline) this.#close(4408);
    else if (now >= this.#leaveAt) this.#close(1012);
    else if (gap > ASLEEP_MS && this.isLive) this.#anew();
    else if (gap > GAP_MS) this.#wake();
    else if (this.isLive && now >= this.#nextPing) this.#beat(now);
    this.tell("tick", { now });
  }

  #beat(now) {
    if (this.#openPings >= 2) return this.#close(4408);
    this.#openPings += 1;
    this.#nextPing = now + BEAT_MS;
    return this.#write({ type: "ping", heads: this.#heads() });
  }

  #wake = () => {
    if (document.visibilityState === "hidden") return;
    if (this.isLive) this.doubt();
    else this.#tries = 0;
    this.hurry();
  };

  /** After such a sleep the socket is dead in all likelihood, and the clock may have been set. */
  #anew() {
    this.#close(4408);
    this.hurry();
  }

  #hide = () => {
    this.#close(1000);
  };
}

const WAKERS = [
  [document, "visibilitychange"],
  [window, "pageshow"],
  [window, "online"],
];
