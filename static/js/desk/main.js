// The desk of one agent: puts its parts together.
import { Keeper } from "../talk/keeping.js";
import { DeskTalk } from "../talk/desk.js";
import { Alerts } from "./alerts.js";
import { Dialogs } from "./dialogs.js";
import { Keys } from "./keys.js";
import { Lists } from "./lists.js";
import { Mine } from "./mine.js";
import { Offers } from "./offers.js";
import { Palette } from "./palette.js";
import { Pane } from "./pane.js";
import { Presence } from "./presence.js";
import { Session } from "./session.js";

class Desk {
  root = document.getElementById("desk");

  constructor() {
    const { agent, name, language } = this.root.dataset;
    // Agents who share a browser don't see each other's drafts.
    this.keeper = new Keeper(`topay-desk:${agent}:`);
    Object.assign(this, { me: name, language, isSupervisor: "supervisor" in this.root.dataset });
    this.session = new Session(this);
    this.talk = new DeskTalk({ owner: agent, csrf: () => this.session.csrf });
    this.alerts = new Alerts(this);
    this.dialogs = new Dialogs(this);
    this.presence = new Presence(this);
    this.lists = new Lists(this);
    this.pane = new Pane(this);
    this.mine = new Mine(this);
    this.offers = new Offers(this);
    this.palette = new Palette(this);
    this.keys = new Keys(this);
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  start() {
    const asked = new URLSearchParams(location.search);
    this.lists.show(asked.get("list") ?? this.keeper.get("list", "queue"));
    if (asked.get("c")) this.pane.open(asked.get("c"), { history: false });
    addEventListener("popstate", () => {
      const id = new URLSearchParams(location.search).get("c");
      if (id) this.pane.open(id, { history: false });
      else this.pane.leave({ history: false });
    });
    this.talk.start();
  }
}

new Desk().start();
