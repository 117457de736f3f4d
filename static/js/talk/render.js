// One event of a conversation as an element of the list; the same for the messenger and the desk.
//   renderEvent(event, context) -> <li>     renderPending(item, context) -> <li> for a text that is on its way
//   context: { side: "visitor" | "agent", me: own name, visitor: the customer's name, pictures: Pictures,
//              takenBack(n) -> the `redacted` event for number n or undefined, reasons: {slug: words} of ratings }
// A card that is opened is told by the bubbling event "talk-article" {slug, type} of its <li>.
import { button, element } from "./elements.js";
import { icon } from "./icons.js";
import { cardAddress, linked } from "./links.js";
import { format, gettext } from "./texts.js";
import { clock, fullTime } from "./times.js";
import { authorName, hiddenLines, languageOf, lineOf } from "./words.js";

const RENDERED = { message: said, note: said, redacted: unshown, state, assigned, article, rating };

/** The list item of an event. */
export function renderEvent(event, context) {
  const item = (RENDERED[event.kind] ?? unknown)(event, context);
  Object.assign(item.dataset, { n: event.n ?? "", kind: event.kind, at: Date.parse(event.at) });
  if (event.mid) item.dataset.mid = event.mid;
  item.classList.add("talk-event");
  return item;
}

/** The list item of a text that nobody has confirmed yet. */
export function renderPending(pending, context) {
  const kind = pending.visibility === "internal" ? "note" : "message";
  const author = { kind: context.side, name: context.me ?? "" };
  const { text, attachments, mid } = pending;
  const event = { n: null, kind, author, text, attachments, mid, at: new Date(pending.at).toISOString(), data: {} };
  return renderEvent(event, context);
}

/** Whether this side wrote it. */
export function isOwn(event, side) {
  return event.author.kind === side;
}

function said(event, context) {
  const { data = {} } = event;
  const isTakenBack = data.redacted || (event.n && context.takenBack?.(event.n));
  const side = sideOf(event, context);
  const item = element("li", { className: `talk-said ${side}` });
  item.classList.toggle("is-note", event.kind === "note");
  // Colleagues stand on our side, by their names.
  item.classList.toggle("is-colleague", isTheirs(event, context));
  item.dataset.author = `${event.kind} ${event.author.kind} ${event.author.name}`;
  const name = element("bdi", {}, authorName(event.author, context.side, context.visitor));
  item.append(element("p", { className: "talk-author" }, name));
  if (event.kind === "note") {
    item.append(element("p", { className: "talk-private" }, gettext("Note: only agents see this")));
  }
  if (isTakenBack) item.append(takenBack(event, context));
  else item.append(...content(event, context));
  item.append(meta(event, side === "mine" && !isTakenBack));
  return item;
}

function isTheirs({ author }, { side, me }) {
  return side === "agent" && author.kind === "agent" && Boolean(me) && author.name !== me;
}

function sideOf({ author }, { side }) {
  if (author.kind === side) return "mine";
  // At the desk everything that we say stands on our side.
  return side === "agent" && author.kind !== "visitor" ? "ours" : "theirs";
}

function content({ text, attachments, data }, context) {
  const parts = [];
  const bubble = { className: "talk-bubble", dir: "auto", lang: languageOf(text) };
  if (text) parts.push(element("div", bubble, ...linked(text)));
  for (const file of attachments ?? []) parts.push(context.pictures.view(file));
  const hidden = hiddenLines(data?.hidden ?? [], context.side).map((line) => element("p", {}, line));
  return hidden.length ? [...parts, element("div", { className: "talk-hidden" }, ...hidden)] : parts;
}

function takenBack(event, context) {
  const redaction = context.takenBack?.(event.n);
  const author = redaction?.author;
  let words = gettext("This message was taken back.");
  if (redaction?.data.reason === "secret") words = gettext("Taken back for safety: it held a part of a secret.");
  else if (context.side === "agent" && author?.name) {
    words = format(gettext("Taken back by %(name)s."), { name: author.name });
  }
  return element("p", { className: "talk-bubble talk-taken-back" }, words);
}

function meta(event, hasTick) {
  const line = element("p", { className: "talk-meta" }, time(event.at));
  if (hasTick) line.append(element("span", { className: "talk-tick" }));
  return line;
}

function time(at) {
  return element("time", { datetime: at, title: fullTime(at) }, clock(at));
}

function line(event, words, ...more) {
  return element("li", { className: "talk-line" }, element("p", {}, words, "\u00a0·\u00a0", time(event.at)), ...more);
}

/** It changes another event and needs no place of its own. */
function unshown() {
  return element("li", { hidden: true });
}

function state(event, context) {
  const words = lineOf(event, context.side);
  return words ? line(event, words) : unshown();
}

function assigned(event, context) {
  const code = event.data.agent?.verify_code;
  const item = line(event, lineOf(event, context.side));
  if (code && context.side === "visitor") {
    const shown = element("b", { className: "talk-code" }, code);
    item.append(element("p", { className: "talk-verify" }, gettext("Verify code"), " ", shown));
  }
  return item;
}

function article(event, context) {
  const { title, url, slug, type } = event.data;
  const address = cardAddress(url);
  const kind = type === "guide" ? gettext("Guided fix") : gettext("Article");
  const words = [
    element("span", { className: "talk-card-kind" }, kind),
    element("span", { className: "talk-card-title", dir: "auto" }, title || slug || ""),
  ];
  const item = element("li", { className: `talk-said talk-card ${sideOf(event, context)}` });
  item.dataset.author = `message ${event.author.kind} ${event.author.name}`;
  const leads = { href: address, target: "_blank", rel: "noopener noreferrer" };
  const card = address
    ? element("a", { className: "talk-bubble", ...leads }, ...words)
    : element("div", { className: "talk-bubble" }, ...words, gettext("The address can't be opened."));
  card.addEventListener("click", () => {
    if (address) item.dispatchEvent(new CustomEvent("talk-article", { bubbles: true, detail: { slug, type } }));
  });
  const name = element("bdi", {}, authorName(event.author, context.side, context.visitor));
  item.append(element("p", { className: "talk-author" }, name), card, meta(event, false));
  return item;
}

function rating(event, context) {
  const { score, reasons = [] } = event.data;
  const own = gettext("You rated this conversation %(score)s of 5");
  const words = context.side === "visitor" ? own : gettext("Rated %(score)s of 5");
  const known = reasons.map((reason) => context.reasons?.[reason]).filter(Boolean);
  return line(event, [format(words, { score }), ...known].join(" · "));
}

function unknown(event) {
  return line(event, gettext("An update that this page can't show yet"));
}

/** The line under a text that could not be sent, with what can be done. */
export function failure({ message }, { retry, discard }) {
  const words = element("span", {}, message || gettext("Check your connection and try again."));
  const again = button({ className: "talk-link" }, retry, icon("again", 16), gettext("Try again"));
  const away = button({ className: "talk-link" }, discard, gettext("Delete"));
  return element("div", { className: "talk-failure" }, words, again, away);
}
