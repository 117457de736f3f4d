// What an agent should know before a conversation: the question, perhaps a topic and a name; nothing twice.
import { format, gettext, ngettext } from "../talk/texts.js";
import { forget, trail } from "../trail.js";
import { fetchTools } from "./surface.js";

const LIMIT = 2000;
const ADDRESS = /^[^@\s<>]{1,64}@[^@\s<>]{1,190}$/;
const KEPT = ["text", "topic", "name", "email"];

/** Controls the form before a conversation in `element`. */
export class Before {
  #app;
  #element;
  #form;

  constructor(app, element) {
    this.#app = app;
    this.#element = element;
    this.#form = element.querySelector("[data-before]");
    this.#form.addEventListener("input", () => this.#keep());
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    element.querySelector("[data-about-remove]").addEventListener("click", () => this.#removeAbout());
  }

  enter({ text = "", body = null, refused = null } = {}) {
    const { arrival, session } = this.#app;
    const kept = body ?? session.keeper.get("before") ?? {};
    this.#fill({ topic: arrival.topic, ...kept, text: text || kept.text || arrival.text });
    this.showWho();
    this.#showAbout();
    this.#showProblem(refused);
    this.#app.presence.start();
    this.#app.views.talk.prepare();
    fetchTools();
  }

  /** Ask for name and address only where nobody has told them already. */
  showWho() {
    this.#element.querySelector("[data-who]").hidden = Boolean(this.#app.identity);
  }

  clear() {
    this.#form.reset();
    this.#showProblem(null);
  }

  #fill(values) {
    for (const name of KEPT) {
      if (values[name] === undefined) continue;
      const field = this.#form.elements[name];
      if (name === "topic") {
        const known = [...field].some((radio) => radio.value === values.topic);
        field.value = known ? values.topic : "";
      } else if (values[name] || !field.value) field.value = values[name];
    }
  }

  #values() {
    return Object.fromEntries(KEPT.map((name) => [name, this.#form.elements[name].value.trim()]));
  }

  #keep() {
    this.#app.session.keeper.set("before", this.#values());
    this.#mark("text", "");
    this.#mark("email", "");
  }

  #submit(event) {
    event.preventDefault();
    const values = this.#values();
    const over = [...values.text].length - LIMIT;
    const tooLong = ngettext("%(n)s character too long.", "%(n)s characters too long.", over);
    if (!values.text) this.#mark("text", gettext("Write your question in a sentence or two."));
    else if (over > 0) this.#mark("text", format(tooLong, { n: over }));
    const isAddress = !values.email || ADDRESS.test(values.email);
    this.#mark("email", isAddress ? "" : gettext("Enter an e-mail address such as name@example.com."));
    const wrong = this.#form.querySelector("[aria-invalid=true]");
    if (wrong) wrong.focus();
    else this.#app.open(this.#body(values));
  }

  #body({ text, topic, name, email }) {
    const { arrival, identity, words } = this.#app;
    const who = identity ? {} : { name, email };
    const { page, article, guide } = arrival;
    const fields = { ...arrival.fields, ...trail(guide) };
    return { text, topic: topic || undefined, language: words.language, ...who, page, article, guide, fields };
  }

  #mark(name, problem) {
    const field = this.#form.elements[name];
    const error = this.#element.querySelector(`[data-${name}-error]`);
    error.textContent = problem;
    error.hidden = !problem;
    if (problem) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    const hint = name === "text" ? "m-text-hint" : "";
    const described = [problem && error.id, hint].filter(Boolean).join(" ");
    if (described) field.setAttribute("aria-describedby", described);
    else field.removeAttribute("aria-describedby");
  }

  #showAbout() {
    const { article, guide } = this.#app.arrival;
    const told = [
      article && gettext("which article you have read"),
      guide && gettext("which guided fix you have tried"),
      trail(guide).searches && gettext("what you have searched for"),
    ].filter(Boolean);
    const about = this.#element.querySelector("[data-about]");
    about.hidden = !told.length;
    const what = new Intl.ListFormat(document.documentElement.lang).format(told);
    about.querySelector("[data-about-text]").textContent = format(gettext("The agent sees %(what)s."), { what });
  }

  #removeAbout() {
    Object.assign(this.#app.arrival, { article: "", guide: "", page: null });
    forget();
    this.#showAbout();
    this.#form.elements.text.focus();
  }

  /** Why it could not be opened, how long that lasts, and the other ways to a person. */
  #showProblem(refused) {
    const place = this.#element.querySelector("[data-problem]");
    place.hidden = !refused;
    place.replaceChildren();
    if (!refused) return;
    const words = document.createElement("p");
    words.textContent = refused.message;
    place.append(words);
    if (refused.retryAfter) place.append(paragraph(tryAgain(refused.retryAfter)));
    const ways = document.createElement("p");
    ways.className = "m-card-actions";
    const phone = this.#app.root.querySelector(".hotline a")?.cloneNode(true);
    if (phone) ways.append(phone, " ");
    const form = document.createElement("a");
    Object.assign(form, { className: "button ghost", href: this.#app.words.form });
    form.textContent = gettext("Leave a message");
    ways.append(form);
    place.append(ways);
  }
}

function paragraph(text) {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}

function tryAgain(seconds) {
  const minutes = Math.ceil(seconds / 60);
  const hours = Math.ceil(minutes / 60);
  const inMinutes = ngettext("Try again in %(n)s minute.", "Try again in %(n)s minutes.", minutes);
  const inHours = ngettext("Try again in %(n)s hour.", "Try again in %(n)s hours.", hours);
  return minutes < 60 ? format(inMinutes, { n: minutes }) : format(inHours, { n: hours });
}
