"""The desk as agents use it, and customers who are driven by the wire alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import APIRequestContext, BrowserContext, Locator, Page, expect

API = "/api/chat/conversations"
PATIENCE_MS = 40_000


class Customer:
    """Somebody who asked something, without a page of their own."""

    def __init__(self, request: APIRequestContext, text: str, *, name: str, topic: str | None) -> None:
        self._request = request
        body = {"mid": str(uuid4()), "text": text, "topic": topic, "language": "en", "name": name}
        opened = request.post(API, data=body).json()
        self.id: str = opened["conversation"]
        self._headers = {"Authorization": f"Bearer {opened['token']}"}

    def say(self, text: str) -> None:
        """Write something."""
        body = {"mid": str(uuid4()), "text": text}
        assert self._request.post(f"{API}/{self.id}/messages", data=body, headers=self._headers).ok

    def events(self) -> list[dict[str, Any]]:
        """What this customer may see."""
        answer = self._request.get(f"{API}/{self.id}/events?after=0", headers=self._headers)
        found: list[dict[str, Any]] = answer.json()["events"]
        return found

    def texts(self) -> list[str]:
        """What people said, as this customer sees it."""
        return [event["text"] for event in self.events() if event["kind"] in ("message", "note")]

    def end(self) -> None:
        """Leave nothing for the agents of other tests."""
        self._request.post(f"{API}/{self.id}/end", headers=self._headers)


class Desk:
    """The page of one agent."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def field(self) -> Locator:
        """Where a reply or note is written."""
        return self.page.locator("[data-composer] textarea")

    @property
    def log(self) -> Locator:
        """What was said."""
        return self.page.get_by_role("log")

    @property
    def notice(self) -> Locator:
        """What is said beside the lists."""
        return self.page.locator("[data-notice]")

    @property
    def canned(self) -> Locator:
        """The canned replies that are offered."""
        return self.page.get_by_role("listbox", name="Canned replies").get_by_role("option")

    def status(self, status: str) -> None:
        """Choose online, away or offline."""
        self.page.get_by_label("Your status").select_option(status)

    def offer(self, conversation: str) -> Locator:
        """The offer of a conversation."""
        return self.page.locator(f"[data-offer='{conversation}']")

    def accept(self, conversation: str) -> None:
        """Take an offer, and see the conversation."""
        self.offer(conversation).get_by_role("button", name="Accept").click(timeout=PATIENCE_MS)
        expect(self.field).to_be_visible()

    def row(self, conversation: str) -> Locator:
        """The row of a conversation in the list."""
        return self.page.locator(f"#row-{conversation}")

    def unread(self, conversation: str) -> Locator:
        """How many of its texts nobody has read."""
        return self.row(conversation).locator(".row-unread")

    def open(self, conversation: str) -> None:
        """Go to a conversation by its address."""
        self.page.goto(f"/desk/?c={conversation}")
        expect(self.page.locator("[data-title]")).not_to_be_empty()


def named(number: int, rest: str = "") -> re.Pattern[str]:
    """How an agent of the demonstration is called, in the language in which they first signed in; then `rest`."""
    return re.compile(rf"Topay (support|客服) {number}{re.escape(rest)}")


def sign_in(context: BrowserContext, site: Any, name: str) -> Desk:
    """The desk of an agent, connected, in English."""
    context.add_cookies([{"name": "topay_language", "value": "en", "url": site.url}])
    page = context.new_page()
    page.goto("/desk/login/")
    page.fill("[name=username]", name)
    page.fill("[name=password]", site.password)
    page.press("[name=password]", "Enter")
    expect(page.get_by_label("Your status")).to_be_enabled()
    return Desk(page)


@pytest.fixture
def ask(open_context: Callable[..., BrowserContext]) -> Callable[..., Customer]:
    """Makes customers: `ask("text", name="Mia", topic="payment")`; the next morning ends their conversations."""
    request = open_context(extra_http_headers={"Accept-Language": "en"}).request

    def make(text: str, *, name: str = "", topic: str | None = None) -> Customer:
        return Customer(request, text, name=name, topic=topic)

    return make


@pytest.fixture
def desk(open_context: Callable[..., BrowserContext], site: Any) -> Callable[..., Desk]:
    """Opens desks: `desk("agent1", "online")`."""

    def make(name: str, status: str = "", **options: Any) -> Desk:
        opened = sign_in(open_context(**{"viewport": {"width": 1280, "height": 800}} | options), site, name)
        if status:
            opened.status(status)
        return opened

    return make
