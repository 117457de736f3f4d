// What is said about a file.
import { gettext } from "./texts.js";

const KB = 1024;

/** A size in words, "12 KB" or "3.4 MB"; `bytes` is a whole number. */
export function fileSize(bytes) {
  if (bytes < KB * KB) return `${Math.max(1, Math.round(bytes / KB))} KB`;
  const size = bytes / KB / KB;
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} MB`;
}

/** What kind of file it is. */
export function fileType({ type }) {
  if (type === "application/pdf") return "PDF";
  if (type?.startsWith("text/plain")) return gettext("Text file");
  return type?.startsWith("image/") ? gettext("Picture") : gettext("File");
}
