// The messenger as a whole: its views, the way between them, and what the shell around it is told.
import { Alerts } from "./alerts.js";
import { arrival, note, noteFields } from "./arrival.js";
import { Before } from "./before.js";
import { Home } from "./home.js";
import { Opening } from "./opening.js";
import { Panic } from "./panic.js";
import { Presence } from "./presence.js";
import { Reading } from "./reading.js";
import { Session } from "./session.js";
import { Shell } from "./shell.js";
import { TalkView } from "./talk_view.js";
import { followViewport } from "./viewport.js";
import { gettext } from "../talk/texts.js";

/** One messenger in one shell. */
export class Messenger {
  view = "";
  opening = null;
  #trail = [];

  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    const further = this.find("[data-views]");
    further.replaceWith(further.content);
    this.session = new Session();
    this.presence = new Presence();
    this.arrival = arrival();
    this.identity = this.arrival.identity;
    this.shell = new Shell(this, root.dataset.shell);
    this.alerts = new Alerts(this);
    this.views = {
      home: new Home(this, this.section("home")),
      before: new Before(this, this.section("before")),
      "panic-phone": new Panic(this, this.section("panic-phone")),
      "panic-scam": new Panic(this, this.section("panic-scam")),
      article: new Reading(this, this.section("article")),
      talk: new TalkView(this, this.section("talk")),
    };
  }

  /** Show what the customer was at, else the first view. */
  start() {
    this.find("[data-back]").addEventListener("click", () => this.shell.back(() => this.back()));
    this.find("[data-close]").addEventListener("click", () => this.shell.close());
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented && !event.isComposing) this.shell.close();
    });
    this.session.addEventListener("changed", () => this.#changedElsewhere());
    if (this.shell.name !== "frame") followViewport();
    else for (const link of this.root.querySelectorAll("a[href]")) link.target = "_blank";
    const kept = this.session.keeper.get("opening");
    if (kept) this.open(kept);
    else this.go(this.#first(), { quietly: true });
    this.shell.listen();
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  section(name) {
    return this.find(`[data-view="${name}"]`);
  }

  /** Show a view; `detail` is for the view, `quietly` leaves the focus where it is. */
  go(name, { quietly = false, isReturn = false, ...detail } = {}) {
    if (this.view && this.view !== name) {
      if (!isReturn) this.#trail.push(this.view);
      if (!isReturn) this.shell.remember();
      this.views[this.view].leave?.();
    }
    for (const other of Object.keys(this.views)) this.section(other).hidden = other !== name;
    this.view = name;
    if (name === "home") this.#trail = [];
    if (name === "talk") this.#trail = ["home"];
    this.find("[data-back]").hidden = name === "home";
    this.root.dataset.at = name;
    this.bar();
    this.views[name].enter?.(detail);
    if (!quietly) this.section(name).querySelector("[data-focus]")?.focus();
  }

  /** To the view before this one. */
  back() {
    const before = this.#trail.pop();
    this.go(before && before !== this.view ? before : "home", { isReturn: true });
  }

  /** To a person: the conversation that goes on, else the questions before it. */
  talk(detail = {}) {
    this.go(this.session.isOpen || this.opening ? "talk" : "before", detail);
  }

  /** Open a conversation with what the customer has written; it is tried until it is opened or refused. */
  open(body) {
    this.opening = new Opening(this.session, { ...body, identity: this.identity || undefined });
    this.opening.addEventListener("opened", () => this.#opened());
    this.opening.addEventListener("refused", ({ detail }) => this.#refused(detail.refused, body));
    this.go("talk");
    this.opening.run();
  }

  /** The bar on top; without words it is the messenger's own. */
  bar({ title = gettext("Topay support"), subtitle = "", face = "T", code = "" } = {}) {
    this.find("[data-title]").textContent = title;
    this.find("[data-face]").textContent = face;
    const line = this.find("[data-subtitle]");
    line.textContent = subtitle || gettext("Answered by people");
    if (!code) return;
    const link = document.createElement("a");
    Object.assign(link, { href: `${this.words.official}?q=${encodeURIComponent(code)}`, target: "_blank" });
    link.textContent = code;
    line.append(" ", link);
  }

  /** The thin line below the bar; nothing when there is nothing to say. */
  line(text) {
    const line = this.find("[data-line]");
    if (line.textContent !== text) line.textContent = text;
    line.hidden = !text;
  }

  /** The host app says who the customer is. */
  identify(token) {
    this.identity = token;
    this.views.talk.identify(token);
    this.views.before.showWho();
  }

  /** The page around has brought the messenger forth. */
  opened(page) {
    this.context(page);
    this.alerts.putAway(false);
    this.section(this.view).querySelector("[data-focus], .talk-field")?.focus({ preventScroll: true });
  }

  /** The page around the messenger has changed, or its site knows something of the matter. */
  context(page, fields) {
    note(this.arrival, page);
    noteFields(this.arrival, fields);
  }

  /** Leave nothing on this device and begin as somebody new. */
  async shutdown() {
    this.opening?.stop();
    this.opening = null;
    this.identity = "";
    this.views.talk.clear();
    this.views.before.clear();
    await this.session.wipe();
    this.alerts.read();
    this.go("home", { quietly: true });
  }

  #first() {
    if (this.session.isOpen) return "talk";
    const { article, guide, topic, text } = this.arrival;
    return article || guide || topic || text ? "before" : "home";
  }

  #opened() {
    this.opening = null;
    this.identity = "";
    this.views.talk.opened();
  }

  #refused(refused, body) {
    this.opening = null;
    if (refused.code === "bad_identity") this.identity = "";
    this.views.talk.drop();
    this.go("before", { body, refused });
  }

  #changedElsewhere() {
    if (this.opening) return;
    const current = this.session.current;
    if (this.views.talk.conversation === (current?.conversation ?? null)) return;
    this.views.talk.drop();
    if (current || this.view === "talk") this.go(this.#first(), { quietly: true });
  }
}
