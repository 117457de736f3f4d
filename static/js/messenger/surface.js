// What a conversation is read and written with: one composer, and a log for each thread that is shown. They are half
// of the messenger's code, so they are fetched when the customer gets near to a conversation.
const AGAIN_MS = 2000;
let fetched = null;

/** Fetch log and composer; until there is a network it is tried again. */
export function fetchTools() {
  fetched ??= import("./tools.js").catch(() => {
    fetched = null;
    return new Promise((resolve) => setTimeout(resolve, AGAIN_MS)).then(fetchTools);
  });
  return fetched;
}

/** Log and composer in `element`; `reasons` are the words of ratings, `openCard` reads a suggestion. */
export class Surface {
  thread = null;
  #element;
  #place;
  #options;
  #tools = null;
  #composer = null;
  #log = null;
  #isEarly = false;
  #wantsFocus = false;

  constructor(element, { openCard, ...options }) {
    this.#element = element;
    this.#place = element.querySelector("[data-log]");
    this.#options = options;
    this.#followCards(openCard);
  }

  /** Show a thread, or nothing; one that `isEarly` takes no files yet. */
  show(thread, { isEarly = false } = {}) {
    this.#log?.stop();
    this.#log = null;
    this.thread = thread;
    this.#isEarly = isEarly;
    if (this.#tools) this.#build();
    else if (thread) fetchTools().then((tools) => this.#begin(tools));
  }

  /** To where one writes; on a phone to what was said, so that the keyboard stays away until it is wanted. */
  focus() {
    this.#wantsFocus = !this.#composer;
    if (matchMedia("(pointer: fine)").matches) this.#composer?.focus();
    else this.#log?.focus();
  }

  /** Forget what was being written. */
  clear() {
    this.#composer?.clear();
  }

  #begin(tools) {
    if (this.#tools) return;
    this.#tools = tools;
    this.#build();
    // The customer may have gone on to something else meanwhile.
    if (this.#wantsFocus && !this.#element.hidden) this.focus();
  }

  #build() {
    this.#composer ??= this.#makeComposer();
    this.#composer.setThread(this.#isEarly ? null : this.thread);
    this.#log = this.thread && new this.#tools.MessageLog(this.#place, this.thread, { reasons: this.#options.reasons });
  }

  #makeComposer() {
    return new this.#tools.Composer(this.#element.querySelector("[data-composer]"), {
      keeper: this.#options.keeper,
      draftKey: "draft",
      dropTarget: this.#element,
      // Without a thread the text stays where it is.
      onSend: (text, attachments) => Boolean(this.thread?.send(text, { attachments })),
    });
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
