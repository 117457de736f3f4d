// What a conversation is read and written with: one composer, and a log for each thread that is shown.
import { Composer } from "../talk/composer.js";
import { MessageLog } from "../talk/log.js";

/** Log and composer in `element`; `reasons` are the words of ratings, `openCard` reads a suggestion. */
export class Surface {
  thread = null;
  #place;
  #log = null;
  #reasons;

  constructor(element, { keeper, reasons, openCard }) {
    this.#place = element.querySelector("[data-log]");
    this.#reasons = reasons;
    this.#followCards(openCard);
    this.composer = new Composer(element.querySelector("[data-composer]"), {
      keeper,
      draftKey: "draft",
      dropTarget: element,
      // Without a thread the text stays where it is.
      onSend: (text, attachments) => Boolean(this.thread?.send(text, { attachments })),
    });
  }

  /** Show a thread, or nothing; one that `isEarly` takes no files yet. */
  show(thread, { isEarly = false } = {}) {
    this.#log?.stop();
    this.thread = thread;
    this.composer.setThread(isEarly ? null : thread);
    this.#log = thread && new MessageLog(this.#place, thread, { reasons: this.#reasons });
  }

  /** To where one writes; on a phone to what was said, so that the keyboard stays away until it is wanted. */
  focus() {
    if (matchMedia("(pointer: fine)").matches) this.composer.focus();
    else this.#log?.focus();
  }

  /** Forget what was being written. */
  clear() {
    this.composer.clear();
  }

  /** A card says which suggestion it is, and then the click that belongs to it comes by. */
  #followCards(openCard) {
    let opened = null;
    this.#place.addEventListener("talk-article", ({ detail }) => (opened = detail));
    this.#place.addEventListener("click", (event) => {
      const link = opened && event.target.closest("a");
      if (link) openCard(opened, link, event);
      opened = null;
    });
  }
}
