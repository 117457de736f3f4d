// Between the messenger in a frame and the loader on the page around it: a port that only these two hold.
// The messenger knows events of its document; here they become messages and messages become events.
import { HostKept } from "./kept.js";

const WAIT_MS = 2000;
// What the loader may say, and what the messenger says to it. Anything else goes nowhere.
const INCOMING = ["open", "hide", "show", "identify", "context", "shutdown"];
const OUTGOING = ["ready", "close", "unread", "running", "wiped"];

/** The origin of the page around us, if the server allows it to frame us; else null. */
function hostOrigin() {
  const allowed = document.querySelector('meta[name="topay-parents"]')?.content.split(" ") ?? [];
  const named = decodeURIComponent(location.hash.slice(1));
  return window.parent !== window && allowed.includes(named) ? named : null;
}

/** The port that the loader hands over, with what it kept for us; null when nobody answers. */
function shakeHands(origin) {
  return new Promise((resolve) => {
    setTimeout(resolve, WAIT_MS, null);
    addEventListener("message", (event) => {
      if (event.source !== window.parent || event.origin !== origin) return;
      if (event.data?.topay !== 1 || event.ports.length !== 1) return;
      resolve({ port: event.ports[0], kept: event.data.kept });
    });
    window.parent.postMessage("topay:hello", origin);
  });
}

/** The page around us as agents may see it; the private page of an earlier conversation is nobody's business. */
function seenPage(page) {
  return page?.url?.startsWith(`${location.origin}/`) && page.url.includes("/requests/") ? undefined : page;
}

function hear(port) {
  let isPageTold = false;
  port.onmessage = (event) => {
    let [name, detail] = Array.isArray(event.data) ? event.data : [];
    if (!INCOMING.includes(name)) return;
    if (name === "context" && detail?.page) isPageTold = true;
    // What the site says itself counts more than the address.
    if (name === "open") detail = { page: isPageTold ? undefined : seenPage(detail?.page) };
    document.dispatchEvent(new CustomEvent(`messenger:${name}`, { detail }));
  };
}

/** The messenger listens; what the loader has said meanwhile waits in the port. Nobody sees us until we are opened. */
function begin(port) {
  document.dispatchEvent(new CustomEvent("messenger:hide"));
  hear(port);
}

function speak(port) {
  for (const name of OUTGOING) {
    document.addEventListener(`messenger:${name}`, (event) => {
      const detail = name === "unread" ? Number(event.detail?.count) || 0 : Boolean(event.detail?.running);
      port.postMessage([name, detail]);
    });
  }
}

/** Connect to the loader; the messenger may start when this is done, with or without one. */
export async function connect() {
  const origin = hostOrigin();
  const found = origin && (await shakeHands(origin));
  if (!found) return;
  const kept = HostKept.take(found.kept, (value) => found.port.postMessage(["keep", value]));
  if (kept) document.addEventListener("messenger:shutdown", () => kept.clear());
  document.addEventListener("messenger:ready", () => begin(found.port), { once: true });
  speak(found.port);
}
