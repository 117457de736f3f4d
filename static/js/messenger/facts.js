// What is to be known of a conversation, read from its events, its state and its transcript.
import { format, gettext } from "../talk/texts.js";

const REFERENCE = /TP-[0-9A-Z]{4}-[0-9A-Z]{4}/;
const REOPENS_MS = 24 * 3600 * 1000;

/** What the bar on top says. */
export function barFor(state) {
  if (!state?.agent) return { subtitle: state?.state === "closed" ? gettext("This conversation has ended") : "" };
  const { name, verify_code: code } = state.agent;
  return { title: name, subtitle: gettext("Verify code"), face: [...name][0] ?? "T", code };
}

/** When this waiting began, in milliseconds; `begun` where no event says it. */
export function waitingSince(events, begun) {
  const last = events.findLast(({ kind, data }) => kind === "state" && data.state === "waiting");
  return last ? Date.parse(last.at) : begun;
}

/** Whether it ended too long ago to be taken up again. */
export function isOver(events, now = Date.now()) {
  const last = events.findLast(({ kind, data }) => kind === "state" && data.state === "closed");
  return Boolean(last) && now - Date.parse(last.at) > REOPENS_MS;
}

/** The customer has rated what ended last. */
export function isRated(events) {
  const isTurn = ({ kind, data }) => kind === "rating" || (kind === "state" && data.state === "waiting");
  return events.findLast(isTurn)?.kind === "rating";
}

/** Whose news an event is, and in which words; null when it is no news. */
export function newsOf({ author, kind, text, data }) {
  const name = author.name || data.agent?.name || "";
  if (kind === "assigned" && name) return { name, text: format(gettext("%(name)s answers you."), { name }) };
  return author.kind === "agent" && kind === "message" ? { name, text } : null;
}

/** The reference that people read out on the phone; the transcript begins with it. */
export async function referenceOf(talk) {
  const text = await talk.transcript().then(
    (file) => file.text(),
    () => "",
  );
  return REFERENCE.exec(text)?.[0] ?? "";
}
