// The conversation's parts around a thread that does what a test says. `?side=agent` is the desk.
import { Composer } from "/static/js/talk/composer.js";
import { Keeper } from "/static/js/talk/keeping.js";
import { MessageLog } from "/static/js/talk/log.js";
import { FakeThread } from "./fake_thread.js";

const side = new URLSearchParams(location.search).get("side") ?? "visitor";

Object.assign(window, { FakeThread });

/** Show a thread with these events; the rest of `options` are the thread's properties. */
window.show = (events = [], options = {}) => {
  window.log?.stop();
  window.composer?.stop();
  window.thread = Object.assign(new FakeThread(side, events), options);
  const names = { me: "Lin", labels: { visitor: "Wang" } };
  window.log = new MessageLog(document.querySelector("#place"), thread, names);
  const onSend = (text, attachments) => void thread.send(text, { attachments });
  const keeper = new Keeper("test.");
  const form = document.querySelector("#form");
  window.composer = new Composer(form, { thread, onSend, keeper, draftKey: "draft", dropTarget: document.body });
};
window.isReady = true;
