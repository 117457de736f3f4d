// Where the customer comes from, so that nobody has to ask: the page, the article or guided fix, the question.
import { cut } from "../trail.js";

const SLUG = /^[a-z0-9][a-z0-9_-]{0,79}$/;
const MOST = 2000;
const FIELD = /^(?!.*\d{4})[a-z][a-z0-9_-]{0,39}$/i;
const MOST_FIELDS = 12;
const MOST_VALUE = 500;
const READ = /^\/[a-z-]+\/(articles|fix)\/([a-z0-9_-]{1,80})\//;

function slug(text) {
  return SLUG.test(text ?? "") ? text : "";
}

/** What a guided fix has put together; its page leaves it here on the way. */
function summary() {
  try {
    const found = sessionStorage.getItem("topay-summary") ?? "";
    sessionStorage.removeItem("topay-summary");
    return found.slice(0, MOST);
  } catch {
    return "";
  }
}

function ownReferrer() {
  try {
    const address = new URL(document.referrer);
    return address.origin === location.origin ? address : null;
  } catch {
    return null;
  }
}

/** {article, guide, topic, text, page, fields, identity}; each may be empty. */
export function arrival() {
  const query = new URLSearchParams(location.search);
  const found = {
    article: slug(query.get("article")),
    guide: slug(query.get("guide")),
    topic: slug(query.get("topic")),
    text: summary() || (query.get("q") ?? "").slice(0, MOST),
    page: null,
    fields: {},
    identity: identityFromFragment(),
  };
  const referrer = ownReferrer();
  if (referrer && !referrer.pathname.includes("/chat/")) note(found, { url: referrer.origin + referrer.pathname });
  return found;
}

/** What a site or an app knows of the matter; what the server would refuse is left out. */
export function noteFields(found, fields) {
  const told = Object.entries(fields ?? {}).filter(([key, value]) => FIELD.test(key) && String(value ?? ""));
  for (const [key, value] of told) found.fields[key] = cut(String(value), MOST_VALUE);
  found.fields = Object.fromEntries(Object.entries(found.fields).slice(-MOST_FIELDS));
}

/** Take a page into account; an article or guided fix of ours says what it is about. */
export function note(found, page) {
  if (!page?.url) return;
  found.page = page.title ? { url: page.url, title: page.title } : { url: page.url };
  let address;
  try {
    address = new URL(page.url);
  } catch {
    found.page = null;
    return;
  }
  const read = address.origin === location.origin && READ.exec(address.pathname);
  if (read && read[1] === "articles") found.article ||= read[2];
  if (read && read[1] === "fix") found.guide ||= read[2];
}

/** An app's WebView may say who is there in the fragment, which no server and no log ever sees. */
function identityFromFragment() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const token = fragment.get("identity") ?? "";
  if (token) history.replaceState(history.state, "", location.pathname + location.search);
  return token;
}
