// The visitor's HTTP calls, each with the conversation's token in its header and never in its address.
import { ask, askJson, upload } from "./api.js";
import { uuid } from "./ids.js";

const BASE = "/api/chat";

/** Open a conversation; `mid` makes asking again safe. Raises `Refused`. */
export function openConversation({ mid = uuid(), text, topic = null, language, ...more }) {
  const known = Object.fromEntries(Object.entries(more).filter(([, value]) => value));
  const body = { mid, text, topic, language, ...known, website: "" };
  return askJson(`${BASE}/conversations`, { method: "POST", body });
}

/** Whether somebody is there, and how long it takes. Raises `Refused`. */
export function availability() {
  return askJson(`${BASE}/availability`);
}

/** The calls about one conversation; each raises `Refused`. */
export class VisitorApi {
  #path;
  #headers;

  constructor(conversation, token) {
    this.#path = `${BASE}/conversations/${conversation}`;
    this.#headers = { Authorization: `Bearer ${token}` };
  }

  /** What was said after a number, waiting for more for `wait` seconds. */
  events(after, wait, signal) {
    return askJson(`${this.#path}/events?after=${after}&wait=${wait}`, { headers: this.#headers, signal });
  }

  /** The `count` events before a number. */
  async earlier(before, count) {
    const { events } = await this.events(Math.max(0, before - 1 - count), 0);
    return events.filter((event) => event.n < before);
  }

  /** Send a text. */
  post(mid, text, attachments) {
    return this.do("messages", { mid, text, attachments });
  }

  /** `end`, `leave-message`, `rating`, `suggestions`, `identity`. */
  do(verb, body = {}) {
    return askJson(`${this.#path}/${verb}`, { method: "POST", headers: this.#headers, body });
  }

  /** Everything that was said, as a text file. */
  async transcript() {
    return (await ask(`${this.#path}/transcript`, { headers: this.#headers })).blob();
  }

  upload(file, onProgress, signal) {
    return upload(`${this.#path}/attachments`, file, { headers: this.#headers, onProgress, signal });
  }

  async fetchFile({ url }) {
    return (await ask(url, { headers: this.#headers })).blob();
  }
}
