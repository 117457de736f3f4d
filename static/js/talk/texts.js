// The page's language: Django's JavaScript catalogue, loaded by the page as a plain script before its modules.
// Without it (the catalogue did not load) the English texts of the sources are shown.
const catalogue = globalThis.django ?? {};

/** The text in the page's language. */
export function gettext(text) {
  return catalogue.gettext ? catalogue.gettext(text) : text;
}

/** The text for this many, in the page's language. */
export function ngettext(one, many, count) {
  if (catalogue.ngettext) return catalogue.ngettext(one, many, count);
  return count === 1 ? one : many;
}

/** A text that would be ambiguous without `context`. */
export function pgettext(context, text) {
  return catalogue.pgettext ? catalogue.pgettext(context, text) : text;
}

/** Fill in the `%(name)s` of a text. */
export function format(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_whole, name) => String(values[name] ?? ""));
}
