// The parts of the form in which a conversation is written.
import { button, element } from "./elements.js";
import { icon } from "./icons.js";
import { gettext } from "./texts.js";

let made = 0;

/** Fill `form`; returns its parts: field, sends, attach, problems, count. `tray` is a `FileTray`. */
export function buildForm(form, tray, { label, placeholder, sendLabel }) {
  made += 1;
  const id = `talk-composer-${made}`;
  const written = form.querySelector("textarea")?.value ?? "";
  const field = element("textarea", {
    className: "talk-field",
    name: "text",
    rows: 1,
    dir: "auto",
    autocomplete: "off",
    enterkeyhint: "send",
    "aria-describedby": `${id}-problems ${id}-count`,
  });
  field.value = written;
  const problems = element("div", { className: "talk-problems", id: `${id}-problems`, role: "alert" });
  const count = element("p", { className: "talk-count", id: `${id}-count` });
  const said = element("p", { className: "visually-hidden", role: "status" });
  const sends = element("button", { type: "submit", className: "button talk-send" });
  const named = { className: "talk-tool talk-attach", label: gettext("Attach files"), title: gettext("Attach files") };
  const attach = button(named, () => tray.input.click(), icon("attach"));
  const row = element("div", { className: "talk-write" }, attach, tray.input, field, sends);
  form.classList.add("talk-composer");
  form.replaceChildren(problems, tray.node, row, count, said);
  const parts = { field, sends, attach, problems, count, said };
  setWords(parts, {
    label: label ?? gettext("Your message"),
    placeholder: placeholder ?? gettext("Write a message…"),
    sendLabel: sendLabel ?? gettext("Send"),
  });
  return parts;
}

/** Change the words of the field and the button; those that are left out stay. */
export function setWords({ field, sends }, { label, placeholder, sendLabel }) {
  if (label) field.setAttribute("aria-label", label);
  if (placeholder) field.placeholder = placeholder;
  if (sendLabel) sends.textContent = sendLabel;
}

/** Whether a key press sends: Enter, but not with Shift; where Enter makes lines only with Ctrl or Command. */
export function isSendKey(event, enterSends) {
  return event.key === "Enter" && !event.shiftKey && (enterSends || event.ctrlKey || event.metaKey);
}

/** Show how long the text is, `over` the limit or near it; said aloud when that begins, not with each key. */
export function showLength({ count, said, field }, words, over) {
  const stage = over ? "over" : words && "near";
  if (said.dataset.stage !== stage) said.textContent = words;
  said.dataset.stage = stage;
  count.textContent = words;
  count.classList.toggle("is-over", over > 0);
  field.setAttribute("aria-invalid", String(over > 0));
}
