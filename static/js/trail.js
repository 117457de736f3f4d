// What somebody has looked for and answered on the way to the chat. It stays in this tab; an agent sees it only
// together with a question, and the customer can take it out before.
const KEY = "topay-trail";
const MOST_SEARCHES = 5;
const LONGEST = 80;
// What one field of a conversation holds.
const MOST_ANSWERS = 500;

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

function write(trail) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(trail));
  } catch {
    // Blocked: then the agent asks.
  }
}

/** The beginning of a text; no sign is cut in half. */
export function cut(text, most) {
  return [...text].slice(0, most).join("");
}

/** Somebody has looked for something; what goes on with the words before takes their place. */
export function searched(query) {
  const words = cut(query.trim().replace(/\s+/g, " "), LONGEST);
  if (!words) return;
  const { searches = [], ...rest } = read();
  const kept = searches.filter((one) => one !== words);
  if (kept.length && words.startsWith(kept.at(-1))) kept.pop();
  write({ ...rest, searches: [...kept, words].slice(-MOST_SEARCHES) });
}

/** What has been answered in a guided fix so far, a line each. */
export function answered(guide, lines) {
  write({ ...read(), guide, answers: cut(lines.join("\n"), MOST_ANSWERS) });
}

/** The trail as fields of a conversation: {searches, answers}, a line each; the answers of this guided fix only. */
export function trail(guide) {
  const { searches = [], answers, guide: of } = read();
  const found = {};
  if (searches.length) found.searches = searches.join("\n");
  if (answers && of === guide) found.answers = answers;
  return found;
}

/** Begin anew. */
export function forget() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // Then there is nothing to forget.
  }
}
