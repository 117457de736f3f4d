// How long a text is, counted as the server does: code points in NFC, without the blanks around it.
import { format, gettext, ngettext } from "./texts.js";

// From this part of the limit on it is said how many are left.
const NEAR = 0.9;
const UNSEEN = /^[\s\p{Cf}\u2800\u3164]*$/u;

/** The number of code points that would be sent. */
export function lengthOf(text) {
  return [...text.normalize("NFC").trim()].length;
}

/** Whether nothing in it shows. */
export function isBlank(text) {
  return UNSEEN.test(text);
}

/** What to say about the length: {words, over}; no words while the limit is far. */
export function lengthWords(text, limit) {
  // Never fewer units than code points, and most texts are short.
  if (text.length < limit * NEAR) return { words: "", over: 0 };
  const length = lengthOf(text);
  const n = length - limit;
  if (n > 0) {
    const words = format(ngettext("%(n)s character too many", "%(n)s characters too many", n), { n });
    return { words, over: n };
  }
  const words = format(gettext("%(length)s of %(limit)s characters"), { length, limit });
  return { words: length < limit * NEAR ? "" : words, over: 0 };
}
