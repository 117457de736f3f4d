// The items of a conversation in order: events, then what is on its way; days between them, and where the new begins.
import { element } from "./elements.js";
import { date, joinAround, newLine } from "./grouping.js";
import { failure, isOwn, renderEvent, renderPending } from "./render.js";
import { showTick, tickOf } from "./ticks.js";
import { dayOf } from "./times.js";

/** Keeps an `<ol>` in step with a thread. `context` is the renderer's; `verbs`: retry(mid), discard(mid). */
export class EventList {
  node = element("ol", { className: "talk-list" });
  /** The number of the first event shown; null while nothing is. */
  first = null;
  #thread;
  #context;
  #verbs;
  #items = new Map();
  #pending = new Map();
  #marker = null;

  constructor(thread, context, verbs) {
    this.#thread = thread;
    this.#context = context;
    this.#verbs = verbs;
  }

  /** The line above what is new, or null. */
  get marker() {
    return this.#marker;
  }

  clear() {
    this.node.replaceChildren();
    this.#items.clear();
    this.#pending.clear();
    this.#marker = null;
    this.first = null;
  }

  item(n) {
    return this.#items.get(n);
  }

  /** Whether a text that is on its way is shown. */
  has(mid) {
    return this.#pending.has(mid);
  }

  /** How many events are shown. */
  get size() {
    return this.#items.size;
  }

  /** Put a new event after the others; a text that was on its way keeps its item. Returns the item. */
  append(event) {
    const waiting = event.mid ? this.#pending.get(event.mid) : null;
    this.#pending.delete(event.mid);
    const fresh = renderEvent(event, this.#context);
    const item = waiting ? settled(waiting, fresh) : fresh;
    const next = this.#pending.values().next().value ?? null;
    // Moving an item that is in its place would take the focus from it.
    if (!waiting || item.nextElementSibling !== next) this.node.insertBefore(item, next);
    date(item, item.previousElementSibling);
    this.#keep(event, item);
    this.first ??= event.n;
    return item;
  }

  /** Put older events in front. */
  prepend(events) {
    const after = this.node.firstElementChild;
    const part = document.createDocumentFragment();
    let previous = null;
    for (const event of events) {
      const item = renderEvent(event, this.#context);
      part.append(item);
      date(item, previous);
      this.#keep(event, item);
      previous = item;
    }
    this.node.prepend(part);
    this.first = events[0].n;
    if (after?.dataset.day === dayOf(Number(previous.dataset.at))) after.remove();
    joinAround(previous);
  }

  /** Take the oldest events out of the page until `count` are left; the thread has them still. */
  trim(count) {
    for (; this.#items.size > count; this.first += 1) {
      const item = this.#items.get(this.first);
      while (item.previousElementSibling) item.previousElementSibling.remove();
      item.remove();
      this.#items.delete(this.first);
    }
    if (!this.#marker?.isConnected) this.#marker = null;
    const item = this.#items.get(this.first);
    date(item, item.previousElementSibling);
  }

  /** Show an event anew: it was taken back. */
  redraw(event) {
    const old = this.#items.get(event.n);
    if (!old) return;
    const item = renderEvent(event, this.#context);
    old.replaceWith(item);
    this.#keep(event, item);
  }

  /** Show what is on its way, in order; what is gone from there and is no event was given up. */
  showPending() {
    const wanted = new Set(this.#thread.pending.map(({ mid }) => mid));
    for (const [mid, item] of this.#pending) {
      if (wanted.has(mid)) continue;
      item.remove();
      this.#pending.delete(mid);
    }
    for (const pending of this.#thread.pending) {
      const item = this.#pending.get(pending.mid) ?? this.#addPending(pending);
      this.#showStatus(item, pending);
    }
  }

  /** Show how far the other side has got, from the newest of our texts back to where nothing changes. */
  showTicks() {
    const { events } = this.#thread;
    for (let at = events.length - 1; at >= 0; at -= 1) {
      const item = this.#items.get(events[at].n);
      if (!item) return;
      if (events[at].kind !== "message" || !isOwn(events[at], this.#context.side)) continue;
      if (item.dataset.tick === "read") return;
      this.#tick(item, tickOf(events[at].n, this.#thread.cursors, this.#context.side));
    }
  }

  /** Say that everything from event `n` on is new; whether it is shown. */
  mark(n) {
    this.unmark();
    const item = this.#items.get(n);
    if (!item) return false;
    this.#marker = newLine();
    item.before(this.#marker);
    joinAround(this.#marker);
    return true;
  }

  unmark() {
    const next = this.#marker?.nextElementSibling;
    this.#marker?.remove();
    this.#marker = null;
    if (next) joinAround(next);
  }

  #keep(event, item) {
    this.#items.set(event.n, item);
    if (!isOwn(event, this.#context.side)) joinAround(item);
    else if (event.kind === "note") this.#tick(item, "sent");
    else this.#tick(item, tickOf(event.n, this.#thread.cursors, this.#context.side));
  }

  #tick(item, tick) {
    showTick(item, tick);
    joinAround(item);
  }

  #addPending(pending) {
    const item = renderPending(pending, this.#context);
    item.classList.add("is-pending");
    this.node.append(item);
    date(item, item.previousElementSibling);
    this.#pending.set(pending.mid, item);
    return item;
  }

  #showStatus(item, pending) {
    if (item.dataset.tick === pending.status) return;
    item.querySelector(".talk-failure")?.remove();
    this.#tick(item, pending.status);
    if (pending.status !== "failed") return;
    const { retry, discard } = this.#verbs;
    item.append(failure(pending, { retry: () => retry(pending.mid), discard: () => discard(pending.mid) }));
  }
}

/** The item of a text that has arrived: what it shows stays, unless the text was changed on the way. */
function settled(item, fresh) {
  const [was, is] = [item, fresh].map((one) => one.querySelector(".talk-bubble")?.textContent ?? "");
  item.classList.remove("is-pending");
  item.querySelector(".talk-failure")?.remove();
  delete item.dataset.tick;
  Object.assign(item.dataset, fresh.dataset);
  if (was === is && !fresh.querySelector(".talk-hidden")) {
    item.querySelector(".talk-meta").replaceWith(fresh.querySelector(".talk-meta"));
  } else {
    item.replaceChildren(...fresh.childNodes);
  }
  return item;
}
