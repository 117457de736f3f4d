// A picture of the conversation, as large as the window allows.
import { button, element } from "./elements.js";
import { icon } from "./icons.js";
import { gettext } from "./texts.js";

/** Show the picture at `source` over the page; `save()` downloads it. The focus comes back by itself. */
export function openViewer(source, { name, width, height }, save) {
  const dialog = element("dialog", { className: "talk-viewer", "aria-label": name });
  const image = element("img", { src: source, alt: name, width, height });
  const tool = (label, press, sign) => button({ className: "talk-tool", label }, press, icon(sign));
  const saves = tool(gettext("Download"), save, "download");
  const closes = tool(gettext("Close"), () => dialog.close(), "close");
  const title = element("bdi", { className: "talk-file-name" }, name);
  dialog.append(element("div", { className: "talk-viewer-head" }, title, saves, closes), image);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  // Escape closes the picture and nothing behind it.
  dialog.addEventListener("keydown", (event) => event.key === "Escape" && event.stopPropagation());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  closes.focus();
}
