"""A customer at the messenger, and the agent who answers, as short as they can be said."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.talking import desk_page

KEPT = "() => JSON.parse(localStorage.getItem('topay-chat:conversation'))"
END = """async () => {
  const kept = JSON.parse(localStorage.getItem('topay-chat:conversation'));
  if (!kept) return;
  const headers = { Authorization: `Bearer ${kept.token}` };
  await fetch(`/api/chat/conversations/${kept.conversation}/end`, { method: 'POST', headers });
}"""
# Somebody else's visitors may wait as well; this agent is here for one.
ACCEPT = """async (id) => {
  for (const other of desk.offers.keys()) if (other !== id) await desk.verb('decline', { conversation: other }).catch(() => {});
  if (!desk.offers.has(id)) return false;
  await desk.verb('accept', { conversation: id });
  window.thread = desk.open(id);
  return true;
}"""


def ask(page: Page, text: str, *, path: str = "/en/chat/", topic: str = "") -> str:
    """Ask a question on the messenger's page; the conversation's id."""
    page.goto(path)
    page.get_by_role("link", name="Talk to a person").click()
    page.get_by_label("Your question").fill(text)
    if topic:
        page.get_by_label(topic).check()
    page.get_by_role("button", name="Start the chat").click()
    return opened(page)


def opened(page: Page) -> str:
    """The id of the conversation that this page has opened."""
    expect(page.locator("[data-end]")).to_be_visible()
    kept: dict[str, Any] = page.evaluate(KEPT)
    return str(kept["conversation"])


def agent(context: BrowserContext, password: str, name: str = "agent1") -> Page:
    """An agent at the desk, online."""
    return desk_page(context, name, password)


def accept(desk: Page, conversation: str) -> None:
    """Take the conversation when it is offered; `thread` is its."""
    desk.wait_for_function(f"async (id) => await ({ACCEPT})(id)", arg=conversation)
    desk.wait_for_function("thread.isCaughtUp && thread.rev")


def say(desk: Page, text: str) -> None:
    """The agent says something."""
    desk.evaluate("(text) => { thread.send(text); }", text)


def heard(desk: Page, text: str) -> None:
    """Wait until the agent has got a text, once."""
    desk.wait_for_function("(text) => thread.events.some((event) => event.text === text)", arg=text)
    assert desk.evaluate("(text) => thread.events.filter((event) => event.text === text).length", text) == 1


def close(desk: Page) -> None:
    """The agent ends the conversation."""
    desk.evaluate("desk.verb('close', { conversation: thread.id, reason: 'solved' })")


def write(page: Page, text: str) -> None:
    """The customer writes in the conversation."""
    field = page.locator("[data-composer] textarea")
    field.fill(text)
    field.press("Enter")


def shown_once(page: Page, text: str) -> None:
    """The log shows a text exactly once."""
    expect(page.get_by_role("log").get_by_text(text, exact=True)).to_have_count(1)
