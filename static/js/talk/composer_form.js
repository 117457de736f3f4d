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
    placeholder: placeholder ?? gettext("Write a message…"),
    "aria-label": label ?? gettext("Your message"),
    "aria-describedby": `${id}-problems ${id}-count`,
  });
  field.value = written;
  const problems = element("div", { className: "talk-problems", id: `${id}-problems`, role: "alert" });
  const count = element("p", { className: "talk-count", id: `${id}-count`, role: "status" });
  const sends = element("button", { type: "submit", className: "button talk-send" }, sendLabel ?? gettext("Send"));
  const named = { className: "talk-tool talk-attach", label: gettext("Attach files"), title: gettext("Attach files") };
  const attach = button(named, () => tray.input.click(), icon("attach"));
  const row = element("div", { className: "talk-write" }, attach, tray.input, field, sends);
  form.classList.add("talk-composer");
  form.replaceChildren(problems, tray.node, row, count);
  return { field, sends, attach, problems, count };
}
