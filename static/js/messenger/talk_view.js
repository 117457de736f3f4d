// The conversation: its log and composer, where it is, and what comes after it.
import { gettext } from "../talk/texts.js";
import { VisitorTalk } from "../talk/visitor.js";
import { After } from "./after.js";
import { Doubts } from "./doubts.js";
import { EarlyThread } from "./early.js";
import { barFor, isOver, isRated, newsOf, referenceOf, waitingSince } from "./facts.js";
import { LazySurface } from "./lazy_surface.js";
import { Line } from "./line.js";
import { StateCard, describe } from "./state_card.js";

const AGAIN_MS = 10_000;
// The token is no good: codes of docs/protocol.md.
const FORGOTTEN = new Set(["4401", "4403"]);

/** Controls the conversation's view in `element`. */
export class TalkView {
  conversation = null;
  talk = null;
  #app;
  #element;
  #surface;
  #line;
  #reference = null;
  #timer = null;
  #doubts = new Doubts();

  constructor(app, element) {
    this.#app = app;
    this.#element = element;
    this.#line = new Line((text) => app.line(text));
    this.card = new StateCard(this.#find("[data-state]"), {
      leave: () => this.#act(() => this.talk.leaveMessage()),
      notify: () => this.#act(() => app.alerts.ask()),
    });
    this.after = new After(app, this.#find("[data-after]"));
    app.find("[data-end]").addEventListener("click", () => this.#act(() => this.talk.end()));
    const openCard = (card, link, event) => this.#openCard(card, link, event);
    this.#surface = new LazySurface(element, { keeper: app.session.keeper, reasons: this.after.reasons, openCard });
  }

  enter() {
    const { opening, session } = this.#app;
    if (opening && !this.#surface.thread) this.#surface.show(new EarlyThread(opening.body.text), { isEarly: true });
    else if (!opening && session.current) this.#connect(session.current);
    this.#line.follow(opening ?? this.talk);
    this.#timer ??= setInterval(() => this.#refresh(), AGAIN_MS);
    this.#refresh();
    this.#app.alerts.read();
    this.#surface.focus();
  }

  leave() {
    clearInterval(this.#timer);
    this.#timer = null;
    this.#app.find("[data-end]").hidden = true;
    this.#app.line("");
  }

  /** The conversation that was being opened is there. */
  opened() {
    this.#connect(this.#app.session.current);
    this.#line.follow(this.talk);
  }

  /** Somebody is about to turn to a person. */
  prepare() {
    this.#surface.prepare();
  }

  /** Let go of the conversation; the device may still know it. */
  drop() {
    this.talk?.stop();
    this.#surface.show(null);
    this.#line.follow(null);
    Object.assign(this, { talk: null, conversation: null });
    this.#reference = null;
    this.card.show(null);
    this.after.hide();
  }

  /** Forget what was being written, too. */
  clear() {
    this.drop();
    this.#surface.clear();
  }

  /** Say something for the customer. */
  say(text) {
    this.#surface.thread?.send(text);
  }

  /** The host app says who the customer is; what it says may be of no use, and then nothing changes. */
  identify(token) {
    this.talk?.identify(token).catch(() => {});
  }

  /** A suggested article has solved it: thank and end. */
  solved(slug) {
    return this.#act(() => this.talk.suggestion(slug, "solved").then(() => this.talk.end()));
  }

  #find(selector) {
    return this.#element.querySelector(selector);
  }

  #connect(current) {
    if (this.conversation === current.conversation) return;
    const early = this.#surface.thread instanceof EarlyThread ? this.#surface.thread : null;
    if (!early) this.drop();
    this.conversation = current.conversation;
    this.talk = new VisitorTalk(current);
    const { thread } = this.talk;
    thread.addEventListener("state", () => this.#refresh());
    thread.addEventListener("event", ({ detail }) => this.#news(detail.event));
    thread.addEventListener("gone", ({ detail }) => this.#gone(detail.reason));
    // Until the question is here as an event, it stays where it is.
    if (early) thread.addEventListener("caughtup", () => this.#replace(early), { once: true });
    else this.#surface.show(thread);
    thread.addEventListener("caughtup", () => this.#refresh());
    this.talk.start();
    this.#app.shell.running(true);
  }

  #replace(early) {
    if (this.#surface.thread !== early) return;
    this.#surface.show(this.talk.thread);
    for (const text of early.texts) this.talk.thread.send(text);
  }

  #refresh() {
    const { session, alerts, presence, words } = this.#app;
    const state = this.talk?.thread.state ?? null;
    session.note(state);
    if (this.#app.view !== "talk") return;
    this.#app.bar(barFor(state));
    const events = this.talk?.thread.events ?? [];
    const since = waitingSince(events, session.current?.at ?? Date.now());
    const facts = { since, now: Date.now(), opensAt: presence.known?.opens_at };
    const token = session.current?.token ?? "";
    const privateUrl = token && `${words.home}requests/${token}/`;
    this.card.show(describe(state, facts), { mayNotify: alerts.mayAsk, privateUrl, reference: this.#reference });
    if (state?.state === "message") this.#findReference();
    if (state?.reason === "closed" && !presence.known) presence.refresh().then(() => this.#refresh());
    this.#showEnd(state);
    if (this.talk) this.#doubts.check(this.talk.thread, token);
  }

  #showEnd(state) {
    const isClosed = state?.state === "closed";
    this.#app.find("[data-end]").hidden = !state || isClosed;
    const events = this.talk?.thread.events ?? [];
    this.#find("[data-composer]").hidden = isClosed && isOver(events);
    if (isClosed) this.after.show(this.talk, { isRated: isRated(events), isOver: isOver(events) });
    else this.after.hide();
  }

  #news(event) {
    const news = newsOf(event);
    // What comes again after a reload was news before.
    if (news && this.talk.thread.isCaughtUp) this.#app.alerts.news(news.name, news.text);
    this.#refresh();
  }

  /** An article is read here, a guided fix on its own page. */
  #openCard({ slug, type }, link, event) {
    this.talk?.suggestion(slug, "opened").catch(() => {});
    if (type !== "article" || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    this.#app.go("article", { slug, href: link.getAttribute("href"), isSuggested: true });
  }

  async #act(act) {
    try {
      await act();
      this.#refresh();
    } catch (refused) {
      this.#app.line(refused.message);
    }
  }

  async #findReference() {
    if (this.#reference !== null) return;
    this.#reference = "";
    this.#reference = await referenceOf(this.talk);
    this.#refresh();
  }

  #gone(reason) {
    this.drop();
    if (!FORGOTTEN.has(reason)) {
      this.#app.go("home");
      return this.#app.line(gettext("The conversation is open in too many windows. Go on in another one."));
    }
    this.#app.session.leave();
    this.#app.shell.running(false);
    this.#app.go("home");
    return this.#app.line(gettext("That conversation can't be opened on this device any more."));
  }
}
