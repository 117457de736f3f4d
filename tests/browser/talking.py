"""Pages that hold nothing but our modules, so that a test can drive a client's parts themselves."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext, Page

# Who has signed in where, with their cookies: nobody who is here for a conversation has to sign in for each test.
_sessions: dict[tuple[str, str], Any] = {}
# A page of the site's own, with its security headers and without a script.
EMPTY = "/robots.txt"
VISITOR = """async ({ text, topic }) => {
  const { VisitorTalk } = await import("/static/js/talk/visitor.js");
  const opened = await VisitorTalk.open({ text, topic, language: "en" });
  sessionStorage.setItem("opened", JSON.stringify(opened));
  return opened.conversation;
}"""
TALK = """async () => {
  const { VisitorTalk } = await import("/static/js/talk/visitor.js");
  window.talk = new VisitorTalk(JSON.parse(sessionStorage.getItem("opened")));
  window.thread = talk.thread;
  talk.start();
}"""
DESK = """async ({ csrf, owner }) => {
  const { DeskTalk } = await import("/static/js/talk/desk.js");
  window.desk = new DeskTalk({ csrf: () => csrf, owner });
  desk.start();
}"""


def empty_page(context: BrowserContext) -> Page:
    """A page of our own origin that does nothing."""
    page = context.new_page()
    page.add_init_script("document.documentElement && (document.documentElement.lang = 'en')")
    page.goto(EMPTY)
    return page


def visitor_page(context: BrowserContext, text: str, topic: str | None = None) -> tuple[Page, str]:
    """A page that talks as a new visitor: `talk` and `thread`; and the conversation's id."""
    page = empty_page(context)
    conversation = page.evaluate(VISITOR, {"text": text, "topic": topic})
    page.evaluate(TALK)
    wait_for_link(page, "talk")
    return page, conversation


def sign_in(context: BrowserContext, username: str, password: str) -> None:
    """A session at the desk."""
    page = context.new_page()
    page.goto("/desk/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/desk/")
    page.close()


def desk_page(context: BrowserContext, username: str, password: str) -> Page:
    """A page that is an agent's desk: `desk`, online."""
    page = empty_page(context)
    agent = page.url, username
    if agent in _sessions:
        context.add_cookies(_sessions[agent])
    else:
        sign_in(context, username, password)
        _sessions[agent] = context.cookies()
    page.evaluate(DESK, {"csrf": "", "owner": username})
    wait_for_link(page, "desk")
    page.evaluate("desk.verb('presence', { status: 'online' })")
    return page


def wait_for_link(page: Page, name: str) -> None:
    """Wait until `talk` or `desk` is connected."""
    page.wait_for_function(f"{name}.link === 'online'")


def texts(page: Page, thread: str = "thread") -> list[Any]:
    """The texts that were said in a thread, in order."""
    found: list[Any] = page.evaluate(
        f"{thread}.events.filter((e) => ['message', 'note'].includes(e.kind) && e.author.kind !== 'assistant')"
        ".map((e) => e.text)"
    )
    return found
