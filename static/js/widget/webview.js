// In an app's WebView: what the app tells the messenger, and links that belong into the phone's browser.
// What the messenger tells the app (ready, unread, close) its shell says itself (messenger/shell.js).

/** Say something to the app around us, on either system. */
function tellApp(message) {
  globalThis.webkit?.messageHandlers?.topay?.postMessage(message);
  globalThis.TopayAndroid?.postMessage?.(JSON.stringify(message));
}

function isHeard() {
  return Boolean(globalThis.webkit?.messageHandlers?.topay ?? globalThis.TopayAndroid?.postMessage);
}

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(`messenger:${name}`, { detail }));
}

/** A WebView has no tabs: other sites and new windows open outside of the app, where the address can be seen. */
function openOutside(event) {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || !isHeard()) return;
  const isOurs = link.origin === location.origin && link.target !== "_blank";
  if (isOurs || !/^(https?|tel|mailto):$/.test(link.protocol)) return;
  event.preventDefault();
  tellApp({ type: "openUrl", url: link.href });
}

/** The app's event `topay:context`: {identity, page, fields, article, view, shutdown}, each if there is something to say. */
function take({ detail }) {
  const { identity, page, fields, article, view, shutdown } = detail ?? {};
  if (shutdown) tell("shutdown");
  if (typeof identity === "string") tell("identify", { token: identity });
  if (page || fields) tell("context", { page, fields });
  if (article || view) tell("show", { article, view });
}

document.addEventListener("click", openOutside);
addEventListener("topay:context", take);
