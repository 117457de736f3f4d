// Files that are going to be sent: chosen, pasted or dropped, checked, uploaded with progress.
//   const tray = new FileTray({ upload, changed, leave });  upload(file, onProgress, signal) -> attachment;
//     changed() after each change; leave() takes the focus when nothing of the tray needs it
//   tray.node (put it into the page); tray.input (the hidden file field); tray.add(files);
//   tray.attachments (uploaded, in order); tray.isBusy; tray.hasFailed; tray.clear()
import { button, element } from "./elements.js";
import { fileSize } from "./file_words.js";
import { icon } from "./icons.js";
import { format, gettext } from "./texts.js";

const TAKEN = /\.(png|jpe?g|webp|pdf|txt)$/i;
const ACCEPT = ".png,.jpg,.jpeg,.webp,.pdf,.txt";
const PICTURE = /\.(png|jpe?g|webp)$/i;
const MOST_BYTES = 10 * 1024 * 1024;
const MOST_FILES = 5;

/** Why a file is not taken; null when it is. */
export function problemOf(file) {
  const values = { name: file.name, size: fileSize(file.size) };
  const say = (text) => format(text, values);
  if (!TAKEN.test(file.name)) {
    return say(gettext("%(name)s can't be sent. Send pictures (PNG, JPEG, WebP), PDF or text files."));
  }
  if (file.size > MOST_BYTES) return say(gettext("%(name)s is too large (%(size)s). A file may have 10 MB."));
  return file.size ? null : say(gettext("%(name)s is empty."));
}

function tooMany({ name }) {
  return format(gettext("%(name)s was left out: 5 files at once are the most."), { name });
}

/** A small picture of a picture; a sign where it can't be drawn. */
function previewOf({ preview }) {
  const image = element("img", { src: preview, alt: "", width: 40, height: 40 });
  image.addEventListener("error", () => image.replaceWith(icon("file")));
  return image;
}

/** The files beside a text that is being written. */
export class FileTray {
  node = element("div");
  #list = element("ul", { className: "talk-tray", "aria-label": gettext("Files to send"), hidden: true });
  #problems = element("div", { className: "talk-problems", role: "alert" });
  input = element("input", { type: "file", multiple: true, hidden: true, accept: ACCEPT });
  #rows = [];
  #upload;
  #changed;
  #leave;

  constructor({ upload, changed, leave }) {
    this.#upload = upload;
    this.#changed = changed;
    this.#leave = leave;
    this.node.append(this.#problems, this.#list);
    this.input.addEventListener("change", () => {
      this.add([...this.input.files]);
      // The same file may be chosen again after it was removed.
      this.input.value = "";
    });
  }

  get attachments() {
    return this.#rows.filter((row) => row.attachment).map((row) => row.attachment);
  }

  get isBusy() {
    return this.#rows.some((row) => row.status === "uploading");
  }

  get hasFailed() {
    return this.#rows.some((row) => row.status === "failed");
  }

  get isEmpty() {
    return this.#rows.length === 0;
  }

  /** Take what may be sent and begin to upload it; say why for the rest. */
  add(files) {
    const problems = [];
    for (const file of files) {
      const problem = problemOf(file);
      if (problem) problems.push(problem);
      else if (this.#rows.length >= MOST_FILES) problems.push(tooMany(file));
      else this.#start(this.#row(file));
    }
    this.#say(problems);
    this.#show();
    this.#leave();
  }

  /** Forget the files: they were sent, or the text was given up. */
  clear() {
    for (const row of [...this.#rows]) this.#drop(row);
    this.#say([]);
  }

  #say(problems) {
    this.#problems.replaceChildren(...problems.map((text) => element("p", {}, text)));
  }

  #row(file) {
    const row = { file, status: "uploading", attachment: null, stopping: null };
    const named = (text) => format(text, { name: file.name });
    row.preview = PICTURE.test(file.name) ? URL.createObjectURL(file) : null;
    row.bar = element("progress", { max: 1, value: 0, "aria-label": named(gettext("Sending %(name)s")) });
    row.words = element("span", { className: "talk-tray-status" });
    row.retry = button({ className: "talk-link", hidden: true }, () => this.#again(row), gettext("Try again"));
    const removing = { className: "talk-tool", label: named(gettext("Remove %(name)s")) };
    const remove = button(removing, () => this.#remove(row), icon("close"));
    const sign = row.preview ? previewOf(row) : icon("file");
    const name = element("bdi", { className: "talk-file-name" }, file.name);
    const words = element("div", { className: "talk-tray-words" }, name, row.bar, row.words);
    row.item = element("li", {}, sign, words, row.retry, remove);
    this.#rows.push(row);
    this.#list.append(row.item);
    return row;
  }

  async #start(row) {
    row.stopping = new AbortController();
    this.#set(row, "uploading", "");
    try {
      const progress = (part) => (row.bar.value = part);
      row.attachment = await this.#upload(row.file, progress, row.stopping.signal);
      this.#set(row, "done", fileSize(row.file.size));
    } catch (problem) {
      if (problem.name === "AbortError" || !this.#rows.includes(row)) return;
      this.#set(row, "failed", problem.message || gettext("That did not work. Please try again."));
    }
  }

  #set(row, status, words) {
    row.status = status;
    row.words.textContent = words;
    row.item.dataset.status = status;
    row.bar.hidden = status !== "uploading";
    row.retry.hidden = status !== "failed";
    this.#changed();
  }

  #again(row) {
    row.bar.value = 0;
    this.#start(row);
    row.item.querySelector(".talk-tool").focus();
  }

  #remove(row) {
    const next = (row.item.nextElementSibling ?? row.item.previousElementSibling)?.querySelector(".talk-tool");
    this.#drop(row);
    this.#say([]);
    if (next) next.focus();
    else this.#leave();
  }

  #drop(row) {
    row.stopping?.abort();
    if (row.preview) URL.revokeObjectURL(row.preview);
    row.item.remove();
    this.#rows = this.#rows.filter((other) => other !== row);
    this.#show();
  }

  #show() {
    this.#list.hidden = this.isEmpty;
    this.#changed();
  }
}
