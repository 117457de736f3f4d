// A conversation as it is read: history, what is new, what is on its way.
//   const log = new MessageLog(element, thread, { me, labels: { log, visitor }, reasons })
//     me: the agent's own name (desk);  labels.log: the list's name;  labels.visitor: the customer's name (desk);
//     reasons: {slug: words} of ratings
//   log.unread (new below the view; event "unread" {count}), toEnd(), focus(), stop() before it is thrown away
//   Event of `element`: "talk-article" {slug, type} when somebody opens a card
// `element` is emptied; give it a height (flex: 1; min-block-size: 0). Its look is css/talk.css.
import { Announcer } from "./announcer.js";
import { Earlier } from "./earlier.js";
import { element as make } from "./elements.js";
import { Emitter } from "./emitter.js";
import { nameDays } from "./grouping.js";
import { JumpButton } from "./jump.js";
import { EventList } from "./list.js";
import { Pictures } from "./pictures.js";
import { isOwn } from "./render.js";
import { Scrolling } from "./scrolling.js";
import { Seen } from "./seen.js";
import { soon } from "./soon.js";
import { TakenBack } from "./taken_back.js";
import { gettext } from "./texts.js";
import { TypingLine } from "./typing.js";
import { firstUnread, isNews } from "./unread.js";
import { authorName } from "./words.js";

const CHUNK = 60;
const MOST_SHOWN = 400;

/** Shows a thread in an element. */
export class MessageLog extends Emitter {
  unread = 0;
  #context;
  #list;
  #scrolling;
  #seen;
  #announcer;
  #earlier = new Earlier({ more: () => this.#more(), wanted: () => this.#scrolling.isNearTop });
  #jump = new JumpButton(() => this.#jumped());
  #typing = new TypingLine();
  #takenBack = new TakenBack();
  #stopping = new AbortController();

