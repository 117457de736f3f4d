// What an agent asked for and has not yet been told the outcome of.
import { Refused } from "./api.js";
import { uuid } from "./ids.js";
import { ANSWER_MS } from "./outbox.js";

/** Verbs on their way over `send(frame)`; each is sent again until it is answered. */
export class Verbs {
  #send;
  #asked = new Map();

  constructor(send) {
    this.#send = send;
  }

  /** Ask for something; resolves to the answer, or raises `Refused`. */
  ask(type, fields) {
    const ref = uuid();
    const frame = { type, ref, ...fields };
    return new Promise((resolve, reject) => {
      this.#asked.set(ref, { frame, resolve, reject, sentAt: Date.now() });
      this.#send(frame);
    });
  }

  /** Settle what a frame answers: returns the frame that asked, or null when none did. */
  answered(answer) {
    const asked = this.#asked.get(answer.ref);
    if (!asked) return null;
    this.#asked.delete(answer.ref);
    if (answer.type === "ack") asked.resolve(answer);
    else {
      const { code, message, by = null, retry_ms: later = null } = answer;
      asked.reject(new Refused({ code, message, by, retryAfter: later && later / 1000 }));
    }
    return asked.frame;
  }

  /** Send everything again, or only what has had no answer for too long; whether there was any. */
  again(now = Infinity) {
    const due = [...this.#asked.values()].filter(({ sentAt }) => now - sentAt > ANSWER_MS);
    for (const asked of due) {
      asked.sentAt = Date.now();
      this.#send(asked.frame);
    }
    return due.length > 0;
  }
}
