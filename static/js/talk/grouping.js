// What stands between the items of a conversation, and which of them belong together.
import { element } from "./elements.js";
import { gettext } from "./texts.js";
import { dayLabel, dayOf } from "./times.js";

const GROUP_MS = 5 * 60_000;

/** Texts of one author that follow each other stand together, with one name and one time. */
export function join(previous, item) {
  if (!previous || !item) return;
  const [a, b] = [previous.dataset, item.dataset];
  const isGroup = Boolean(a.author && a.author === b.author && b.at - a.at < GROUP_MS);
  previous.classList.toggle("has-next", isGroup && a.tick === b.tick);
  item.classList.toggle("has-previous", isGroup);
}

/** Look anew at an item and its neighbours. */
export function joinAround(item) {
  join(item.previousElementSibling, item);
  join(item, item.nextElementSibling);
}

/** Put the day before an item that begins one. */
export function date(item, previous) {
  const day = dayOf(Number(item.dataset.at));
  const before = previous?.dataset.at ? dayOf(Number(previous.dataset.at)) : previous?.dataset.day;
  if (day === before) return;
  const line = element("li", { className: "talk-day" }, element("time", { datetime: day }, dayLabel(day)));
  line.dataset.day = day;
  item.before(line);
}

/** Name the days anew: it may be another day than when they were shown. */
export function nameDays(list) {
  for (const time of list.querySelectorAll(".talk-day time")) time.textContent = dayLabel(time.dateTime);
}

/** The line above what is new. */
export function newLine() {
  return element("li", { className: "talk-new" }, element("span", {}, gettext("New messages")));
}
