// What this device knows of the customer's conversation: kept over reloads, shared by its tabs, wiped on request.
import { Emitter } from "../talk/emitter.js";
import { Keeper } from "../talk/keeping.js";
import { wipe } from "../talk/store.js";
import { forget } from "../trail.js";

const PREFIX = "topay-chat:";
// Longer than a conversation can be taken up again; its private page remains.
const KEPT_MS = 7 * 24 * 3600 * 1000;

/** Event: "changed" when another tab has opened, left or forgotten a conversation. */
export class Session extends Emitter {
  keeper = new Keeper(PREFIX);

  constructor() {
    super();
    const kept = this.current;
    if (kept && Date.now() - kept.at > KEPT_MS) this.keeper.remove("conversation");
    this.keeper.onChange((name) => {
      if (name === null || name === "conversation") this.tell("changed");
    });
  }

  /** The conversation of this device: {conversation, token, at, state}, or null. */
  get current() {
    return this.keeper.get("conversation");
  }

  /** Whether there is a conversation that is still going on. */
  get isOpen() {
    return this.current !== null && this.current.state !== "closed";
  }

  /** A conversation was opened here. */
  begin({ conversation, token, state }) {
    this.keeper.set("conversation", { conversation, token, at: Date.now(), state: state?.state ?? "waiting" });
    this.keeper.remove("opening");
    this.keeper.remove("before");
    forget();
  }

  /** Note where the conversation is, so that the next start knows it before the network does. */
  note(state) {
    const current = this.current;
    if (current && state && current.state !== state.state) {
      this.keeper.set("conversation", { ...current, state: state.state });
    }
  }

  /** Forget the conversation; the agents keep it. */
  leave() {
    this.keeper.remove("conversation");
    this.keeper.remove("opening");
  }

  /** Leave nothing on the device. */
  wipe() {
    this.keeper.clear();
    forget();
    return wipe();
  }
}
