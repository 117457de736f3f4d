// Files of a conversation: pictures as thumbnails that are fetched when they come near, others as rows to download.
//   const pictures = new Pictures(thread);  pictures.view(attachment) -> HTMLElement;  pictures.stop()
import { button, element } from "./elements.js";
import { fileSize, fileType } from "./file_words.js";
import { icon } from "./icons.js";
import { format, gettext } from "./texts.js";
import { openViewer } from "./viewer.js";

const SHOWN = new Set(["image/png", "image/jpeg", "image/webp"]);
const MOST = 240;
const NEAR = "400px";

/** Shows the files of one thread; fetched pictures live as long as they are shown. */
export class Pictures {
  #thread;
  #addresses = new Map();
  #waiting = new WeakMap();
  #observer;

  constructor(thread) {
    this.#thread = thread;
    this.#observer = new IntersectionObserver((entries) => this.#came(entries), { rootMargin: NEAR });
  }

  /** The element for a file. */
  view(attachment) {
    return SHOWN.has(attachment.type) ? this.#picture(attachment) : this.#row(attachment);
  }

  /** Let go of everything that was fetched. */
  stop() {
    this.#observer.disconnect();
    for (const address of this.#addresses.values()) address.then((url) => URL.revokeObjectURL(url)).catch(() => {});
    this.#addresses.clear();
  }

  #address(attachment) {
    const kept = this.#addresses.get(attachment.id);
    if (kept) return kept;
    const fetched = this.#thread.fetchFile(attachment).then((blob) => URL.createObjectURL(blob));
    this.#addresses.set(attachment.id, fetched);
    // What failed is asked for again.
    fetched.catch(() => this.#addresses.delete(attachment.id));
    return fetched;
  }

  #picture(attachment) {
    const box = element("div", { className: "talk-file talk-picture" });
    const { width, height } = sizeOf(attachment);
    const image = element("img", { width, height, alt: "", decoding: "async" });
    // Its place is the one that was told, whatever arrives.
    image.style.aspectRatio = `${width} / ${height}`;
    const label = format(gettext("Picture %(name)s, open larger"), { name: attachment.name });
    const open = button({ label, className: "talk-thumb" }, () => this.#open(attachment, image), image);
    box.append(open);
    this.#waiting.set(image, { attachment, box });
    this.#observer.observe(image);
    return box;
  }

  #came(entries) {
    for (const { isIntersecting, target } of entries) {
      const found = isIntersecting && this.#waiting.get(target);
      if (!found) continue;
      this.#observer.unobserve(target);
      this.#show(target, found.attachment, found.box);
    }
  }

  async #show(image, attachment, box) {
    try {
      image.src = await this.#address(attachment);
      await image.decode();
      box.classList.add("is-shown");
    } catch {
      box.classList.add("is-failed");
      box.replaceChildren(...this.#failure(attachment, () => box.replaceWith(this.view(attachment))));
    }
  }

  #open(attachment, image) {
    if (image.src) openViewer(image.src, attachment, () => save(image.src, attachment));
  }

  #row(attachment) {
    const box = element("div", { className: "talk-file talk-document" });
    const words = element("span", { className: "talk-file-words" }, ...nameAndSize(attachment));
    const status = element("span", { className: "talk-file-problem", role: "status" });
    const label = format(gettext("Download %(name)s"), { name: attachment.name });
    const fetchAndSave = async () => {
      status.textContent = "";
      try {
        save(await this.#address(attachment), attachment);
      } catch (problem) {
        status.textContent = problem.message || gettext("That did not work. Please try again.");
      }
    };
    box.append(icon("file"), words, button({ label, className: "talk-tool" }, fetchAndSave, icon("download")), status);
    return box;
  }

  #failure(attachment, retry) {
    const words = element("span", { className: "talk-file-words" }, ...nameAndSize(attachment));
    const problem = element("span", { className: "talk-file-problem" }, gettext("The picture could not be loaded."));
    return [words, problem, button({ className: "talk-link" }, retry, gettext("Try again"))];
  }

}

function save(url, { name }) {
  element("a", { href: url, download: name }).click();
}

/** Width and height in which a picture is shown, so that its place is kept before it is there. */
function sizeOf({ width, height }) {
  if (!width || !height) return { width: MOST, height: (MOST * 3) / 4 };
  const scale = Math.min(1, MOST / width, MOST / height);
  return { width: Math.max(48, Math.round(width * scale)), height: Math.max(48, Math.round(height * scale)) };
}

function nameAndSize(attachment) {
  const name = element("bdi", { className: "talk-file-name" }, attachment.name);
  const words = `${fileType(attachment)} · ${fileSize(attachment.size)}`;
  return [name, element("span", { className: "talk-file-size" }, words)];
}
