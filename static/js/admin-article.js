// The article's page for editors: a preview while one writes, and how long the texts are.
import { enhanceCounters } from "./admin-counters.js";
import { enhancePreviews } from "./admin-preview.js";

enhanceCounters(document);
enhancePreviews(document);
