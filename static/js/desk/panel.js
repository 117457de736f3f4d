// What is known about the customer, beside the conversation.

/** The pane on the right; over the conversation where there is no room. */
export class Panel {
  #desk;
  #node;
  #body;
  #wide = matchMedia("(min-width: 75.01rem)");

  constructor(desk) {
    this.#desk = desk;
    this.#node = desk.find("[data-panel]");
    this.#body = desk.find("[data-panel-body]");
    desk.find("[data-close-panel]").addEventListener("click", () => this.toggle(false));
    this.#node.addEventListener("keydown", (event) => event.key === "Escape" && this.toggle(false));
    this.#wide.addEventListener("change", () => this.settle());
    this.#body.addEventListener("click", (event) => {
      const link = event.target.closest(".panel-earlier a");
      if (!link) return;
      event.preventDefault();
      desk.pane.open(new URL(link.href).searchParams.get("c"));
    });
  }

  /** Open where there is room, unless it was put away. */
  settle() {
    this.#node.hidden = !this.#desk.pane.current || !this.#wide.matches || !this.#desk.keeper.get("panel", true);
  }

  toggle(isOpen = this.#node.hidden) {
    this.#node.hidden = !isOpen;
    if (this.#wide.matches) this.#desk.keeper.set("panel", isOpen);
    if (isOpen && !this.#wide.matches) this.#desk.find("[data-close-panel]").focus();
  }

  /** Show what is known of this conversation's customer. */
  async load(id) {
    const found = await this.#desk.session.fragment(`/desk/conversations/${id}/panel/`);
    if (!found || this.#desk.pane.current !== id) return;
    this.#body.replaceChildren(found);
    globalThis.htmx?.process(this.#body);
  }

  clear() {
    this.#body.replaceChildren();
    this.#node.hidden = true;
  }
}
