// Files that are pasted or dropped.

/** Give files that are pasted into `field` or dropped on `target` to `take(files)`, until `signal` is aborted. */
export function takeFiles({ field, target, take, signal }) {
  field.addEventListener("paste", (event) => pasted(event, take), { signal });
  const over = (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    // Else the browser would leave the page to show the file.
    event.preventDefault();
    target.dataset.dropping = "";
  };
  const away = (event) => {
    if (!target.contains(event.relatedTarget)) delete target.dataset.dropping;
  };
  const dropped = (event) => {
    delete target.dataset.dropping;
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    take([...event.dataTransfer.files]);
  };
  target.addEventListener("dragover", over, { signal });
  target.addEventListener("dragleave", away, { signal });
  target.addEventListener("drop", dropped, { signal });
}

/** Spreadsheets put a picture beside the text that was copied: then the text is meant. */
function pasted(event, take) {
  const files = [...(event.clipboardData?.files ?? [])];
  if (!files.length || event.clipboardData.types.includes("text/plain")) return;
  event.preventDefault();
  take(files);
}
