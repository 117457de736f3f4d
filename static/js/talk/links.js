// Addresses in what people write, and addresses that the server names. A link always shows where it really leads.
import { element } from "./elements.js";
import { gettext } from "./texts.js";

const ADDRESS = /\bhttps?:\/\/[^\s<>"'`“”‘’「」《》【】，。；：！？、）（]+/giu;
const NOT_ITS_END = /[.,;:!?)\]}*_~]+$/u;
const REL = "noopener noreferrer nofollow";

/** The `URL` of an address, http(s) only and without a name before an @; null for anything else. */
export function webAddress(text) {
  let url;
  try {
    url = new URL(text);
  } catch {
    return null;
  }
  if (!["http:", "https:"].includes(url.protocol) || !url.hostname) return null;
  // "https://topay.example@evil.example" leads to evil.example; nobody needs such names here.
  url.username = "";
  url.password = "";
  return url;
}

/** Where a card may lead: http(s), or a path of this site; null for anything else. */
export function cardAddress(text) {
  const value = String(text ?? "");
  if (/^\/(?![/\\])/.test(value) && new URL(value, location.origin).origin === location.origin) return value;
  return /^https?:/i.test(value) ? (webAddress(value)?.href ?? null) : null;
}

/** Whether a host holds letters that may look like others: shown in its plain form, "xn--…". */
export function isOddHost(hostname) {
  return hostname.split(".").some((label) => label.startsWith("xn--"));
}

function link(url) {
  const rest = url.href.slice(`${url.protocol}//${url.host}`.length);
  const shown = rest === "/" ? "" : rest;
  const host = element("b", { className: "talk-host" }, url.host);
  const leads = { href: url.href, rel: REL, target: "_blank", dir: "ltr" };
  const made = element("a", leads, `${url.protocol}//`, host, shown);
  if (!isOddHost(url.hostname)) return [made];
  return [made, element("span", { className: "talk-odd" }, ` (${gettext("address with unusual letters")})`)];
}

/** A text as nodes, its web addresses as links; newlines stay in the text. */
export function linked(text) {
  const nodes = [];
  let done = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const written = withoutEnd(found[0]);
    const url = webAddress(written);
    if (!url) continue;
    nodes.push(text.slice(done, found.index), ...link(url));
    done = found.index + written.length;
  }
  nodes.push(text.slice(done));
  return nodes.filter((node) => node !== "");
}

/** Without the sentence's own signs; a bracket that was opened inside the address belongs to it. */
function withoutEnd(address) {
  const bare = address.replace(NOT_ITS_END, "");
  const isOpen = bare.split("(").length > bare.split(")").length;
  return isOpen && address[bare.length] === ")" ? `${bare})` : bare;
}
