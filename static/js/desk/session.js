// Who is signed in; when the session has ended what was written stays, and goes out after signing in again.
import { ask, askJson, Refused } from "../talk/api.js";
import { gettext } from "../talk/texts.js";

const SIGNED_OUT = new Set([4401, 4403]);

/** The session, and every call that needs it. */
export class Session {
  csrf = document.querySelector("meta[name=csrf-token]").content;
  #desk;
  #dialog = document.getElementById("dialog-session");

  constructor(desk) {
    this.#desk = desk;
    this.#dialog.querySelector("[data-renew]").addEventListener("click", () => this.#renew());
    // Whoever comes back from signing in is looked after without a further press.
    addEventListener("focus", () => this.#dialog.open && this.#renew({ quietly: true }));
    document.addEventListener("htmx:responseError", ({ detail }) => detail.xhr.status === 401 && this.ended());
    queueMicrotask(() => {
      desk.talk.addEventListener("link", ({ detail }) => SIGNED_OUT.has(detail.code) && this.ended());
    });
  }

  /** Get JSON. Raises `Refused`. */
  get(path) {
    return this.#guarded(askJson(path));
  }

  /** Get a fragment as the children of an element that is in no page; null when it can't be had. */
  async fragment(path) {
    try {
      const response = await this.#guarded(ask(path, { headers: { Accept: "text/html", "HX-Request": "true" } }));
      const parsed = new DOMParser().parseFromString(`<template>${await response.text()}</template>`, "text/html");
      return parsed.querySelector("template").content;
    } catch {
      // What is shown stays until the next try; a session that has ended was said already.
      return null;
    }
  }

  /** Post JSON. Raises `Refused`. */
  post(path, body = {}) {
    return this.#guarded(askJson(path, { method: "POST", body, headers: { "X-CSRFToken": this.csrf } }));
  }

  /** The session is over: say so, once. Where a second factor is missing, the page itself leads to it; drafts are kept. */
  ended(code) {
    if (code === "second_factor") return location.reload();
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  async #guarded(asked) {
    try {
      return await asked;
    } catch (problem) {
      if (problem instanceof Refused && problem.status === 401) this.ended(problem.code);
      throw problem;
    }
  }

  /** Is somebody signed in again? Then the page goes on with the new session's token. */
  async #renew({ quietly = false } = {}) {
    let found;
    try {
      found = await askJson("/desk/session/");
    } catch (problem) {
      if (problem.code === "second_factor") return location.reload();
      const isOut = problem.status === 401 || problem.status === 403;
      return quietly || this.#say(isOut ? gettext("You are not signed in yet.") : problem.message);
    }
    // Somebody else's desk is another desk.
    if (String(found.agent) !== this.#desk.root.dataset.agent) return location.reload();
    this.csrf = found.csrf;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": this.csrf }));
    this.#say("");
    this.#dialog.close();
    this.#desk.talk.start();
    this.#desk.lists.refresh();
    return this.#desk.pane.refresh();
  }

  #say(text) {
    const problem = this.#dialog.querySelector("[data-problem]");
    problem.hidden = !text;
    problem.textContent = text;
  }
}
