// Suggestions under the search field as an accessible combobox. htmx fetches them; this moves among them.
import { isComposing } from "./composition.js";
import { searched } from "./trail.js";

/** Make one search form a combobox. */
export function enhanceSearch(form) {
  const input = form.querySelector("input[name=q]");
  const list = form.querySelector(".suggestions");
  const status = form.querySelector("[data-search-status]");
  let active = -1;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  list.setAttribute("role", "listbox");

  const options = () => [...list.querySelectorAll("[role=option]")];

  function choose(index) {
    const all = options();
    active = all.length ? (index + all.length) % all.length : -1;
    all.forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
    if (active >= 0) input.setAttribute("aria-activedescendant", all[active].id);
    else input.removeAttribute("aria-activedescendant");
  }

  function open() {
    list.hidden = false;
    input.setAttribute("aria-expanded", String(options().length > 0));
  }

  function close() {
    active = -1;
    options().forEach((option) => option.setAttribute("aria-selected", "false"));
    input.removeAttribute("aria-activedescendant");
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  }

  list.addEventListener("htmx:afterSwap", () => {
    close();
    searched(input.value);
    if (document.activeElement === input) open();
    const count = options().length;
    status.textContent = count ? `${count} ${status.dataset.countLabel}` : "";
  });

  input.addEventListener("keydown", (event) => {
    if (isComposing(event)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!options().length) return;
      event.preventDefault();
      if (list.hidden) open();
      else if (event.key === "ArrowDown") choose(active + 1);
      else choose(active < 0 ? -1 : active - 1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // a search field would be emptied, too
      close();
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      options()[active].click();
    }
  });
  input.addEventListener("focus", () => {
    if (options().length) open();
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target)) close();
  });
  form.addEventListener("submit", close);
  searched(input.value);
  document.addEventListener("click", (event) => noteOpened(event, form, input));
}

/** Tell the editors which result helped; sent beside the navigation, without anything about the visitor. */
function noteOpened(event, form, input) {
  const link = event.target.closest("a[data-opened]");
  const results = link?.closest("[data-results]");
  const query = results ? results.dataset.results : form.contains(link) ? input.value : "";
  if (!link || !query) return;
  const body = new URLSearchParams({ q: query, slug: link.dataset.opened });
  navigator.sendBeacon(`${form.action}opened/`, body);
}
