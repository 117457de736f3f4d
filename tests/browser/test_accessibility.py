"""axe finds nothing on any page, in either theme; nothing scrolls sideways; a page stays small."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

PAGES = [
    "/zh-hans/",
    "/en/",
    "/zh-hans/topics/security/",
    "/zh-hans/articles/payment-failed/",
    "/en/articles/contact-support/",
    "/zh-hans/search/?q=支付",
    "/en/search/?q=zzzzqqqq",
    "/zh-hans/contact/",
    "/en/contact/email/",
    "/zh-hans/official/?q=t0pay.example.com",
    "/en/chat/",
    "/zh-hans/fix/payment-failed/",
    "/en/fix/account-frozen/",
    "/zh-hans/nope/",
]
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
SMALLEST_PHONE = 320
ARTICLE_BYTES = 60 * 1024


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation(open_context, path: str, theme: str) -> None:
    page = open_context(color_scheme=theme, reduced_motion="reduce").new_page()
    page.goto(path, wait_until="networkidle")

    found = Axe().run(page, options=RULES).response["violations"]

    assert [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in found] == []


@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_on_the_smallest_phone(open_context, path: str) -> None:
    page = open_context(viewport={"width": SMALLEST_PHONE, "height": 640}).new_page()
    page.goto(path, wait_until="networkidle")

    assert page.evaluate("document.documentElement.scrollWidth") <= SMALLEST_PHONE


@pytest.mark.parametrize("path", ["/zh-hans/articles/payment-failed/", "/en/articles/contact-support/"])
def test_an_article_page_weighs_little_and_asks_nobody_else(page: Page, path: str) -> None:
    sizes: list[int] = []
    hosts: set[str] = set()
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))

    page.goto(path, wait_until="networkidle")

    assert sum(sizes) <= ARTICLE_BYTES
    assert len(hosts) == 1


def test_no_layout_shifts_while_a_page_loads(page: Page) -> None:
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach(e => window.shift += e.value))"
        ".observe({type: 'layout-shift', buffered: true});"
    )
    for path in ("/zh-hans/", "/zh-hans/articles/payment-failed/", "/zh-hans/contact/"):
        page.goto(path, wait_until="networkidle")
        assert page.evaluate("window.shift") < 0.01, path


def test_print_shows_the_answer_without_the_furniture(page: Page) -> None:
    page.goto("/zh-hans/articles/payment-failed/")
    page.emulate_media(media="print")

    assert page.locator(".prose").is_visible()
    assert not page.locator(".launcher").is_visible()
    assert not page.locator("#vote").is_visible()
