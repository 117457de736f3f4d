// What customers say in the agent's own conversations, whichever of them is shown.

const SOON_MS = 250;

/** Listens to the conversations of this agent; the lists and the alerts learn of what is said. */
export class Mine {
  #desk;
  #heard = new Map();
  #timer = null;

  constructor(desk) {
    this.#desk = desk;
    desk.talk.addEventListener("welcome", () => this.refresh());
    desk.talk.addEventListener("inbox", () => {
      this.#timer ??= setTimeout(() => this.refresh(), SOON_MS);
    });
    desk.talk.addEventListener("gone", ({ detail }) => this.#forget(detail.conversation));
  }

  /** Find out which they are. */
  async refresh() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const rows = await this.#desk.session.fragment("/desk/lists/mine/");
    if (!rows) return;
    const mine = new Map();
    for (const row of rows.querySelectorAll(".row")) {
      mine.set(row.dataset.conversation, row.querySelector(".row-name").textContent);
    }
    for (const id of [...this.#heard.keys()]) if (!mine.has(id)) this.#leave(id);
    for (const [id, name] of mine) if (!this.#heard.has(id)) this.#listen(id, name);
  }

  #listen(id, name) {
    const heard = new AbortController();
    const thread = this.#desk.talk.open(id);
    const said = ({ detail: { event } }) => {
      if (!thread.isCaughtUp) return;
      this.#desk.lists.refreshSoon();
      if (event.author.kind !== "visitor" || event.kind !== "message") return;
      this.#desk.alerts.message(name, event.text, { isShown: this.#desk.pane.current === id });
    };
    thread.addEventListener("event", said, { signal: heard.signal });
    // How far was read is what the rows count from.
    thread.addEventListener("cursor", () => this.#desk.lists.refreshSoon(), { signal: heard.signal });
    this.#heard.set(id, heard);
  }

  #leave(id) {
    this.#forget(id);
    if (this.#desk.pane.current !== id) this.#desk.talk.leave(id);
  }

  #forget(id) {
    this.#heard.get(id)?.abort();
    this.#heard.delete(id);
  }
}
