// The agent's own status, their load, and whether the desk is connected.
import { format, gettext } from "../talk/texts.js";

const LINES = {
  connecting: () => gettext("Connecting…"),
  retrying: () => gettext("The connection is lost. Trying again; what you write is kept."),
  offline: () => gettext("You are offline. What you write is kept and sent later."),
  ended: () => gettext("This desk is no longer connected. Reload the page."),
};

/** The line on top of the lists. */
export class Presence {
  #desk;
  #select;
  #wanted = null;

  constructor(desk) {
    this.#desk = desk;
    this.#select = desk.find("[data-status]");
    this.#select.addEventListener("change", () => this.choose(this.#select.value));
    desk.talk.addEventListener("link", () => this.#showLink());
    desk.talk.addEventListener("welcome", () => this.#show());
    desk.talk.addEventListener("presence", () => this.#changed());
    this.#showLink();
  }

  /** Choose a status. */
  async choose(status) {
    this.#wanted = status;
    try {
      await this.#desk.talk.verb("presence", { status });
      this.#desk.talk.presence = status;
    } catch (refused) {
      this.#desk.pane.say(refused.message, { bad: true });
    }
    this.#show();
  }

  /** How many conversations this agent has, as the list of theirs counts them. */
  setLoad(count) {
    const capacity = this.#desk.talk.agent?.capacity;
    if (capacity === undefined) return;
    const values = { count, capacity };
    this.#desk.find("[data-load]").textContent = format(gettext("%(count)s of %(capacity)s"), values);
  }

  #changed() {
    const status = this.#desk.talk.presence;
    this.#show();
    // Two missed offers in a row set an agent away; whoever comes back should know why nothing comes.
    if (status === "away" && this.#wanted === "online") {
      this.#desk.alerts.tell(gettext("You were set to away: two offers went by without an answer."));
      this.#desk.pane.say(gettext("You were set to away: two offers went by without an answer."), { bad: true });
    }
    this.#wanted = status;
  }

  #show() {
    const status = this.#desk.talk.presence;
    this.#wanted ??= status;
    this.#select.disabled = false;
    this.#select.value = status;
    this.#desk.find("[data-dot]").dataset.dot = status;
  }

  #showLink() {
    const { link } = this.#desk.talk;
    const line = this.#desk.find("[data-line]");
    line.hidden = link === "online";
    line.dataset.link = link;
    line.textContent = LINES[link]?.() ?? "";
  }
}
