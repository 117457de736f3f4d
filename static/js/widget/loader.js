// The loader of /widget.js: a button, and behind it a frame with the messenger, on any site. The server fills in
// the texts of every language and the style (chat/views/widget.py) and takes the comments out.
// It stays small, breaks nothing of the host when something fails, and fetches nothing until somebody opens it.
((texts, style) => {
  const script = document.currentScript;
  if (!script || window.Topay?.base) return;
  const base = new URL(script.src).origin;
  const { lang = "auto", side = "right", offset = 20, layer = 2147483000 } = script.dataset;
  const spoken = lang === "auto" ? document.documentElement.lang || navigator.language : lang;
  const language = /^zh/i.test(spoken) ? "zh-hans" : "en";
  const text = texts[language];
  const listeners = {};
  let isOpen = false, isReady, frame, port, up, settle, opener, locked, unread = 0, prefix = "", untold = [];

  // One value in each storage of the host; where that is blocked there is none. `null` forgets it.
  const kept = (storage, value) => {
    try {
      if (value === null) delete window[storage].topay;
      else if (value) window[storage].topay = value;
      return window[storage].topay;
    } catch {
      return "";
    }
  };

  const make = (tag, parent, properties) => parent.appendChild(Object.assign(document.createElement(tag), properties));
  // Beside the body, so that it can be made inert as a whole and a host that replaces it keeps us.
  const host = make("div", document.documentElement, { role: "complementary", ariaLabel: text.name, className: side });
  host.style.setProperty("--offset", offset + "px");
  host.style.setProperty("--layer", layer);
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  const panel = make("div", root, { className: "panel", role: "dialog", ariaLabel: text.name, hidden: true });
  make("a", panel, { href: `${base}/${language}/chat/`, target: "_blank", textContent: text.name });
  const button = make("button", root, { className: "launcher" });
  const badge = make("span", button, { className: "badge" });

  const say = (event, detail) => listeners[event]?.forEach((listen) => queueMicrotask(() => listen(detail)));
  // Until the frame listens, what it should know waits.
  const tell = (...message) => (port ? port.postMessage(message) : untold.push(message));

  function paint() {
    const count = unread > 9 ? "9+" : unread;
    button.ariaLabel = text.name + (unread ? text.unread.replace("%s", count) : "");
    button.ariaExpanded = isOpen;
    badge.textContent = unread && !isOpen ? count : "";
    const bare = document.title.startsWith(prefix) ? document.title.slice(prefix.length) : document.title;
    prefix = document.hidden && unread ? `(${count}) ` : "";
    if (document.title !== prefix + bare) document.title = prefix + bare;
  }

  // On a small screen the panel covers the page, which then neither scrolls nor takes the focus. The keyboard
  // shrinks only the visual viewport, and only the top page knows that one.
  const small = matchMedia("(max-width:480px),(max-height:480px)");
  function fit() {
    const { body } = document;
    const isFull = isOpen && small.matches;
    panel.ariaModal = isFull;
    panel.style.cssText = isFull ? `height:${visualViewport.height}px;top:${visualViewport.offsetTop}px` : "";
    if (isFull && !locked) {
      locked = [scrollX, scrollY, body.style.cssText, body.inert];
      body.style.cssText += `;position:fixed;top:${-scrollY}px;left:${-scrollX}px;width:100%`;
      body.inert = true;
    } else if (!isFull && locked) {
      [, , body.style.cssText, body.inert] = locked;
      scrollTo({ left: locked[0], top: locked[1], behavior: "instant" });
      locked = null;
    }
  }

  function load() {
    if (frame) return;
    if (!kept("localStorage")) kept("localStorage", "used");
    up = new Promise((resolve) => (settle = resolve));
    up.then((isUp) => isUp || unload());
    setTimeout(settle, 15000);
    frame = make("iframe", panel, { title: text.name, src: `${base}/widget/?lang=${language}#${location.origin}` });
  }

  function unload() {
    frame?.remove();
    port?.close();
    frame = port = isReady = null;
    untold = [];
    heard.unread(0);
    panel.classList.remove("up");
  }

  async function open() {
    load();
    opener ||= button;
    if (!isOpen) say("open");
    isOpen = true;
    panel.hidden = false;
    fit();
    paint();
    frame.focus();
    // Which page it is, without what a query or fragment may give away.
    tell("open", { page: { url: location.origin + location.pathname, title: document.title } });
    return up;
  }

  function close() {
    if (!isOpen) return;
    const hadFocus = document.activeElement === host || locked;
    isOpen = false;
    panel.hidden = true;
    fit();
    paint();
    tell("hide");
    if (hadFocus) (opener.isConnected ? opener : button).focus({ preventScroll: true });
    opener = null;
    say("close");
  }

  // What the frame may say through its port.
  const heard = {
    close,
    ready() {
      isReady = true;
      panel.classList.add("up");
      settle(true);
      say("ready");
    },
    unread(count) {
      unread = count;
      paint();
      say("unread", count);
    },
    running: (is) => kept("localStorage", is ? "running" : "used"),
    keep: (value) => kept("sessionStorage", value),
  };

  addEventListener("message", ({ source, origin, data }) => {
    if (!frame || source !== frame.contentWindow || origin !== base || data !== "topay:hello") return;
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = (event) => heard[event.data[0]]?.(event.data[1]);
    source.postMessage({ topay: 1, kept: kept("sessionStorage") }, base, [channel.port2]);
    untold.splice(0).forEach((message) => tell(...message));
  });

  const commands = {
    open,
    close,
    toggle: () => (isOpen ? close() : open()),
    show: (what) => (tell("show", what), open()),
    identify: (who) => tell("identify", who),
    context: (fields) => tell("context", fields),
    async shutdown() {
      close();
      untold = [];
      if (frame || kept("localStorage") !== undefined) {
        load();
        tell("shutdown");
        if (await up) await new Promise((resolve) => { heard.wiped = resolve; setTimeout(resolve, 3000); });
        unload();
      }
      kept("localStorage", null);
      kept("sessionStorage", null);
    },
    on(event, listen) {
      (listeners[event] ||= []).push(listen);
      if (event === "ready" && isReady) queueMicrotask(listen);
    },
  };
  // Nothing of ours may break the host: every call is a promise of true, or of false when it did not work.
  const call = async (name, ...rest) => {
    try {
      return (await commands[name](...rest)) !== false;
    } catch {
      return false;
    }
  };

  button.onclick = () => call("toggle");
  root.addEventListener("keydown", (event) => event.key === "Escape" && close());
  document.addEventListener("visibilitychange", paint);
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-topay-open]");
    if (!link || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    opener = link;
    const article = link.dataset.topayOpen;
    call(article ? "show" : "open", { article });
  });
  small.addEventListener("change", fit);
  for (const event of ["resize", "scroll"]) visualViewport.addEventListener(event, fit);

  paint();
  // A conversation that goes on may bring messages for the badge; the page itself comes first.
  setTimeout(() => kept("localStorage") === "running" && load(), 500);
  const calls = window.Topay?.q;
  window.Topay = Object.assign(call, { base });
  calls?.forEach(([done, ...rest]) => call(...rest).then(done));
})(TEXTS, STYLE);
