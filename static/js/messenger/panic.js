// An emergency: what to do at once, and a person before everybody else.

const TOPIC = "security";

/** Controls one emergency's view in `element`. */
export class Panic {
  #app;

  constructor(app, element) {
    this.#app = app;
    element.querySelector("[data-urgent-talk]").addEventListener("click", () => this.#talk(element.dataset.urgent));
    for (const link of element.querySelectorAll("[data-read]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        app.go("article", { slug: link.dataset.read, href: link.getAttribute("href") });
      });
    }
  }

  /** In a conversation that goes on, the agent is told; else one is opened at the front of the queue. */
  #talk(text) {
    const { session, opening, views, words } = this.#app;
    if (session.isOpen || opening) {
      this.#app.go("talk");
      views.talk.say(text);
      return;
    }
    const kept = session.keeper.get("before") ?? {};
    this.#app.open({ text, topic: TOPIC, language: words.language, name: kept.name, email: kept.email });
  }
}
