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
    desk.talk.addEventListener("offer_ended", ({ detail }) => this.#ended(detail));
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
      this.#desk.pane.refuse(refused);
      this.#desk.lists.refresh();
    }
  }

  /** Let it go by. */
  async decline(id) {
    this.#setBusy(id, true);
    await this.#desk.talk.verb("decline", { conversation: id }).catch(() => {});
    this.#remove(id);
  }

  #ended({ conversation, reason }) {
    const wasHere = this.#cards.has(conversation);
    this.#remove(conversation);
    if (!wasHere || this.#desk.talk.presence !== "online") return;
    const isMissed = reason === "expired";
    const text = isMissed
      ? gettext("An offer went by without an answer. If the next one does too, you are set to away.")
      : gettext("An offer was taken back.");
    this.#desk.pane.say(text, { bad: isMissed });
  }

  #sync() {
    for (const id of [...this.#cards.keys()]) if (!this.#desk.talk.offers.has(id)) this.#remove(id);
    for (const offer of this.#desk.talk.offers.values()) this.#add(offer);
  }

  #add(offer) {
    if (this.#cards.get(offer.conversation)?.ends === Date.parse(offer.expires_at)) return;
    this.#remove(offer.conversation);
    const card = this.#card(offer);
    this.#cards.set(offer.conversation, card);
    this.#place.append(card.node);
    this.#tick();
    this.#desk.alerts.offer(card.title);
  }

  #card({ conversation, expires_at: expiresAt, summary }) {
    const words = [this.#desk.lists.word("topic", summary.topic), this.#desk.lists.word("language", summary.language)];
    const title = [...words, summary.reference].filter(Boolean).join(" · ");
    const left = element("progress", { max: "1", "aria-label": gettext("Time left") });
    const remaining = element("p", {});
    const actions = element(
      "div",
      { className: "desk-offer-buttons" },
      button({ className: "button small" }, () => this.accept(conversation), gettext("Accept")),
      button({ className: "button ghost small" }, () => this.decline(conversation), gettext("Not now")),
    );
    const heading = element("h2", {}, gettext("A customer is waiting for you"));
    const urgent = summary.urgent && element("p", { className: "is-urgent" }, gettext("Urgent"));
    const node = element("section", { className: "desk-offer", "aria-label": gettext("Offer"), "data-offer": conversation }, heading, urgent);
    const reference = element("span", {}, summary.reference);
    const facts = words.filter(Boolean).map((word) => `${word} · `);
    node.append(element("p", {}, ...facts, reference), remaining, left, actions);
    const times = { ends: Date.parse(expiresAt), since: Date.parse(summary.waiting_since), from: this.#desk.talk.now() };
    return { node, title, left, remaining, ...times };
  }

  #tick() {
    const now = this.#desk.talk.now();
    for (const [id, card] of this.#cards) {
      const seconds = Math.max(0, Math.ceil((card.ends - now) / 1000));
      const waited = Math.max(0, Math.round((now - card.since) / 60_000));
      const values = { seconds, minutes: waited };
      const text = format(gettext("%(seconds)s s to accept · waiting for %(minutes)s min"), values);
      if (card.remaining.textContent !== text) card.remaining.textContent = text;
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
