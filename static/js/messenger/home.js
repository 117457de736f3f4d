// The first view: search as you type, guided fixes, help at once, and always the way to a person.
import { isComposing } from "../composition.js";
import { format, gettext, ngettext } from "../talk/texts.js";
import { searched } from "../trail.js";
import { momentInWords } from "./presence.js";

const PAUSE_MS = 250;

/** Controls the home view in `element`. */
export class Home {
  #app;
  #element;
  #asked = 0;
  #timer = null;
  #input;

  constructor(app, element) {
    this.#app = app;
    this.#element = element;
    this.#input = element.querySelector("input[name=q]");
    this.#input.addEventListener("input", (event) => event.isComposing || this.#soon());
    this.#input.addEventListener("compositionend", () => this.#soon());
    this.#input.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && isComposing(event)) event.stopPropagation();
    });
    element.querySelector("[data-find]").addEventListener("submit", (event) => this.#submit(event));
    element.querySelector("[data-continue]").addEventListener("click", () => app.go("talk"));
    element.querySelector("[data-talk]").addEventListener("click", (event) => {
      event.preventDefault();
      app.talk(this.#input.value.trim() ? { text: this.#input.value.trim() } : {});
    });
    for (const button of element.querySelectorAll("[data-panic]")) {
      button.addEventListener("click", () => app.go(`panic-${button.dataset.panic}`));
    }
    app.presence.addEventListener("change", () => this.#showWait());
  }

  enter() {
    const kept = this.#app.session.current;
    this.#element.querySelector("[data-continue]").hidden = !kept;
    if (kept) this.#element.querySelector("[data-continue-text]").textContent = lastTime(kept);
    this.#app.presence.start();
    this.#showWait();
  }

  leave() {
    clearTimeout(this.#timer);
    if (!["home", "before"].includes(this.#app.view)) this.#app.presence.stop();
  }

  #showWait() {
    const { presence, root } = this.#app;
    for (const place of root.querySelectorAll("[data-wait]")) {
      const words = presence.words || "\u00a0";
      if (place.textContent !== words) place.textContent = words;
      place.classList.toggle("open", presence.isStaffed);
    }
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(), PAUSE_MS);
  }

  async #submit(event) {
    event.preventDefault();
    clearTimeout(this.#timer);
    await this.#search();
    this.#element.querySelector("[data-found] a")?.focus();
  }

  async #search() {
    const query = this.#input.value.trim();
    this.#asked += 1;
    const asked = this.#asked;
    if (!query) return this.#show([], "");
    const found = await this.#suggestions(query);
    // An answer that was overtaken by more typing is not shown.
    if (asked === this.#asked && found) {
      searched(query);
      this.#show(found, query);
    }
    return null;
  }

  async #suggestions(query) {
    try {
      const response = await fetch(`${this.#app.words.suggest}?q=${encodeURIComponent(query)}`);
      if (response.status !== 200) return null;
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      return [...page.querySelectorAll("a[data-opened]")];
    } catch {
      return null;
    }
  }

  #show(found, query) {
    const list = this.#element.querySelector("[data-found]");
    list.replaceChildren(...found.map((link) => this.#row(link, query)));
    list.hidden = found.length === 0;
    const offers = this.#element.querySelector("[data-offers]");
    if (offers) offers.hidden = found.length > 0;
    const words = ngettext("%(n)s article fits.", "%(n)s articles fit.", found.length);
    const none = gettext("No article fits. A person can help you.");
    const status = this.#element.querySelector("[data-found-status]");
    status.textContent = query ? (found.length ? format(words, { n: found.length }) : none) : "";
    status.classList.toggle("visually-hidden", !query || found.length > 0);
  }

  #row(link, query) {
    const slug = link.dataset.opened;
    const row = document.createElement("li");
    const shown = document.createElement("a");
    shown.href = link.getAttribute("href");
    shown.dataset.read = slug;
    const title = document.createElement("span");
    title.textContent = link.firstElementChild?.textContent ?? link.textContent;
    shown.append(title);
    shown.addEventListener("click", (event) => {
      event.preventDefault();
      navigator.sendBeacon(this.#app.words.opened, new URLSearchParams({ q: query, slug }));
      this.#app.go("article", { slug, href: shown.getAttribute("href") });
    });
    row.append(shown);
    return row;
  }
}

function lastTime({ at, state }) {
  const when = momentInWords(at);
  if (state === "closed") return format(gettext("Ended. You can still write in it. Begun %(when)s"), { when });
  if (state === "message") return format(gettext("Left as a message. Begun %(when)s"), { when });
  return format(gettext("Going on. Begun %(when)s"), { when });
}
