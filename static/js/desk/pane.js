// The conversation in the middle: its head, what was said, and what is written.
import { Composer } from "../talk/composer.js";
import { MessageLog } from "../talk/log.js";
import { format, gettext } from "../talk/texts.js";
import { Actions } from "./actions.js";
import { Canned } from "./canned.js";
import { Panel } from "./panel.js";

const SOON_MS = 200;
const NOTICE_MS = 8_000;

/** Shows one conversation at a time; the others go on being listened to. */
export class Pane {
  /** The conversation shown, null when there is none. */
  current = null;
  facts = null;
  #desk;
  #log = null;
  #timer = null;
  #noticeTimer = null;
  #listening = null;
  // Why the last thing was not done here; said again when the conversation goes for the same reason.
  #refused = null;

  constructor(desk) {
    this.#desk = desk;
    this.panel = new Panel(desk);
    const options = {
      keeper: desk.keeper,
      thread: null,
      draftKey: "",
      onSend: (text, attachments) => this.#send(text, attachments),
      onInput: (text) => this.canned?.typed(text),
      onKey: (event) => this.canned?.key(event),
      label: gettext("Reply to the customer"),
      dropTarget: desk.find("[data-talk]"),
    };
    this.composer = new Composer(desk.find("[data-composer]"), options);
    this.canned = new Canned(desk, this.composer.field);
    this.actions = new Actions(desk, this);
    for (const mode of desk.root.querySelectorAll("[data-mode]")) {
      if (mode.matches("button")) mode.addEventListener("click", () => this.write(mode.dataset.mode));
    }
    desk.find("[data-back]").addEventListener("click", () => this.leave());
    desk.talk.addEventListener("welcome", () => this.refresh());
    desk.talk.addEventListener("gone", ({ detail }) => detail.conversation === this.current && this.#gone());
    document.addEventListener("visibilitychange", () => document.hidden || desk.alerts.seen());
  }

  get thread() {
    return this.current && this.#desk.talk.thread(this.current);
  }

  /** Show a conversation. */
  async open(id, { history: keep = true, write = false } = {}) {
    if (this.current !== id) this.#enter(id, keep);
    await this.refresh();
    if (write && !this.#desk.find("[data-write]").hidden) this.composer.focus();
  }

  /** Back to the lists. */
  leave({ history: keep = true } = {}) {
    const left = this.current;
    this.#stop();
    this.current = this.facts = null;
    delete this.#desk.root.dataset.talking;
    for (const name of ["talk", "note"]) this.#desk.find(`[data-${name}]`).hidden = true;
    this.#desk.find("[data-empty]").hidden = false;
    this.panel.clear();
    if (keep) history.pushState(null, "", "/desk/");
    this.#desk.lists.mark(null);
    this.#desk.lists.row(left)?.querySelector("a").focus();
  }

  /** Ask the server what this agent may do here, and show it. */
  async refresh() {
    const id = this.current;
    if (!id) return;
    try {
      const facts = await this.#desk.session.get(`/desk/conversations/${id}/`);
      if (id === this.current) this.#show(facts);
    } catch (refused) {
      if (id === this.current && refused.status === 404) this.#gone();
    }
  }

  /** Write a reply or a note. */
  write(mode) {
    if (this.#desk.find("[data-write]").hidden) return;
    this.#setMode(mode);
    this.composer.focus();
  }

  /** Say what happened, above the conversation or where the lists are. */
  say(text, { bad = false, stays = false } = {}) {
    const line = this.#desk.find(this.current ? "[data-note]" : "[data-notice]");
    line.textContent = text;
    line.hidden = !text;
    line.toggleAttribute("data-bad", bad);
    clearTimeout(this.#noticeTimer);
    if (!stays) this.#noticeTimer = setTimeout(() => (line.hidden = true), NOTICE_MS);
  }

  /** Say why something was not done, and by whom it was done instead. */
  refuse({ by, message }) {
    this.#refused = by ? format(gettext("%(name)s took it."), { name: by }) : message;
    this.say(this.#refused, { bad: true });
  }

  #enter(id, keep) {
    this.#stop();
    this.current = id;
    this.facts = this.#refused = null;
    this.#desk.root.dataset.talking = "";
    this.#desk.find("[data-empty]").hidden = true;
    this.#desk.find("[data-talk]").hidden = false;
    this.#desk.find("[data-note]").hidden = true;
    this.#desk.find("[data-write]").hidden = true;
    for (const name of ["title", "facts"]) this.#desk.find(`[data-${name}]`).textContent = "";
    this.actions.show(null);
    if (keep) history.pushState(null, "", `/desk/?c=${id}`);
    this.#desk.lists.mark(id);
    this.panel.settle();
    this.panel.load(id);
    this.#listen(this.#desk.talk.open(id));
  }

  #listen(thread) {
    const signal = (this.#listening = new AbortController()).signal;
    const soon = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.refresh(), SOON_MS);
    };
    thread.addEventListener("state", soon, { signal });
    thread.addEventListener("nack", ({ detail }) => this.say(detail.message, { bad: true }), { signal });
    this.#setMode("reply");
  }

  #show(facts) {
    const isFirst = this.facts === null;
    const known = ({ tags, state, may }) => JSON.stringify([tags, state.state, may.lift]);
    if (!isFirst && known(facts) !== known(this.facts)) this.panel.load(facts.conversation);
    this.facts = facts;
    const { visitor, reference, state, topic, agent, may } = facts;
    const name = visitor.name || reference;
    this.#desk.find("[data-title]").textContent = name;
    const words = [visitor.name && reference, this.actions.stateWords(state.state), this.#desk.lists.word("topic", topic)];
    this.#desk.find("[data-facts]").textContent = [...words, agent?.name].filter(Boolean).join(" · ");
    this.actions.show(facts);
    this.#desk.find("[data-write]").hidden = !may.answer;
    if (isFirst || !this.#log) this.#showLog(name);
  }

  #showLog(name) {
    this.#log?.stop();
    const labels = { log: format(gettext("Conversation with %(name)s"), { name }), visitor: name };
    this.#log = new MessageLog(this.#desk.find("[data-log]"), this.thread, { me: this.#desk.me, labels });
  }

  #setMode(mode) {
    const isNote = mode === "note";
    const label = isNote ? gettext("Note for agents") : gettext("Reply to the customer");
    this.#desk.find("[data-write]").dataset.mode = mode;
    for (const one of this.#desk.root.querySelectorAll("button[data-mode]")) {
      one.setAttribute("aria-pressed", String(one.dataset.mode === mode));
    }
    this.composer.setMode(mode, { label, placeholder: label, sendLabel: isNote ? gettext("Save the note") : gettext("Send") });
    this.composer.setThread(this.thread);
    this.composer.setDraftKey(`draft:${this.current}:${mode}`);
  }

  #send(text, attachments) {
    this.canned.hide();
    const visibility = this.composer.mode === "note" ? "internal" : "public";
    this.thread.send(text, { attachments, visibility });
  }

  #gone() {
    const text = this.#refused ?? gettext("Somebody else answers this conversation now.");
    this.leave();
    this.say(text, { bad: this.#refused !== null });
    this.#desk.lists.refresh();
  }

  #stop() {
    this.#log?.stop();
    this.#log = null;
    this.#listening?.abort();
    clearTimeout(this.#timer);
    this.canned?.hide();
  }
}
