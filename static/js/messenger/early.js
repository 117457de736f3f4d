// A conversation that is just being opened, as the log and the composer see it: what is written waits.
import { Emitter } from "../talk/emitter.js";
import { uuid } from "../talk/ids.js";

/** Stands in for a `Thread` until there is one; `texts` are what has been written meanwhile. */
export class EarlyThread extends Emitter {
  id = "early";
  side = "visitor";
  events = [];
  first = 0;
  last = 0;
  state = null;
  rev = null;
  hasEarlier = false;
  cursors = { visitor: { delivered: 0, read: 0 }, agent: { delivered: 0, read: 0 } };
  texts = [];

  constructor(question) {
    super();
    this.pending = [waiting(question)];
  }

  send(text) {
    const item = waiting(text);
    this.texts.push(text);
    this.pending.push(item);
    this.tell("pending");
    return item.mid;
  }

  retry() {}

  discard() {}

  typing() {}

  read() {}

  async loadEarlier() {
    return false;
  }
}

function waiting(text) {
  return { mid: uuid(), text, attachments: [], visibility: "public", at: Date.now(), status: "sending", message: "" };
}
