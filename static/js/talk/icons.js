// Our own icons, 20 × 20, 1.5 px lines in the text's colour. They are decoration: the words stand beside them.
const SVG = "http://www.w3.org/2000/svg";
const PREFIX = "talk-icon-";
const DRAWN = {
  sending: ["M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z", "M10 6.5V10l2.5 1.5"],
  sent: ["M4.5 10.5l3.5 3.5 7.5-8"],
  delivered: ["M2 10.5l3.5 3.5L13 6", "M9.5 13.5l.5.5 7.5-8"],
  read: ["M10 2.75a7.25 7.25 0 1 0 0 14.5 7.25 7.25 0 0 0 0-14.5z", "M6.5 10.25l2.5 2.5 4.5-5"],
  failed: ["M10 3 2.5 16.5h15z", "M10 8v4", "M10 14.2v.1"],
  attach: ["M16.5 9.5l-6.4 6.4a4 4 0 0 1-5.7-5.7l6.8-6.8a2.7 2.7 0 0 1 3.8 3.8l-6.6 6.6a1.3 1.3 0 0 1-1.9-1.9l6-6"],
  file: ["M5 2.75h6.5L15 6.25v11H5z", "M11.25 2.75V6.5H15"],
  download: ["M10 3v9", "M6.25 8.75 10 12.5l3.75-3.75", "M4 16.5h12"],
  close: ["M5 5l10 10", "M15 5 5 15"],
  down: ["M10 3.5v13", "M4.5 11l5.5 5.5 5.5-5.5"],
  again: ["M15.5 8A6 6 0 1 0 16 11.5", "M16 3.5V8h-4.5"],
  send: ["M3 10h13", "M10.5 4.5 16 10l-5.5 5.5"],
};

function drawn(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** Each page gets the drawings once; every use refers to them. */
function ensureSprite() {
  if (document.getElementById(PREFIX + "sent")) return;
  const sprite = drawn("svg", { class: "talk-sprite", width: 0, height: 0, "aria-hidden": "true" });
  for (const [name, paths] of Object.entries(DRAWN)) {
    const symbol = drawn("symbol", { id: PREFIX + name, viewBox: "0 0 20 20" });
    for (const d of paths) symbol.append(drawn("path", { d }));
    sprite.append(symbol);
  }
  document.body.prepend(sprite);
}

/** One icon: `sending`, `sent`, `delivered`, `read`, `failed`, `attach`, `file`, `download`, `close`, `down` … */
export function icon(name, size = 20) {
  ensureSprite();
  const hidden = { "aria-hidden": "true", focusable: "false" };
  const made = drawn("svg", { class: "talk-icon", width: size, height: size, ...hidden });
  made.append(drawn("use", { href: `#${PREFIX}${name}` }));
  return made;
}
