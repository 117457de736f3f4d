// Conversations that are held out to this agent, with the time that is left.
import { button, element } from "../talk/elements.js";
import { format, gettext } from "../talk/texts.js";

const TICK_MS = 250;

/** The offers above the lists. */
export class Offers {
  #desk;
  #place;
  #cards = new Map();

  constructor(desk) {
    this.#desk = desk;
    this.#place = desk.find("[data-offers]");
    desk.talk.addEventListener("welcome", () => this.#sync());
    desk.talk.addEventListener("offer", ({ detail }) => this.#add(detail));
    desk.talk.addEventListener("offer_ended", ({ detail }) => this.#remove(detail.conversation));
    setInterval(() => this.#tick(), TICK_MS);
  }

  /** The offer that has waited longest; null when there is none. */
  get first() {
    return this.#cards.keys().next().value ?? null;
  }

  /** Take a conversation that is held out. */
  async accept(id) {
    this.#setBusy(id, true);
    try {
      await this.#desk.talk.verb("accept", { conversation: id });
      this.#remove(id);
      this.#desk.lists.show("mine");
      this.#desk.pane.open(id, { write: true });
    } catch (refused) {
      this.#remove(id);
      const by = refused.by && format(gettext("%(name)s took it."), { name: refused.by });
      this.#desk.pane.say(by || refused.message, { bad: true });
      this.#desk.lists.refresh();
    }
  }

  /** Let it go by. */
  async decline(id) {
    this.#setBusy(id, true);
    await this.#desk.talk.verb("decline", { conversation: id }).catch(() => {});
    this.#remove(id);
  }

  #sync() {
    for (const id of [...this.#cards.keys()]) if (!this.#desk.talk.offers.has(id)) this.#remove(id);
    for (const offer of this.#desk.talk.offers.values()) this.#add(offer);
  }

  #add(offer) {
    if (this.#cards.has(offer.conversation)) return;
    const card = this.#card(offer);
    this.#cards.set(offer.conversation, card);
    this.#place.append(card.node);
    this.#tick();
    this.#desk.alerts.offer(card.title);
  }

  #card({ conversation, expires_at: expiresAt, summary }) {
    const title = [summary.topic_title ?? summary.topic, summary.reference].filter(Boolean).join(" · ");
    const left = element("progress", { max: "1", "aria-label": gettext("Time left") });
    const words = element("p", {});
    const actions = element(
      "div",
      { className: "desk-offer-buttons" },
      button({ className: "button small" }, () => this.accept(conversation), gettext("Accept")),
      button({ className: "button ghost small" }, () => this.decline(conversation), gettext("Not now")),
    );
    const heading = element("h2", {}, gettext("A customer is waiting for you"));
    const urgent = summary.urgent && element("p", { className: "is-urgent" }, gettext("Urgent"));
    const node = element("section", { className: "desk-offer", "aria-label": gettext("Offer") }, heading, urgent);
    node.append(element("p", {}, title), words, left, actions);
    const ends = Date.parse(expiresAt);
    return { node, title, left, words, ends, from: this.#desk.talk.now(), since: Date.parse(summary.waiting_since) };
  }

  #tick() {
    const now = this.#desk.talk.now();
    for (const [id, card] of this.#cards) {
      const seconds = Math.max(0, Math.ceil((card.ends - now) / 1000));
      const waited = Math.max(0, Math.round((now - card.since) / 60_000));
      const values = { seconds, minutes: waited };
      const text = format(gettext("%(seconds)s s to accept · waiting for %(minutes)s min"), values);
      if (card.words.textContent !== text) card.words.textContent = text;
      card.left.value = Math.max(0, (card.ends - now) / (card.ends - card.from || 1));
      // The server says when it is over; a desk without a connection can't wait for that.
      if (now > card.ends + 2_000) this.#remove(id);
    }
  }

  #setBusy(id, isBusy) {
    this.#cards.get(id)?.node.setAttribute("aria-busy", String(isBusy));
  }

  #remove(id) {
    const card = this.#cards.get(id);
    if (!card) return;
    this.#cards.delete(id);
    card.node.remove();
    this.#desk.alerts.offersLeft(this.#cards.size);
  }
}
