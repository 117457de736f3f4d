// What is around the messenger: a page of ours, a frame on some site, or an app's WebView.

/** Tells the surroundings what happens and does what they ask for. */
export class Shell {
  #app;

  constructor(app, name) {
    this.#app = app;
    this.name = name;
  }

  /** Listen to the surroundings, and say that we do. */
  listen() {
    const app = this.#app;
    const asked = {
      "messenger:context": ({ page, fields }) => app.context(page, fields),
      "messenger:identify": ({ token }) => app.identify(token),
      "messenger:show": ({ article, view }) => this.#show(article, view),
      "messenger:shutdown": () => app.shutdown().then(() => this.#tell("wiped")),
      "messenger:open": ({ page }) => app.opened(page),
      "messenger:hide": () => app.alerts.putAway(true),
    };
    for (const [name, answer] of Object.entries(asked)) {
      document.addEventListener(name, (event) => answer(event.detail ?? {}));
    }
    app.find("[data-close]").hidden = this.name === "page";
    // The browser's or the phone's own way back goes through our views first.
    addEventListener("popstate", () => app.view !== "home" && app.back());
    this.#tell("ready");
  }

  /** Another view is shown: the way back leads to this one. A frame leaves its page's history alone. */
  remember() {
    if (this.name !== "frame") history.pushState({ messenger: true }, "");
  }

  /** The way back, as far as the history knows it; else `step` takes it. */
  back(step) {
    if (this.name !== "frame" && history.state?.messenger) history.back();
    else step();
  }

  /** There is something new that nobody has seen. */
  unread(count) {
    this.#tell("unread", { count });
  }

  /** Whether a conversation goes on here, so that the page around may begin early the next time. */
  running(running) {
    this.#tell("running", { running });
  }

  /** The customer wants to see the page behind. */
  close() {
    this.#tell("close");
  }

  #show(article, view) {
    if (article) this.#app.go("article", { slug: article });
    else if (view === "talk" || view === "chat") this.#app.talk();
    else if (view && view in this.#app.views) this.#app.go(view);
  }

  #tell(name, detail = {}) {
    document.dispatchEvent(new CustomEvent(`messenger:${name}`, { detail }));
    if (this.name !== "app") return;
    const message = { type: name, ...detail };
    globalThis.webkit?.messageHandlers?.topay?.postMessage(message);
    globalThis.TopayAndroid?.postMessage?.(JSON.stringify(message));
  }
}
