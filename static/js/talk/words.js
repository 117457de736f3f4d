// What is said about a conversation: to the customer ("visitor") and to agents. Looked up when needed, as the
// catalogue of the page's language may come after the modules.
import { format, gettext } from "./texts.js";

const VISITOR_STATES = {
  "waiting reopened": () => gettext("The conversation goes on. You are in the queue again."),
  "waiting agent_gone": () => gettext("Your agent lost the connection. You keep your place, and somebody else takes over."),
  "waiting transferred": () => gettext("You are being handed to a colleague who can help better."),
  "waiting nobody_online": () => gettext("Nobody is online at the moment. We keep your place."),
  "waiting closed": () => gettext("We are closed at the moment. Your question is kept."),
  waiting: () => gettext("We are looking for somebody who can help."),
  offered: () => gettext("Somebody has been asked to help and will join in a moment."),
  "active idle_warning": () =>
    gettext("Are you still there? Without an answer this conversation ends in a few minutes. You can go on later."),
  "closed idle": () => gettext("The conversation has ended after a long silence. Write within 24 hours to go on."),
  "closed visitor": () => gettext("You have ended the conversation."),
  closed: () => gettext("The conversation has ended. Write within 24 hours to go on."),
  "message nobody_on_duty": () => gettext("Nobody is free right now. Your question is kept, and the answer will be here."),
  message: () => gettext("Your message is kept. The answer will be here."),
};
const AGENT_STATES = {
  "waiting reopened": () => gettext("The customer wrote again: back in the queue."),
  "waiting agent_gone": () => gettext("The agent was gone: back in the queue, at the old place."),
  "waiting transferred": () => gettext("Handed over: in the queue."),
  "waiting declined": () => gettext("The offer was declined."),
  "waiting missed": () => gettext("The offer was not answered in time."),
  "waiting withdrawn": () => gettext("The offer was taken back."),
  "waiting nobody_online": () => gettext("Nobody was online."),
  "waiting closed": () => gettext("Asked outside the opening hours."),
  waiting: () => gettext("In the queue."),
  offered: () => gettext("Offered to an agent."),
  "active idle_warning": () => gettext("The customer was asked whether they are still there."),
  "closed idle": () => gettext("Ended: the customer had not written for a while."),
  "closed visitor": () => gettext("The customer has ended the conversation."),
  "message visitor": () => gettext("The customer has left a message."),
  "message nobody_on_duty": () => gettext("Left as a message: nobody was on duty."),
  message: () => gettext("Left as a message."),
};
const HIDDEN = {
  card: () => gettext("We hid a card number. We never need the full number."),
  cvv: () => gettext("We hid a card's security code. Never send it to anyone, not even to us."),
  code: () => gettext("We hid a one-time code. Never send a code to anyone, not even to us."),
  password: () => gettext("We hid a password or PIN. Never send it to anyone, not even to us."),
  resident_id: () => gettext("We hid an identity number. Never send it in a chat."),
  phone: () => gettext("We hid a phone number. We don't need it here."),
  seed: () => gettext("We hid a recovery phrase. Whoever has it has your money: never send it to anyone."),
  private_key: () => gettext("We hid a private key. Whoever has it has your money: never send it to anyone."),
};
const HIDDEN_NAMES = {
  card: () => gettext("a card number"),
  cvv: () => gettext("a card security code"),
  code: () => gettext("a one-time code"),
  password: () => gettext("a password or PIN"),
  resident_id: () => gettext("an identity number"),
  phone: () => gettext("a phone number"),
  seed: () => gettext("a recovery phrase"),
  private_key: () => gettext("a private key"),
};
const TICKS = {
  sending: () => gettext("Sending"),
  sent: () => gettext("Sent"),
  delivered: () => gettext("Delivered"),
  read: () => gettext("Read"),
  failed: () => gettext("Not sent"),
};

/** The line for a state and its reason, or null where another event says it already. */
export function stateLine({ state, reason }, side, author = "") {
  const lines = side === "visitor" ? VISITOR_STATES : AGENT_STATES;
  const found = lines[`${state} ${reason}`] ?? lines[state];
  if (found) return found();
  if (state !== "closed") return null;
  const name = author || gettext("Topay support");
  const isSolved = reason === "solved";
  const solved = gettext("%(name)s has ended the conversation: solved.");
  return format(isSolved ? solved : gettext("%(name)s has ended the conversation."), { name });
}

/** The line for an event that is no text: a state or who has joined; null for others. */
export function lineOf({ kind, data, author }, side) {
  if (kind === "state") return stateLine(data, side, author.name);
  if (kind !== "assigned") return null;
  return format(gettext("%(name)s has joined"), { name: data.agent?.name || gettext("Topay support") });
}

/** The lines that explain what was masked: to the customer why, to agents what. */
export function hiddenLines(kinds, side) {
  const known = [...kinds].filter((kind) => kind in HIDDEN);
  const other = known.length < [...kinds].length;
  if (side === "visitor") {
    const lines = known.map((kind) => HIDDEN[kind]());
    return other ? [...lines, gettext("We hid something secret. Never send it to anyone.")] : lines;
  }
  const names = [...known.map((kind) => HIDDEN_NAMES[kind]()), ...(other ? [gettext("something secret")] : [])];
  const list = new Intl.ListFormat(document.documentElement.lang || "en", { type: "conjunction" }).format(names);
  return names.length ? [format(gettext("Hidden for safety: %(kinds)s"), { kinds: list })] : [];
}

/** "Sending", "Sent", "Delivered", "Read" or "Not sent". */
export function tickWord(tick) {
  return TICKS[tick]?.() ?? "";
}

/** Who wrote an event, as `side` calls them; `visitor` is the customer's name at the desk. */
export function authorName({ kind, name }, side, visitor = "") {
  if (kind === "visitor") return side === "visitor" ? gettext("You") : visitor || gettext("Customer");
  if (kind === "assistant") return gettext("Assistant");
  return name || (kind === "system" ? gettext("Topay") : gettext("Topay support"));
}

/** The language of a text where its letters tell it; null where they don't. */
export function languageOf(text) {
  if (/[\u3040-\u30ff]/u.test(text)) return "ja";
  if (/\p{Script=Hangul}/u.test(text)) return "ko";
  if (/\p{Script=Han}/u.test(text)) return "zh-Hans";
  if (/\p{Script=Hebrew}/u.test(text)) return "he";
  return /[a-z]{2}/i.test(text) && !/[^\0-\x7f\p{P}\p{S}]/u.test(text) ? "en" : null;
}
