// Making elements without ever parsing HTML: what people write stays text.

/** An element with a class, attributes and children (texts or nodes; null and false are left out). */
export function element(name, { className, ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== false && child !== undefined));
  return made;
}

/** A button that does not send forms; `press` hears the click. */
export function button({ label, ...options }, press, ...children) {
  const made = element("button", { type: "button", "aria-label": label, ...options }, ...children);
  made.addEventListener("click", press);
  return made;
}
