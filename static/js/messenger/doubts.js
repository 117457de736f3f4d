// A hint about a new state may get lost; what was said tells that it did, and the database is the only truth.
import { askJson } from "../talk/api.js";

const PATIENCE_MS = 1500;

/** Whether what was said last contradicts the state that a client knows. */
export function isDoubtful({ state, events }) {
  const last = events.findLast(({ kind }) => kind === "state" || kind === "assigned");
  if (!state || !last) return false;
  const said = last.kind === "assigned" ? "active" : last.data.state;
  const known = (name) => (name === "offered" ? "waiting" : name);
  return known(said) !== known(state.state);
}

/** Looks again when a state has been doubtful for a while. */
export class Doubts {
  #timer = null;

  /** Watch `thread`, whose conversation is opened by `token`. */
  check(thread, token) {
    if (isDoubtful(thread)) this.#timer ??= setTimeout(() => this.#ask(thread, token), PATIENCE_MS);
  }

  async #ask(thread, token) {
    this.#timer = null;
    if (!isDoubtful(thread)) return;
    const path = `/api/chat/conversations/${thread.id}/events?after=${thread.last}&wait=0`;
    try {
      const { state } = await askJson(path, { headers: { Authorization: `Bearer ${token}` } });
      thread.setState(state);
    } catch {
      // It is asked again with the next change.
    }
  }
}
