// What counts as new: what others said, not what happened to the conversation.
import { isOwn } from "./render.js";

const COUNTED = new Set(["message", "note", "article"]);

/** Whether an event is news for `side`. */
export function isNews(event, side) {
  return COUNTED.has(event.kind) && !isOwn(event, side) && !event.data.redacted;
}

/** The number of the first news after `read`; null when there is none, or nothing was ever read. */
export function firstUnread({ events, side }, read) {
  const found = read ? events.find((event) => event.n > read && isNews(event, side)) : null;
  return found ? found.n : null;
}
