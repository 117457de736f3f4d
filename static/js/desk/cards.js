// Finding an article or guided fix and showing it to the customer as a card.
const SOON_MS = 250;

/** The dialog with the search. */
export class Cards {
  #desk;
  #dialog = document.getElementById("dialog-cards");
  #list = document.getElementById("desk-found");
  #timer = null;
  #turn = 0;

  constructor(desk) {
    this.#desk = desk;
    const field = this.#dialog.querySelector("[name=q]");
    field.addEventListener("input", (event) => event.isComposing || this.#soon(field.value));
    field.addEventListener("compositionend", () => this.#soon(field.value));
    // Enter searches; it must not close the dialog.
    field.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const row = event.target.closest("[data-card]")?.closest(".found");
      if (row) this.#show(row.dataset.kind, row.dataset.slug);
    });
  }

  open() {
    this.#say("");
    this.#dialog.showModal();
    this.#dialog.querySelector("[name=q]").select();
  }

  #soon(q) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(q), SOON_MS);
  }

  async #search(q) {
    const turn = ++this.#turn;
    const words = new URLSearchParams({ q, conversation: this.#desk.pane.current });
    const found = await this.#desk.session.fragment(`/desk/articles/?${words}`);
    if (found && turn === this.#turn) this.#list.replaceChildren(found);
  }

  async #show(kind, slug) {
    try {
      await this.#desk.session.post(`/desk/conversations/${this.#desk.pane.current}/article/`, { kind, slug });
      this.#dialog.close();
      this.#desk.pane.composer.focus();
    } catch (refused) {
      this.#say(refused.message);
    }
  }

  #say(text) {
    const problem = this.#dialog.querySelector("[data-problem]");
    problem.hidden = !text;
    problem.textContent = text;
  }
}
