// What can be done with the conversation that is shown.
import { pgettext } from "../talk/texts.js";
import { Cards } from "./cards.js";

const WHEN = {
  take: (may) => may.take,
  reopen: (may) => may.reopen,
  transfer: (may) => may.transfer,
  close: (may) => may.close,
  redact: (may) => may.redact,
  block: (may) => may.block,
  lift: (may) => may.lift,
};

/** The buttons of the head, and the verbs behind them. */
export class Actions {
  #desk;
  #pane;
  #cards;
  #more;

  constructor(desk, pane) {
    this.#desk = desk;
    this.#pane = pane;
    this.#cards = new Cards(desk);
    this.#more = desk.find("[data-more-actions]");
    desk.find("[data-actions]").addEventListener("click", (event) => {
      const name = event.target.closest("[data-do]")?.dataset.do;
      if (name) this.do(name);
    });
    // A menu that is left closes.
    document.addEventListener("click", (event) => this.#more.contains(event.target) || this.#closeMenu());
    this.#more.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.#more.open) return;
      event.stopPropagation();
      this.#closeMenu();
      this.#more.querySelector("summary").focus();
    });
  }

  /** Show what may be done; nothing while that is not known. */
  show(facts) {
    const isOffered = facts?.state.state === "offered" && this.#desk.talk.offers.has(facts.conversation);
    for (const [name, may] of Object.entries(WHEN)) {
      for (const one of this.#desk.root.querySelectorAll(`[data-do="${name}"]`)) one.hidden = !facts || !may(facts.may);
    }
    this.#desk.find('[data-do="accept"]').hidden = !isOffered;
    if (isOffered) this.#desk.find('[data-do="take"]').hidden = true;
  }

  /** Whether something can be done now. */
  can(name) {
    const button = this.#desk.find(`[data-do="${name}"]`);
    return Boolean(button && !button.hidden && this.#pane.current);
  }

  /** Do it. */
  async do(name) {
    const id = this.#pane.current;
    const { facts } = this.#pane;
    this.#closeMenu();
    try {
      // The socket says who was quicker; only supervisors take from colleagues.
      if (name === "accept" || (name === "take" && !this.#desk.isSupervisor)) await this.#desk.offers.accept(id);
      else if (name === "transfer") await this.#desk.dialogs.transfer(id);
      else if (name === "close") this.#desk.dialogs.close(id, facts?.tags ?? []);
      else if (name === "tags") this.#desk.dialogs.tags(id, facts?.tags ?? []);
      else if (name === "redact") this.#redact(id, facts);
      else if (name === "block") this.#desk.dialogs.block(id);
      else if (name === "cards") this.#cards.open();
      else if (name === "panel") this.#pane.panel.toggle();
      else await this.#post(id, name);
    } catch (refused) {
      this.#pane.refuse(refused);
      this.#pane.refresh();
      this.#desk.lists.refreshSoon();
    }
  }

  /** A state in words. */
  stateWords(state) {
    const words = {
      waiting: pgettext("conversation", "Waiting"),
      offered: pgettext("conversation", "Offered"),
      active: pgettext("conversation", "Active"),
      closed: pgettext("conversation", "Closed"),
      message: pgettext("conversation", "Left as a message"),
    };
    return words[state] ?? state;
  }

  #redact(id, facts) {
    this.#desk.dialogs.redact(id, this.#pane.thread.events, facts.visitor.name);
  }

  async #post(id, name) {
    await this.#desk.session.post(`/desk/conversations/${id}/${name}/`);
    await this.#pane.refresh();
    this.#desk.lists.refreshSoon();
    if (name !== "lift") this.#pane.write("reply");
  }

  #closeMenu() {
    this.#more.open = false;
  }
}
