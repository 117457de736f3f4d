// Comforts of the guided fixes: the language link follows the answers, times know their zone, the summary can be
// copied, and a request that fails goes the plain way. Listeners sit on the document, because steps come and go.
import { answered } from "./trail.js";

const LOCAL_MINUTE = 16; // "2026-11-23T14:05"

function noteAnswers() {
  const [, , , guide] = location.pathname.split("/");
  const words = (answer, part) => answer.querySelector(part).textContent.trim();
  const answers = [...document.querySelectorAll(".guide-answers li")];
  answered(guide, answers.map((one) => `${words(one, ".quiet")}: ${words(one, ".answered")}`));
}

function localNow() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, LOCAL_MINUTE);
}

function freshenStep() {
  for (const link of document.querySelectorAll("a[data-language]")) link.search = location.search;
  for (const input of document.querySelectorAll("[data-guide-form] input[type=datetime-local]")) input.max = localNow();
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  noteAnswers();
}

// What the customer calls "14:05" depends on where they are, and on that day's summer time. Captured, so that the
// form is complete before htmx reads it.
function addOffset(event) {
  const form = event.target.closest("[data-guide-form]");
  const time = form?.querySelector("input[type=datetime-local]");
  if (time?.value) form.elements.utc_offset.value = -new Date(time.value).getTimezoneOffset();
}

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    // Without a secure connection there is no clipboard to write to, but what is selected can be copied.
    field.select();
    if (!document.execCommand("copy")) return;
  }
  button.parentElement.querySelector("[data-copy-status]").textContent = button.dataset.copied;
}

function goPlain(event) {
  const element = event.detail.elt.closest?.("#guide form, #guide a");
  if (element?.matches("a")) location.assign(element.href);
  else element?.submit();
}

/** The summary goes along into the chat, and through no address. */
function takeAlong() {
  try {
    sessionStorage.setItem("topay-summary", document.getElementById("summary-text").value);
  } catch {
    // Then it is copied by hand.
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
  if (event.target.closest("[data-to-chat]")) takeAlong();
});
document.addEventListener("submit", addOffset, true);
document.addEventListener("htmx:afterSwap", freshenStep);
document.addEventListener("htmx:historyRestore", freshenStep);
document.addEventListener("htmx:sendError", goPlain);
document.addEventListener("htmx:responseError", goPlain);
freshenStep();
