// The contact form without JavaScript is complete; this saves people from sending what would come back.
import { enhanceFiles } from "./file-field.js";

document.querySelector(".error-summary")?.focus();
for (const form of document.querySelectorAll("[data-contact-form]")) {
  for (const text of form.querySelectorAll("[data-limit]")) countCharacters(text, form.dataset);
  for (const field of form.querySelectorAll("[data-files]")) enhanceFiles(field);
  sendOnce(form);
}

/** Say how many characters are left near the limit; the text itself is never cut. */
function countCharacters(text, words) {
  const limit = Number(text.dataset.limit);
  const count = document.createElement("p");
  count.className = "count";
  count.setAttribute("role", "status");
  text.after(count);
  const show = () => {
    const left = limit - text.value.trim().length;
    count.classList.toggle("over", left < 0);
    count.textContent = left > limit / 10 ? "" : `${left < 0 ? words.over : words.left} ${Math.abs(left)}`;
  };
  text.addEventListener("input", show);
  show();
}

/**
 * A second press while the first is on its way does nothing (the server would make it one message too).
 * A form that is sent within seconds would come back as a program's, so it waits for the rest of the time.
 */
function sendOnce(form) {
  const button = form.querySelector("[type=submit]");
  const label = button.textContent;
  let isWaiting = false;
  const set = (isSending) => {
    button.setAttribute("aria-disabled", String(isSending));
    button.textContent = isSending ? form.dataset.sending : label;
  };
  form.addEventListener("submit", (event) => {
    if (button.getAttribute("aria-disabled") === "true" || form.dataset.ready === "0") event.preventDefault();
    isWaiting = form.dataset.ready === "0";
    set(true);
  });
  form.dataset.ready = "0";
  setTimeout(() => {
    form.dataset.ready = "1";
    if (isWaiting) form.submit();
  }, Number(form.dataset.minSeconds) * 1000);
  window.addEventListener("pageshow", () => set(false));
}
