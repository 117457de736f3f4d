// While a Chinese word is being composed, the letters typed so far are no search and no message.

/** Hold `input` events back during composition below `root`; the finished word is announced once. */
export function guardComposition(root) {
  root.addEventListener(
    "input",
    (event) => {
      if (event.isComposing) event.stopImmediatePropagation();
    },
    true,
  );
  root.addEventListener("compositionend", (event) => {
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/** Whether a key press belongs to an input method; Safari says so only by key code 229. */
export function isComposing(event) {
  return event.isComposing || event.keyCode === 229;
}
