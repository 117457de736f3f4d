// Comforts of the guided fixes: the language link follows the answers, times know their zone, and a request
// that fails goes the plain way. Listeners sit on the document, because steps come and go.
const LOCAL_MINUTE = 16; // "2026-11-23T14:05"

function localNow() {
  const now = new Date();
  return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, LOCAL_MINUTE);
}

function freshenStep() {
  for (const link of document.querySelectorAll("a[data-language]")) link.search = location.search;
  for (const input of document.querySelectorAll("[data-guide-form] input[type=datetime-local]")) input.max = localNow();
}

// What the customer calls "14:05" depends on where they are, and on that day's summer time.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-guide-form]");
  const time = form?.querySelector("input[type=datetime-local]");
  if (time?.value) form.elements.utc_offset.value = -new Date(time.value).getTimezoneOffset();
});

function goPlain(event) {
  const form = event.detail.elt.closest?.("#guide form, #guide a");
  if (!form) return;
  if (form.matches("a")) location.assign(form.href);
  else if (form.method === "get") location.assign(`${form.action}?path=${form.querySelector("button").value}`);
}

document.addEventListener("htmx:afterSwap", freshenStep);
document.addEventListener("htmx:sendError", goPlain);
document.addEventListener("htmx:responseError", goPlain);
freshenStep();
