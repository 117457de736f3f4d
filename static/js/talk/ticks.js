// How far one's own text has got: a clock, a tick, two ticks, a ringed tick – and the word for it.
import { element } from "./elements.js";
import { icon } from "./icons.js";
import { tickWord } from "./words.js";

/** "sent", "delivered" or "read" for the event number `n` that `side` wrote. */
export function tickOf(n, cursors, side) {
  const other = cursors[side === "visitor" ? "agent" : "visitor"];
  if (n <= other.read) return "read";
  return n <= other.delivered ? "delivered" : "sent";
}

/** Show a tick in the line below a text; nothing changes when it is there already. */
export function showTick(item, tick) {
  const place = item.querySelector(".talk-tick");
  if (!place || item.dataset.tick === tick) return;
  item.dataset.tick = tick;
  place.replaceChildren(icon(tick, 16), element("span", { className: "talk-tick-word" }, tickWord(tick)));
}
