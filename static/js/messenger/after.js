// After a conversation: rating it, taking the transcript along, beginning anew. Nothing of it is asked for twice.
import { gettext } from "../talk/texts.js";

/** Controls what is below a conversation that has ended; `app` gives the talk. */
export class After {
  #app;
  #element;
  #form;

  constructor(app, element) {
    this.#app = app;
    this.#element = element;
    this.#form = element.querySelector("[data-rating]");
    this.#form.addEventListener("change", () => this.#scored());
    this.#form.addEventListener("submit", (event) => this.#rate(event));
    this.#find("[data-skip]").addEventListener("click", () => this.#skip());
    this.#find("[data-transcript]").addEventListener("click", () => this.download());
    this.#find("[data-again]").addEventListener("click", () => this.#again());
  }

  /** {slug: words} of the reasons that can be given. */
  get reasons() {
    const boxes = [...this.#form.querySelectorAll("[name=reasons]")];
    return Object.fromEntries(boxes.map((box) => [box.value, box.nextElementSibling.textContent]));
  }

  /** Show it for a `talk` that has ended; `isRated` when there is a rating, `isOver` when it can't be reopened. */
  show(talk, { isRated, isOver }) {
    this.talk = talk;
    this.#element.hidden = false;
    const isSkipped = this.#app.session.keeper.get("skipped") === talk.conversation;
    this.#form.hidden = isRated || isSkipped;
    this.#find("[data-thanks]").hidden = !isRated;
    this.#find("[data-reopen]").hidden = isOver;
  }

  hide() {
    this.#element.hidden = true;
    this.#form.reset();
    this.#scored();
  }

  /** Everything that was said, as a file. */
  async download() {
    try {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await this.talk.transcript());
      link.download = `topay-${this.talk.conversation.slice(0, 8)}.txt`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    } catch (refused) {
      this.#problem(refused.message);
    }
  }

  #find(selector) {
    return this.#element.querySelector(selector);
  }

  #scored() {
    const isScored = Boolean(this.#form.elements.score.value);
    this.#find("[data-reasons]").hidden = !isScored;
    this.#find("[data-rate]").hidden = !isScored;
    if (isScored) this.#find("[data-rate]").scrollIntoView({ block: "nearest" });
    this.#problem("");
  }

  async #rate(event) {
    event.preventDefault();
    const form = new FormData(this.#form);
    const rating = { score: Number(form.get("score")), reasons: form.getAll("reasons").slice(0, 5) };
    try {
      await this.talk.rate({ ...rating, comment: form.get("comment").trim() });
    } catch (refused) {
      const isEarly = refused.code === "closed";
      this.#problem(isEarly ? gettext("This conversation goes on; rate it when it has ended.") : refused.message);
      return;
    }
    this.#form.hidden = true;
    this.#find("[data-thanks]").hidden = false;
    this.#find("[data-transcript]").focus();
  }

  #skip() {
    this.#app.session.keeper.set("skipped", this.talk.conversation);
    this.#form.hidden = true;
    this.#find("[data-transcript]").focus();
  }

  #again() {
    this.#app.views.talk.drop();
    this.#app.session.leave();
    this.#app.go("before");
  }

  #problem(words) {
    const place = this.#find("[data-rating-error]");
    place.textContent = words;
    place.hidden = !words;
  }
}
