// Everything by keyboard. Single keys act only outside of fields, and can be switched off.
import { isComposing } from "../composition.js";

const LISTS = ["queue", "mine", "all", "left", "closed"];

/** The keys of the desk. */
export class Keys {
  #desk;

  constructor(desk) {
    this.#desk = desk;
    const single = document.querySelector("[data-single-keys]");
    single.checked = desk.keeper.get("single-keys", true);
    single.addEventListener("change", () => desk.keeper.set("single-keys", single.checked));
    if (/Mac|iPhone|iPad/.test(navigator.platform)) {
      for (const key of document.querySelectorAll("[data-mod]")) key.textContent = "⌘";
    }
    addEventListener("keydown", (event) => this.#pressed(event));
  }

  #pressed(event) {
    if (isComposing(event) || event.defaultPrevented) return;
    if ((event.metaKey || event.ctrlKey) && !event.altKey && event.code === "KeyK") {
      event.preventDefault();
      this.#desk.palette.open();
      return;
    }
    if (document.querySelector("dialog[open]") || event.metaKey || event.ctrlKey || event.altKey) return;
    if (isField(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (!this.#desk.keeper.get("single-keys", true)) return;
    if (this.#single(event)) event.preventDefault();
  }

  #single(event) {
    if (event.key === "?") return this.#did(() => this.#desk.dialogs.keys());
    if (event.key === "/") return this.#did(() => this.#cannedOrSearch());
    const { lists, pane, offers } = this.#desk;
    const list = /^Digit([1-5])$/.exec(event.code);
    if (list && !event.shiftKey) return this.#did(() => lists.show(LISTS[list[1] - 1]));
    const doing = {
      KeyJ: () => lists.step(1),
      KeyK: () => lists.step(-1),
      KeyR: () => pane.write("reply"),
      KeyN: () => pane.write("note"),
      KeyA: () => this.#accept(),
      KeyD: () => offers.first && offers.decline(offers.first),
      KeyT: () => this.#do("transfer"),
      KeyE: () => this.#do("close"),
      KeyI: () => pane.current && pane.panel.toggle(),
    }[event.code];
    return doing && !event.shiftKey ? this.#did(doing) : false;
  }

  #did(act) {
    act();
    return true;
  }

  #do(name) {
    if (this.#desk.pane.actions.can(name)) this.#desk.pane.actions.do(name);
  }

  #accept() {
    const { offers, pane } = this.#desk;
    if (offers.first) offers.accept(offers.first);
    else if (pane.actions.can("take")) pane.actions.do("take");
  }

  #cannedOrSearch() {
    const { pane } = this.#desk;
    if (this.#desk.find("[data-write]").hidden || !pane.current) {
      document.getElementById("desk-q").focus();
      return;
    }
    pane.write("reply");
    if (!pane.composer.text) pane.composer.insert("/");
  }
}

function isField(target) {
  const field = target instanceof Element && target.closest("input, textarea, select, [contenteditable]");
  // A field of a dialog that has just closed keeps the focus for another moment.
  return Boolean(field) && field.checkVisibility();
}
