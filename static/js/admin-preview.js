// Shows each language's text as customers will read it, a moment after the last key.
// <fieldset data-text="prefix"> holds the fields and <iframe data-preview="address" data-language="en">.
// The frame is sandboxed without scripts; the server has cleaned what is put into it.

const PAUSE_MS = 400;

export function enhancePreviews(root) {
  for (const frame of root.querySelectorAll("iframe[data-preview]")) watch(frame);
}

function watch(frame) {
  const prefix = frame.closest("[data-text]").dataset.text;
  const fields = ["title", "summary", "body"].map((name) => [name, document.getElementById(`id_${prefix}-${name}`)]);
  const token = frame.closest("form").elements.csrfmiddlewaretoken.value;
  let timer = 0;
  let running = null;

  const refresh = async () => {
    running?.abort();
    running = new AbortController();
    const data = new FormData();
    data.set("language", frame.dataset.language);
    for (const [name, field] of fields) data.set(name, field.value);
    try {
      const options = { method: "POST", body: data, headers: { "X-CSRFToken": token }, signal: running.signal };
      const response = await fetch(frame.dataset.preview, options);
      // Signed out meanwhile or refused: the last preview stays, the form says why at the next save.
      if (response.ok && !response.redirected) show(frame, await response.text());
    } catch (error) {
      if (error.name !== "AbortError") frame.dataset.stale = "";
    }
  };

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE_MS);
  };
  for (const [, field] of fields) field.addEventListener("input", soon);
  // After a refused save the form holds more than is stored.
  if (frame.closest("form").querySelector(".errornote")) frame.addEventListener("load", refresh, { once: true });
}

function show(frame, html) {
  const place = frame.contentDocument?.getElementById("preview");
  if (place) place.innerHTML = html;
  delete frame.dataset.stale;
}
