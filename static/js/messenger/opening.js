// Opening a conversation: asked for with one number until there is an answer, also over a reload or a dead network.
import { Emitter } from "../talk/emitter.js";
import { uuid } from "../talk/ids.js";
import { VisitorTalk } from "../talk/visitor.js";

const PAUSES_MS = [1000, 2000, 4000, 8000, 15_000];

/** Events: "opened" {conversation, token, n, state}, "waiting" (no network), "refused" {refused}. */
export class Opening extends Emitter {
  /** Texts written meanwhile; they follow the question once it has arrived. */
  later = [];
  #session;
  #tries = 0;
  #stopped = false;
  #timer = null;
  #again = () => this.run();

  constructor(session, body) {
    super();
    this.#session = session;
    this.body = { mid: uuid(), ...body };
    const { identity: _secret, ...kept } = this.body;
    session.keeper.set("opening", kept);
  }

  async run() {
    clearTimeout(this.#timer);
    removeEventListener("online", this.#again);
    if (this.#stopped) return;
    try {
      const opened = await VisitorTalk.open(this.body);
      if (this.#stopped) return;
      this.#session.begin(opened);
      this.tell("opened", opened);
    } catch (refused) {
      if (!this.#stopped) this.#failed(refused);
    }
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    removeEventListener("online", this.#again);
    this.#session.keeper.remove("opening");
  }

  #failed(refused) {
    if (refused.code !== "unreachable" && !(refused.status >= 500)) {
      this.stop();
      this.tell("refused", { refused });
      return;
    }
    const pause = PAUSES_MS[Math.min(this.#tries, PAUSES_MS.length - 1)];
    this.#tries += 1;
    this.#timer = setTimeout(this.#again, (refused.retryAfter ?? 0) * 1000 || pause);
    addEventListener("online", this.#again);
    this.tell("waiting");
  }
}
