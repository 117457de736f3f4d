// Days and times in the page's language and the reader's zone.
import { gettext } from "./texts.js";

const DAY_MS = 86_400_000;
const made = new Map();

function formatter(name, options) {
  const language = document.documentElement.lang || "en";
  const key = `${language} ${name}`;
  if (!made.has(key)) made.set(key, new Intl.DateTimeFormat(language, options));
  return made.get(key);
}

/** The local day of a moment as "2026-01-31". */
export function dayOf(at) {
  const date = new Date(at);
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** "Today", "Yesterday" or the date; the year only when it is another one. `now` in milliseconds. */
export function dayLabel(day, now = Date.now()) {
  if (day === dayOf(now)) return gettext("Today");
  // Noon is safe from the hour that summer time takes or gives.
  const noon = new Date(`${dayOf(now)}T12:00:00`).getTime();
  if (day === dayOf(noon - DAY_MS)) return gettext("Yesterday");
  const sameYear = day.slice(0, 4) === dayOf(now).slice(0, 4);
  const options = { weekday: "long", month: "long", day: "numeric", ...(sameYear ? {} : { year: "numeric" }) };
  return formatter(`day${sameYear}`, options).format(new Date(`${day}T12:00:00`));
}

/** "14:05". */
export function clock(at) {
  return formatter("clock", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));
}

/** Day and time in full, for whoever points at a time. */
export function fullTime(at) {
  return formatter("full", { dateStyle: "full", timeStyle: "medium" }).format(new Date(at));
}
