// Where the conversation is, as a card above the composer: place and wait, a message that is left, who is asked.
import { button, element } from "../talk/elements.js";
import { format, gettext } from "../talk/texts.js";
import { momentInWords, waitInWords } from "./presence.js";

const LEAVE_AFTER_MS = 180_000;
const LONG_WAIT_S = 15 * 60;

/** What the card says: {title, text, number, actions} or null where there is nothing to say. */
export function describe(state, { since, now, opensAt }) {
  if (!state || state.state === "active" || state.state === "closed") return null;
  if (state.state === "message") return message();
  if (state.state === "offered") {
    return { title: gettext("An agent is being connected"), text: gettext("Just a moment."), actions: [] };
  }
  if (state.reason === "closed") return closed(opensAt);
  if (state.reason === "nobody_online") {
    const text = gettext("You keep your place. Leave it as a message, and the answer comes here and on your private page.");
    return { title: gettext("Nobody is on duty at the moment"), text, actions: ["leave"] };
  }
  const isLong = now - since >= LEAVE_AFTER_MS || (state.expected_wait_seconds ?? 0) > LONG_WAIT_S;
  return queue(state, isLong);
}

function message() {
  const text = gettext("The answer appears here and on your private page. Keep its link: whoever has it can read this.");
  return { title: gettext("Your message is with us"), text, actions: ["private", "copy"] };
}

function closed(opensAt) {
  const keep = gettext("Leave it as a message, and the answer comes here and on your private page.");
  const back = opensAt && format(gettext("Closed until %(when)s."), { when: momentInWords(opensAt) });
  return { title: gettext("We are closed at the moment"), text: back ? `${back} ${keep}` : keep, actions: ["leave"] };
}

function queue(state, isLong) {
  const place = state.queue_position ?? 1;
  const why = {
    agent_gone: gettext("The connection to your agent was lost. You are back at your old place."),
    transferred: gettext("A colleague takes over. You keep your place."),
  }[state.reason];
  const wait = waitInWords(state.expected_wait_seconds);
  const stay = gettext("You can look elsewhere meanwhile; we tell you when somebody answers.");
  const title = place === 1 ? gettext("You are next") : format(gettext("Number %(n)s in the queue"), { n: place });
  return { title, text: [why, wait, stay].filter(Boolean).join(" "), actions: isLong ? ["leave", "notify"] : ["notify"] };
}

/** Shows the card in `element`; `acts` does what its buttons say. */
export class StateCard {
  #element;
  #acts;
  #shown = "";

  constructor(place, acts) {
    this.#element = place;
    this.#acts = acts;
  }

  /** Show what `describe` says, with the `facts` that its actions need: {mayNotify, privateUrl, reference}. */
  show(said, facts = {}) {
    this.#element.hidden = !said;
    // What has not changed stays, with the focus in it.
    const key = JSON.stringify([said, facts]);
    if (key === this.#shown || !said) return;
    this.#shown = key;
    this.#find("[data-card-title]").textContent = said.title;
    this.#find("[data-card-text]").textContent = said.text;
    const reference = said.actions.includes("private") && facts.reference;
    const words = reference && format(gettext("Reference: %(n)s"), { n: reference });
    if (words) this.#find("[data-card-text]").append(" ", element("strong", { className: "time" }, words));
    const actions = said.actions.map((name) => this.#action(name, facts));
    this.#find("[data-card-actions]").replaceChildren(...actions.filter(Boolean));
  }

  #find(selector) {
    return this.#element.querySelector(selector);
  }

  #action(name, { mayNotify, privateUrl }) {
    if (name === "leave") return this.#button(gettext("Leave a message instead"), () => this.#acts.leave());
    if (name === "notify") {
      return mayNotify ? this.#button(gettext("Notify me"), () => this.#acts.notify()) : null;
    }
    if (name === "copy") return this.#copy(privateUrl);
    const options = { className: "button ghost small", href: privateUrl, target: "_blank" };
    return element("a", options, gettext("Open the private page"));
  }

  #copy(url) {
    const made = this.#button(gettext("Copy the link"), async () => {
      try {
        await navigator.clipboard.writeText(new URL(url, location.href).href);
        made.textContent = gettext("Copied");
      } catch {
        made.textContent = gettext("It can't be copied here. Open the page.");
      }
    });
    return made;
  }

  #button(words, press) {
    return button({ className: "button ghost small" }, press, words);
  }
}
