// One field for every command and every conversation.
import { isComposing } from "../composition.js";
import { element } from "../talk/elements.js";
import { gettext } from "../talk/texts.js";
import { listName } from "./lists.js";

const SOON_MS = 200;
const MOST = 12;

/** The palette of Mod+K. */
export class Palette {
  #desk;
  #dialog = document.getElementById("dialog-palette");
  #input = this.#dialog.querySelector("[data-palette-input]");
  #list = document.getElementById("palette-list");
  #none = this.#dialog.querySelector("[data-none]");
  #rows = [];
  #at = 0;
  #timer = null;
  #turn = 0;

  constructor(desk) {
    this.#desk = desk;
    desk.find("[data-open-palette]").addEventListener("click", () => this.open());
    this.#input.addEventListener("input", (event) => event.isComposing || this.#changed());
    this.#input.addEventListener("compositionend", () => this.#changed());
    this.#input.addEventListener("keydown", (event) => this.#pressed(event));
    this.#list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#run(Number(option.dataset.at));
    });
  }

  open() {
    this.#input.value = "";
    this.#dialog.showModal();
    this.#changed();
  }

  #changed() {
    const words = this.#input.value.trim().toLowerCase();
    this.#turn += 1;
    this.#show(this.#commands().filter(({ title }) => title.toLowerCase().includes(words)));
    clearTimeout(this.#timer);
    if (words) this.#timer = setTimeout(() => this.#search(words), SOON_MS);
  }

  /** Conversations come after the commands, when they have been found. */
  async #search(words) {
    const turn = this.#turn;
    const path = `/desk/lists/all/?${new URLSearchParams({ q: words })}`;
    const fragment = await this.#desk.session.fragment(path);
    if (!fragment || turn !== this.#turn) return;
    const found = [...fragment.querySelectorAll(".row")].map((row) => ({
      title: row.querySelector(".row-name").textContent.trim(),
      more: row.querySelector(".row-line").textContent.trim(),
      act: () => this.#desk.pane.open(row.dataset.conversation),
    }));
    this.#show([...this.#rows, ...found].slice(0, MOST));
  }

  #commands() {
    const { lists, pane, presence, alerts, dialogs } = this.#desk;
    const verb = (name, title) => pane.actions.can(name) && { title, act: () => pane.actions.do(name) };
    const list = (name) => ({ title: listName(name), act: () => lists.show(name) });
    return [
      verb("take", gettext("Take over")),
      verb("transfer", gettext("Transfer")),
      verb("close", gettext("End the conversation")),
      verb("reopen", gettext("Reopen")),
      verb("cards", gettext("Insert an article")),
      verb("tags", gettext("Tags")),
      ...["queue", "mine", "all", "left", "closed"].map(list),
      { title: gettext("Go online"), act: () => presence.choose("online") },
      { title: gettext("Go away"), act: () => presence.choose("away") },
      { title: gettext("Go offline"), act: () => presence.choose("offline") },
      { title: gettext("Alerts"), act: () => alerts.open() },
      { title: gettext("Keys"), act: () => dialogs.keys() },
    ].filter(Boolean);
  }

  #show(rows) {
    this.#rows = rows;
    const nodes = rows.map(({ title, more }, at) =>
      element(
        "li",
        { role: "option", id: `palette-${at}`, "data-at": at, "aria-selected": "false" },
        element("span", {}, title),
        more && element("span", { className: "quiet" }, more),
      ),
    );
    this.#list.replaceChildren(...nodes);
    this.#none.hidden = rows.length > 0;
    this.#choose(0);
  }

  #choose(at) {
    const count = this.#rows.length;
    this.#at = count ? (at + count) % count : 0;
    for (const option of this.#list.children) {
      const isChosen = Number(option.dataset.at) === this.#at;
      option.setAttribute("aria-selected", String(isChosen));
      if (isChosen) option.scrollIntoView({ block: "nearest" });
    }
    if (count) this.#input.setAttribute("aria-activedescendant", `palette-${this.#at}`);
    else this.#input.removeAttribute("aria-activedescendant");
  }

  #pressed(event) {
    if (isComposing(event)) return;
    if (event.key === "ArrowDown") this.#choose(this.#at + 1);
    else if (event.key === "ArrowUp") this.#choose(this.#at - 1);
    else if (event.key === "Enter") this.#run(this.#at);
    else return;
    event.preventDefault();
  }

  #run(at) {
    const row = this.#rows[at];
    this.#dialog.close();
    row?.act();
  }
}
