// An article inside the messenger, so that nobody loses the conversation over reading.
import { gettext } from "../talk/texts.js";

const ARTICLE = /^\/[a-z-]+\/articles\/([a-z0-9_-]+)\/$/;

/** Controls the reading view in `element`. */
export class Reading {
  #app;
  #element;
  #shown = null;

  constructor(app, element) {
    this.#app = app;
    this.#element = element;
    this.#on("[data-talk]", () => app.talk());
    this.#on("[data-return]", () => app.go("talk"));
    this.#on("[data-solved]", () => this.#solved());
    this.#on("[data-reading]", (event) => this.#follow(event));
  }

  /** Show an article; `isSuggested` when it was held out in the conversation. */
  enter({ slug, href = `${this.#app.words.home}articles/${slug}/`, title = "", isSuggested = false } = {}) {
    const isTalking = this.#app.session.isOpen;
    this.#find("[data-talk]").hidden = isTalking;
    this.#find("[data-return]").hidden = !isTalking;
    // Coming back to it, it is there already.
    if (!slug || this.#shown?.slug === slug) return;
    this.#shown = { slug, href, isSuggested };
    this.#find("[data-solved]").hidden = true;
    this.#find("h2").textContent = title;
    this.#find("[data-whole]").href = href;
    this.#find("[data-reading]").replaceChildren();
    this.#load(href);
  }

  #find(selector) {
    return this.#element.querySelector(selector);
  }

  #on(selector, act) {
    this.#find(selector).addEventListener("click", act);
  }

  async #load(href) {
    this.#find("[data-loading]").hidden = false;
    const page = await fetchPage(href);
    if (this.#shown?.href !== href) return;
    this.#find("[data-loading]").hidden = true;
    const parts = page?.querySelectorAll("article .answer, article .prose") ?? [];
    if (!parts.length) {
      this.#find("[data-reading]").textContent = gettext("The article can't be shown here. Open the whole page.");
      return;
    }
    this.#find("h2").textContent = page.querySelector("h1")?.textContent.trim() ?? "";
    this.#find("[data-reading]").replaceChildren(...[...parts].map((part) => this.#own(part)));
    this.#find("[data-solved]").hidden = false;
    this.#element.querySelector(".m-scroll").scrollTop = 0;
  }

  /** One article leads to another; everything else opens beside the messenger. */
  #follow(event) {
    const link = event.target.closest("a");
    const slug = link && ARTICLE.exec(link.getAttribute("href"))?.[1];
    if (!slug || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    this.#app.go("article", { slug, href: link.getAttribute("href") });
  }

  /** A part of the page as ours: its headings below ours, no ids, links that don't lead away. */
  #own(part) {
    const own = document.importNode(part, true);
    for (const element of own.querySelectorAll("[id]")) element.removeAttribute("id");
    for (const link of own.querySelectorAll("a[href]")) link.target = "_blank";
    return own;
  }

  async #solved() {
    const { slug, href, isSuggested } = this.#shown;
    if (isSuggested && this.#app.session.isOpen) {
      this.#app.go("talk");
      await this.#app.views.talk.solved(slug);
      return;
    }
    const body = new URLSearchParams({ solved: "yes" });
    fetch(`${href}vote/`, { method: "POST", body }).catch(() => {});
    this.#app.go("home");
    this.#app.line(gettext("Good. Thank you for telling us."));
    setTimeout(() => this.#app.line(""), 5000);
  }
}

async function fetchPage(href) {
  try {
    const response = await fetch(href);
    return response.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
  } catch {
    return null;
  }
}
