// The agent's own status, their load, and whether the desk is connected.
import { format, gettext } from "../talk/texts.js";

const LINES = {
  connecting: () => gettext("Connecting…"),
  retrying: () => gettext("The connection is lost. Trying again; what you write is kept."),
  offline: () => gettext("You are offline. What you write is kept and sent later."),
  ended: () => gettext("This desk is no longer connected. Reload the page."),
};
// A status that changes so soon after an offer went by was changed by it.
const BLAMED_MS = 10_000;

/** The line on top of the lists. */
export class Presence {
  #desk;
  #select;
  #missedAt = -Infinity;
  #shown = null;

  constructor(desk) {
    this.#desk = desk;
    this.#select = desk.find("[data-status]");
    this.#select.addEventListener("change", () => this.choose(this.#select.value));
    desk.talk.addEventListener("link", () => this.#showLink());
    desk.talk.addEventListener("welcome", () => this.#show());
    desk.talk.addEventListener("presence", () => this.#changed());
    desk.talk.addEventListener("offer_ended", ({ detail }) => {
      if (detail.reason === "expired") this.#missedAt = Date.now();
    });
    this.#showLink();
  }

  /** Choose a status. */
  async choose(status) {
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

  /** Changed elsewhere, or for this agent: whoever comes back should know why nothing comes. */
  #changed() {
    const before = this.#shown;
    this.#show();
    const isForMissing = this.#shown === "away" && Date.now() - this.#missedAt < BLAMED_MS;
    if (before === this.#shown || !isForMissing) return;
    const text = gettext("You were set to away: two offers in a row went by without an answer.");
    this.#desk.alerts.tell(text);
    this.#desk.pane.say(text, { bad: true, stays: true });
  }

  #show() {
    this.#shown = this.#desk.talk.presence;
    this.#select.disabled = false;
    this.#select.value = this.#shown;
    this.#desk.find("[data-dot]").dataset.dot = this.#shown;
  }

  #showLink() {
    const { link } = this.#desk.talk;
    const line = this.#desk.find("[data-line]");
    line.hidden = link === "online";
    line.dataset.link = link;
    line.textContent = LINES[link]?.() ?? "";
    this.#desk.find("[data-link-words]").textContent = link === "online" ? gettext("Connected") : "";
  }
}
