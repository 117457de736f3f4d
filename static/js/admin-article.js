// The article's page for editors: a preview while one writes, and how long the texts are.
import { enhanceCounters } from "./admin-counters.js";
import { enhancePreviews } from "./admin-preview.js";

// The search box inside Django's list of related articles has no name of its own.
function nameRelatedSearch() {
  const label = document.querySelector('label[for="id_related"]');
  const search = document.querySelector(".field-related .select2-search__field");
  if (label && search) search.setAttribute("aria-label", label.textContent.trim());
}
const related = document.querySelector(".field-related");
if (related) new MutationObserver(nameRelatedSearch).observe(related, { childList: true, subtree: true });
nameRelatedSearch();

enhanceCounters(document);
enhancePreviews(document);
