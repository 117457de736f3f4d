// Whether somebody is there, and the honest wait, in words.
import { Emitter } from "../talk/emitter.js";
import { format, gettext, ngettext } from "../talk/texts.js";
import { VisitorTalk } from "../talk/visitor.js";

const AGAIN_MS = 30_000;
const MOST_MINUTES = 15;

/** A wait in words; never more precise than it is. */
export function waitInWords(seconds) {
  if (seconds === null || seconds === undefined) return gettext("The wait can't be told at the moment.");
  const minutes = Math.ceil(seconds / 60);
  if (minutes <= 1) return gettext("The wait is about a minute.");
  if (minutes > MOST_MINUTES) return format(gettext("The wait is more than %(n)s minutes."), { n: MOST_MINUTES });
  return format(ngettext("The wait is about %(n)s minute.", "The wait is about %(n)s minutes.", minutes), { n: minutes });
}

/** A moment in the customer's own zone: the time alone today, with the day otherwise. */
export function momentInWords(moment) {
  const at = new Date(moment);
  const isToday = at.toDateString() === new Date().toDateString();
  const day = isToday ? {} : { weekday: "long", month: "short", day: "numeric" };
  const style = { ...day, hour: "2-digit", minute: "2-digit", hour12: false };
  return new Intl.DateTimeFormat(document.documentElement.lang, style).format(at);
}

/** Asks while somebody looks. Event: "change". */
export class Presence extends Emitter {
  known = null;
  #timer = null;

  /** Ask now and every half minute, until `stop()`. */
  start() {
    if (this.#timer) return;
    this.#timer = setInterval(() => document.hidden || this.refresh(), AGAIN_MS);
    this.refresh();
  }

  stop() {
    clearInterval(this.#timer);
    this.#timer = null;
  }

  async refresh() {
    try {
      this.known = await VisitorTalk.availability();
    } catch {
      // What was known a moment ago is better than nothing; the way to a person stays open.
    }
    this.tell("change");
  }

  get isStaffed() {
    return (this.known?.agents_online ?? 0) > 0;
  }

  get words() {
    if (!this.known) return "";
    if (this.isStaffed) {
      const wait = this.known.expected_wait_seconds;
      return wait === 0 ? gettext("Agents are on duty. No wait at the moment.") : waitInWords(wait);
    }
    if (this.known.open) return gettext("Nobody is on duty at the moment. Write now, and the answer comes as a message.");
    if (!this.known.opens_at) return gettext("Closed now. Leave a message and we will answer.");
    const when = momentInWords(this.known.opens_at);
    return format(gettext("Closed until %(when)s. Write now, and the answer comes as a message."), { when });
  }
}
