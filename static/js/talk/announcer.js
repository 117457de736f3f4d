// What of a conversation is said aloud: what others did, and that one's own text did not go.
import { LiveNode } from "./live.js";
import { gettext } from "./texts.js";
import { authorName, lineOf } from "./words.js";
import { isOwn } from "./render.js";

/** Says new events of a thread; `context` is the renderer's. */
export class Announcer {
  #context;
  #live = new LiveNode();
  #failed = new Set();

  constructor(context) {
    this.#context = context;
  }

  get node() {
    return this.#live.node;
  }

  stop() {
    this.#live.stop();
  }

  /** An event that came while the conversation was open. */
  heard(event) {
    const { side, visitor } = this.#context;
    if (event.kind === "redacted") this.#live.line(gettext("A message was taken back."));
    if (isOwn(event, side)) return;
    const name = authorName(event.author, side, visitor);
    if (event.kind === "message" || event.kind === "note") this.#live.message(name, spoken(event));
    else if (event.kind === "article") this.#live.message(name, event.data.title ?? "");
    else {
      const line = lineOf(event, side);
      if (line) this.#live.line(line);
    }
  }

  /** Texts that did not go, each said once. */
  failed(pending) {
    for (const { mid, status, text } of pending) {
      if (status !== "failed") this.#failed.delete(mid);
      else if (!this.#failed.has(mid)) {
        this.#failed.add(mid);
        this.#live.line(`${gettext("Not sent")}: ${text}`);
      }
    }
  }
}

function spoken({ text, attachments = [] }) {
  return [text, ...attachments.map(({ name }) => `${gettext("File")}: ${name}`)].filter(Boolean).join(" ");
}