  constructor(element, thread, { me = "", labels = {}, reasons = {} } = {}) {
    super();
    Object.assign(this, { element, thread });
    const parts = { takenBack: (n) => this.#takenBack.of(n), pictures: new Pictures(thread) };
    this.#context = { side: thread.side, me, visitor: labels.visitor, reasons, ...parts };
    this.#announcer = new Announcer(this.#context);
    const verbs = { retry: (mid) => thread.retry(mid), discard: (mid) => this.#discard(mid) };
    this.#list = new EventList(thread, this.#context, verbs);
    this.#seen = new Seen((n) => thread.read(n));
    this.#build(labels.log ?? gettext("Conversation"));
    const changes = { moved: () => this.#moved(), nearTop: () => this.#earlier.load() };
    this.#scrolling = new Scrolling(this.scroller, this.#list.node, changes);
    this.#listen();
    this.#reset();
  }

  /** Go to the newest. */
  toEnd(options) {
    this.#scrolling.toEnd(options);
  }

  focus() {
    this.scroller.focus({ preventScroll: true });
  }

  /** Let go of the thread; the element may be used again. */
  stop() {
    this.#stopping.abort();
    for (const part of [this.#scrolling, this.#seen, this.#announcer, this.#typing, this.#context.pictures]) part.stop();
    this.element.replaceChildren();
  }

  #build(label) {
    // A log is a live region by itself; this one is switched off, see live.js. The keyboard can scroll it.
    const named = { role: "log", "aria-live": "off", "aria-label": label, tabindex: 0 };
    const parts = [this.#earlier.node, this.#list.node, this.#typing.node];
    this.scroller = make("div", { className: "talk-scroll", ...named }, ...parts);
    this.element.classList.add("talk", `talk-${this.thread.side}`);
    this.element.replaceChildren(this.scroller, this.#jump.node, this.#announcer.node);
  }

  #listen() {
    const { signal } = this.#stopping;
    const on = (name, heard) => this.thread.addEventListener(name, ({ detail }) => heard(detail), { signal });
    on("event", ({ event }) => this.#append(event));
    on("earlier", () => this.#showHeld());
    on("reset", () => this.#reset());
    // At the end of the turn: a text that becomes an event in it keeps its item.
    on("pending", soon(() => this.#showPending()));
    on("cursor", () => this.#list.showTicks());
    on("typing", ({ who }) => this.#typed(who));
    on("caughtup", () => this.#markUnread());
    document.addEventListener("visibilitychange", () => nameDays(this.#list.node), { signal });
  }

  /** Show the thread from its end; the rest comes when somebody scrolls up. */
  #reset() {
    this.#list.clear();
    this.#seen.reset();
    this.#takenBack.clear();
    this.#showHeld();
    for (const event of this.thread.events.slice(-CHUNK)) this.#seen.watch(this.#list.item(event.n), event.n);
    this.#list.showPending();
    this.#setUnread(0);
    this.#scrolling.toEnd();
    this.#markUnread();
  }

  #append(event) {
    const { side, isCaughtUp } = this.thread;
    if (this.#takenBack.note(event)) this.#redraw(event.data.target);
    this.#seen.watch(this.#list.append(event), event.n);
    if (this.#scrolling.isAtEnd && this.#list.size > MOST_SHOWN) this.#list.trim(CHUNK);
    if (!isOwn(event, side)) this.#typing.stop();
    // What was said before we came is history.
    if (!isCaughtUp) return;
    if (isNews(event, side)) this.#countNew(event);
    this.#announcer.heard(event);
  }

  #countNew(event) {
    if (document.visibilityState === "hidden" && !this.#list.marker) this.#list.mark(event.n);
    if (!this.#scrolling.isAtEnd) this.#setUnread(this.unread + 1);
  }

  #redraw(n) {
    const event = this.thread.events[n - this.thread.first];
    if (event) this.#scrolling.keep(() => this.#list.redraw(event));
  }

  #showPending() {
    const { pending } = this.thread;
    const isNew = pending.some(({ mid }) => !this.#list.has(mid));
    this.#list.showPending();
    this.#announcer.failed(pending);
    if (!isNew) return;
    // Whoever writes has read what was new, and wants to see their text.
    this.#list.unmark();
    this.#scrolling.toEnd();
  }

  #discard(mid) {
    this.thread.discard(mid);
    this.focus();
  }

  /** The line above the first unread text when the conversation is opened. */
  #markUnread() {
    const { cursors, side } = this.thread;
    this.#seen.note(cursors[side].read);
    const n = firstUnread(this.thread, this.#seen.told);
    if (n === null || this.#list.marker || !this.#list.mark(n)) return;
    this.#scrolling.toItem(this.#list.marker);
  }

  /** Something older: held already, or to be fetched; false when there is nothing. */
  #more() {
    return this.#showHeld() || (this.thread.hasEarlier && this.thread.loadEarlier());
  }

  /** Show the next older events that the thread holds; whether there were some. */
  #showHeld() {
    const { events, first } = this.thread;
    const end = this.#list.first === null ? events.length : this.#list.first - first;
    const older = events.slice(Math.max(0, end - CHUNK), end);
    // What takes something back comes after it, so the newest first is the order in which to learn of it.
    for (const event of older) this.#takenBack.note(event);
    if (!older.length) return false;
    this.#scrolling.keep(() => this.#list.prepend(older));
    return true;
  }

  #typed(who) {
    const { side, state } = this.thread;
    if (who === side) return;
    this.#typing.show(authorName({ kind: who, name: state?.agent?.name }, side, this.#context.visitor));
    if (this.#scrolling.isAtEnd) this.#scrolling.toEnd();
  }

  #jumped() {
    this.#scrolling.toEnd({ slowly: true });
    // The button goes away; the focus must not get lost with it.
    this.focus();
  }

  #setUnread(count) {
    if (count === this.unread) return;
    this.unread = count;
    this.tell("unread", { count });
    this.#moved();
  }

  #moved() {
    const { isAtEnd, rest } = this.#scrolling;
    if (isAtEnd) this.#setUnread(0);
    this.#jump.show(!isAtEnd && (this.unread > 0 || rest > this.scroller.clientHeight), this.unread);
  }
}
