// Dialogs that ask before something is done; each stays open with the reason when it can't be done.
import { element } from "../talk/elements.js";
import { format, gettext } from "../talk/texts.js";
import { authorName } from "../talk/words.js";

const MOST_LISTED = 30;

/** Transfer, end, tags, take back, block. */
export class Dialogs {
  #desk;
  #doing = new Map();

  constructor(desk) {
    this.#desk = desk;
    for (const dialog of document.querySelectorAll("dialog.desk-dialog")) {
      dialog.querySelector("[data-cancel]")?.addEventListener("click", () => dialog.close());
    }
    for (const name of ["transfer", "close", "tags", "redact", "block"]) this.#wire(name);
    document.querySelector("[data-open-keys]").addEventListener("click", () => this.keys());
  }

  keys() {
    document.getElementById("dialog-keys").showModal();
  }

  /** Hand a conversation to a colleague or a topic. */
  async transfer(id) {
    const { agents, topics } = await this.#desk.session.get("/desk/agents/");
    const others = agents.filter((agent) => !agent.is_self);
    const colleagues = others.map((agent) => choice(`agent:${agent.id}`, agentWords(agent)));
    const subjects = topics.map((topic) => choice(`topic:${topic.slug}`, topic.title));
    const dialog = this.#dialog("transfer");
    dialog.querySelector("[data-targets]").replaceChildren(
      element("h3", {}, gettext("A colleague")),
      ...(colleagues.length ? colleagues : [element("p", { className: "quiet" }, gettext("There is nobody else."))]),
      element("h3", {}, gettext("Whoever answers this topic")),
      ...subjects,
    );
    this.#open("transfer", async (form) => {
      const [kind, value] = (form.get("target") ?? "").split(":");
      if (!value) throw new Error(gettext("Choose somebody."));
      const target = kind === "agent" ? { agent: Number(value) } : { topic: value };
      const note = form.get("note").trim();
      await this.#desk.talk.verb("transfer", { conversation: id, ...target, ...(note && { note }) });
      this.#desk.pane.say(gettext("Handed over."));
    });
  }

  /** End a conversation. */
  close(id, tags) {
    this.#dialog("close").querySelector("[name=tags]").value = tags.join(", ");
    this.#open("close", async (form) => {
      const words = form.get("tags").split(/[,，、]/).map((tag) => tag.trim()).filter(Boolean);
      await this.#desk.session.post(`/desk/conversations/${id}/close/`, { reason: form.get("reason"), tags: words });
    });
  }

  tags(id, tags) {
    this.#dialog("tags").querySelector("[name=tags]").value = tags.join(", ");
    this.#open("tags", async (form) => {
      await this.#desk.session.post(`/desk/conversations/${id}/tags/`, { tags: form.get("tags") });
    });
  }

  /** Take one of the last texts back. */
  redact(id, events, visitor) {
    const texts = events.filter((event) => ["message", "note"].includes(event.kind) && !event.data?.redacted);
    const choices = texts.slice(-MOST_LISTED).reverse().map((event) => {
      const by = authorName(event.author, "agent", visitor);
      const words = event.text.slice(0, 80) || event.attachments.map(({ name }) => name).join(", ");
      return choice(String(event.n), `${by}: ${words}`);
    });
    this.#dialog("redact").querySelector("[data-messages]").replaceChildren(...choices);
    this.#open("redact", async (form) => {
      const n = Number(form.get("target"));
      if (!n) throw new Error(gettext("Choose a message."));
      await this.#desk.session.post(`/desk/conversations/${id}/redact/`, { n });
    });
  }

  block(id) {
    this.#open("block", async (form) => {
      const body = { reason: form.get("reason").trim(), days: Number(form.get("days")) };
      await this.#desk.session.post(`/desk/conversations/${id}/block/`, body);
    });
  }

  #dialog(name) {
    return document.getElementById(`dialog-${name}`);
  }

  #open(name, act) {
    this.#doing.set(name, act);
    const dialog = this.#dialog(name);
    dialog.querySelector("[data-problem]").hidden = true;
    dialog.showModal();
    dialog.querySelector("input, textarea")?.focus();
  }

  #wire(name) {
    const dialog = this.#dialog(name);
    const form = dialog.querySelector("form");
    form.addEventListener("submit", async (event) => {
      if (event.submitter?.value !== "ok") return;
      event.preventDefault();
      const problem = dialog.querySelector("[data-problem]");
      try {
        await this.#doing.get(name)(new FormData(form));
        dialog.close();
        form.reset();
        this.#desk.pane.refresh();
        this.#desk.lists.refreshSoon();
      } catch (refused) {
        problem.textContent = refused.by ? format(gettext("%(name)s took it."), { name: refused.by }) : refused.message;
        problem.hidden = false;
      }
    });
  }
}

function choice(value, words) {
  return element("label", {}, element("input", { type: "radio", name: "target", value }), element("span", {}, words));
}

function agentWords({ name, presence, load, capacity }) {
  const there = { online: gettext("online"), away: gettext("away"), offline: gettext("offline") }[presence] ?? presence;
  return format(gettext("%(name)s (%(there)s, %(load)s of %(capacity)s)"), { name, there, load, capacity });
}
