"""A page with the conversation's list and form around a thread that does what a test says."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route

PAGES = Path(__file__).parent / "pages"
TYPES = {".html": "text/html", ".js": "text/javascript"}


def _serve(route: Route) -> None:
    file = PAGES / route.request.url.split("?")[0].rsplit("/", 1)[1]
    route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])


def conversation_page(context: BrowserContext, side: str = "visitor") -> Page:
    """A page of the site's origin that holds `pages/talk.html`; nothing is shown yet."""
    context.route("**/test-pages/**", _serve)
    page = context.new_page()
    page.goto(f"/test-pages/talk.html?side={side}")
    page.wait_for_function("window.isReady")
    return page


def show(page: Page, events: Iterable[dict[str, Any]] = (), **options: object) -> None:
    """Show a conversation with these events: `by` ("agent" unless said), `text`, `kind`, `data` …"""
    page.evaluate("([events, options]) => show(events, options)", [list(events), options])


def come(page: Page, **event: object) -> None:
    """Something is said."""
    page.evaluate("(event) => thread.come(event)", event)


def lines(count: int) -> list[dict[str, Any]]:
    """As many texts of an agent."""
    return [{"text": f"line {number}"} for number in range(1, count + 1)]
