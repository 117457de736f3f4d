// Small comforts of every public page. Nothing here is needed to read, search or write to us.
import { guardComposition } from "./composition.js";
import { enhanceSearch } from "./search.js";

guardComposition(document);
for (const form of document.querySelectorAll("[data-search]")) enhanceSearch(form);

// The launcher that opens the chat on this page takes the place of the link to its own page.
const loader = document.querySelector("[data-loader]");
const replaceLink = () => window.Topay?.base && document.querySelector("[data-launcher]")?.remove();
if (window.Topay) replaceLink();
else loader?.addEventListener("load", replaceLink);

// The choice of a language is remembered for the next visit to "/".
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-language]");
  if (link) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `topay_language=${link.dataset.language}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  }
});

// After a swap the focus goes to what the swap asks for: an error summary or a new heading.
document.addEventListener("htmx:afterSwap", (event) => {
  const target = event.detail.target?.querySelector("[data-focus]");
  if (target) target.focus();
});
