// Where a conversation is written.
//   const composer = new Composer(form, { onSend(text, attachments), thread, draftKey, keeper, limit: 2000, … })
//     onSend: may return false (the text stays) or a promise; a `Refused` that it throws is shown and the text stays
//     beforeSend(text, attachments): false stops it, a string replaces the text
//     onInput(text): after each change;  onKey(event): before our own keys, true when it was used (menus)
//     label, placeholder, sendLabel: words;  files: false without attachments;  dropTarget: the element that takes files
//     enterSends: false leaves Enter to new lines (Mod+Enter always sends)
//   composer.text (get, set); insert(text); focus(); send(); problem(text); clear(); stop()
//   composer.setMode("note" | "reply", { label, placeholder, sendLabel }); setThread(thread); setDraftKey(key); field; mode
// `form` is emptied; what stood in a textarea of it is kept. Its look is css/talk.css.
import { isComposing } from "../composition.js";
import { buildForm, isSendKey, setWords, showLength } from "./composer_form.js";
import { Draft } from "./drafts.js";
import { takeFiles } from "./dropping.js";
import { element } from "./elements.js";
import { FileTray } from "./files.js";
import { growing } from "./growing.js";
import { isBlank, lengthWords } from "./lengths.js";
import { gettext } from "./texts.js";
import { TypingSignal } from "./typing.js";

const DEFAULTS = { limit: 2000, files: true, enterSends: true };

/** A form to write in. */
export class Composer {
  mode = "reply";
  #options;
  #thread;
  #draft;
  #fit;
  #typing = new TypingSignal();
  #onInput = null;
  #isSending = false;
  #isDue = false;
  #stopping = new AbortController();

  constructor(form, options) {
    Object.assign(this, { form });
    this.#options = { ...DEFAULTS, dropTarget: form, ...options };
    this.#thread = options.thread ?? null;
    const upload = (...all) => this.#thread.upload(...all);
    this.tray = new FileTray({ upload, changed: () => this.#filesChanged(), leave: () => this.focus() });
    Object.assign(this, buildForm(form, this.tray, this.#options));
    this.#draft = new Draft(options.keeper ?? null, options.draftKey, () => this.text);
    this.#fit = growing(this.field);
    this.#listen();
    this.text = this.text || this.#draft.kept;
    // Whoever makes us is not ready to listen before.
    this.#onInput = options.onInput;
  }

  get text() {
    return this.field.value;
  }

  set text(text) {
    this.field.value = text;
    this.#changed();
  }

  /** Put a text where the cursor is, in place of what is selected. */
  insert(text) {
    const { selectionStart, selectionEnd } = this.field;
    this.field.setRangeText(text, selectionStart, selectionEnd, "end");
    this.#changed();
    this.focus();
  }

  focus() {
    this.field.focus();
  }

  /** Write a "reply" or a "note"; the words may change with it. */
  setMode(mode, words = {}) {
    this.mode = mode;
    this.form.classList.toggle("is-note", mode === "note");
    setWords(this, words);
  }

  /** The conversation that files and typing belong to; null before there is one. */
  setThread(thread) {
    // Files were uploaded for one conversation.
    if (this.#thread && this.#thread !== thread) this.tray.clear();
    this.#thread = thread;
    this.#changed();
  }

  /** Show the draft of something else; the present one is kept. */
  setDraftKey(key) {
    this.#draft.keep();
    this.#draft.key = key;
    this.text = this.#draft.kept;
  }

  /** Say what is wrong; an empty text says that nothing is. */
  problem(...texts) {
    this.problems.replaceChildren(...texts.filter(Boolean).map((text) => element("p", {}, text)));
  }

  /** What was written is sent or given up. */
  clear() {
    this.#typing.forget();
    this.problem();
    this.tray.clear();
    this.text = "";
    this.#draft.keep();
  }

  stop() {
    this.#draft.keep();
    this.#stopping.abort();
    this.tray.clear();
  }

  /** Send what is written, now or as soon as its files have arrived. */
  async send() {
    if (this.#isSending) return;
    const { words, over } = lengthWords(this.text, this.#options.limit);
    if (over) return this.problem(gettext("This message is too long. Shorten it or send it in parts."), words);
    if (isBlank(this.text) && this.tray.isEmpty) return;
    if (this.tray.hasFailed) return this.problem(gettext("A file could not be sent. Try it again or remove it."));
    this.#isDue = this.tray.isBusy;
    if (this.#isDue) this.problem(gettext("Your message goes out as soon as the files have arrived."));
    else await this.#hand();
  }

  async #hand() {
    const { attachments } = this.tray;
    const text = this.#options.beforeSend?.(this.text.trim(), attachments) ?? this.text.trim();
    if (text === false) return;
    this.#setSending(true);
    try {
      const result = this.#options.onSend(text, attachments);
      if ((result instanceof Promise ? await result : result) !== false) this.clear();
    } catch (refused) {
      this.problem(refused.message);
    } finally {
      this.#setSending(false);
    }
  }

  #setSending(isSending) {
    this.#isSending = isSending;
    // What would be written now would be cleared with the rest.
    this.field.readOnly = isSending;
    this.#changed();
  }

  #listen() {
    const { signal } = this.#stopping;
    const on = (target, name, heard) => target.addEventListener(name, heard, { signal });
    on(this.form, "submit", (event) => {
      event.preventDefault();
      this.send();
      this.focus();
    });
    on(this.field, "input", () => this.#typed());
    on(this.field, "keydown", (event) => this.#pressed(event));
    // The phone's keyboard stays while one message after the other is sent.
    on(this.sends, "mousedown", (event) => document.activeElement === this.field && event.preventDefault());
    on(window, "pagehide", () => this.#draft.keep());
    const early = gettext("Files can be sent once the conversation has begun.");
    const take = (files) => (this.#thread ? this.tray.add(files) : this.problem(early));
    if (this.#options.files) takeFiles({ field: this.field, target: this.#options.dropTarget, take, signal });
  }

  #pressed(event) {
    // Enter that confirms pinyin sends nothing, nor does it choose from a menu.
    if (isComposing(event) || this.#options.onKey?.(event)) return;
    if (!isSendKey(event, this.#options.enterSends)) return;
    event.preventDefault();
    this.send();
  }

  #typed() {
    this.#isDue = false;
    this.problem();
    this.#changed();
    this.#draft.keepSoon();
    if (this.#thread && this.mode === "reply" && !isBlank(this.text)) this.#typing.pressed(this.#thread);
  }

  #changed() {
    const { words, over } = lengthWords(this.text, this.#options.limit);
    showLength(this, words, over);
    const isEmpty = isBlank(this.text) && this.tray.isEmpty;
    this.sends.setAttribute("aria-disabled", String(isEmpty || over > 0 || this.#isSending));
    this.attach.hidden = !this.#options.files || !this.#thread;
    this.#fit();
    this.#onInput?.(this.text);
  }

  #filesChanged() {
    if (!this.field) return;
    this.#changed();
    if (this.#isDue && !this.tray.isBusy) this.send();
  }
}
