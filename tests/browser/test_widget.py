"""The widget on somebody else's site: it opens, closes, stays out of the way and lets nobody else in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.framing import frame_of, inside, launcher, open_widget, panel, recorded
from tests.browser.host import Host
from tests.browser.test_accessibility import RULES
from tests.throwaway import free_port

FOCUS_IN_SHADOW = "document.activeElement.shadowRoot?.activeElement.className"
KILOBYTE = 1000
# The loader gives the frame so long to come.
WAIT_MS = 15_000


@pytest.fixture(scope="module")
def host(site) -> Iterator[Host]:
    started = Host(site, site.host)
    yield started
    started.stop()


@pytest.fixture
def shop(open_context, host) -> Page:
    """A customer on the other site."""
    page = open_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(host.url)
    launcher(page).wait_for()
    return page


def test_nothing_but_the_loader_is_fetched_until_somebody_opens_it(open_context, host, site):
    context = open_context()
    asked, _ = recorded(context)
    page = context.new_page()
    page.goto(host.url, wait_until="networkidle")
    launcher(page).wait_for()

    assert [url for url in asked if url.startswith(site.url)] == [f"{site.url}/widget.js"]
    assert page.locator("iframe").count() == 0
    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_opens_with_the_focus_inside_and_closes_with_escape(shop):
    open_widget(shop)

    assert panel(shop).bounding_box() | {"x": 0, "y": 0} == {"x": 0, "y": 0, "width": 400, "height": 680}
    assert launcher(shop).get_attribute("aria-expanded") == "true"
    assert shop.evaluate(FOCUS_IN_SHADOW) is None or "iframe" in shop.evaluate(
        "document.activeElement.shadowRoot.activeElement.tagName.toLowerCase()"
    )
    inside(shop).locator("#m-q").press("Escape")
    expect(panel(shop)).to_be_hidden()
    assert shop.evaluate(FOCUS_IN_SHADOW) == "launcher"
    assert launcher(shop).get_attribute("aria-expanded") == "false"


def test_a_link_of_the_host_opens_it_and_gets_the_focus_back(shop, host):
    shop.locator("#help").click()
    inside(shop).get_by_role("heading", name="How can we help?").wait_for()
    shop.locator(".panel.up").wait_for()
    shop.evaluate("Topay('close')")

    expect(panel(shop)).to_be_hidden()
    assert shop.url.rstrip("/") == host.url
    assert shop.evaluate("document.activeElement.id") == "help"


def test_calls_made_before_the_loader_came_are_answered(open_context, host):
    page = open_context().new_page()
    page.goto(f"{host.url}/?early=1")

    assert page.evaluate("early") is True
    expect(panel(page)).to_be_visible()


def test_calls_are_answered_with_true_or_false_and_never_fail(shop):
    said = shop.evaluate(
        """async () => {
          const seen = [];
          for (const name of ["ready", "open", "close", "unread"]) Topay("on", name, () => seen.push(name));
          const done = [await Topay("open"), await Topay("toggle"), await Topay("nonsense"), await Topay("show")];
          return [done, seen];
        }"""
    )

    assert said == [[True, True, False, True], ["open", "ready", "close", "open"]]


def test_an_article_is_shown_on_request(shop):
    assert shop.evaluate("Topay('show', { article: 'payment-failed' })") is True

    expect(inside(shop).locator("[data-view=article]")).to_be_visible()


def test_messages_of_others_are_ignored(shop):
    open_widget(shop)
    shop.evaluate("['topay:hello', ['close'], { topay: 1 }].forEach((data) => postMessage(data, '*'))")
    frame_of(shop).evaluate("parent.postMessage(['close'], '*')")
    frame_of(shop).evaluate("['close', ['shutdown']].forEach((data) => postMessage(data, '*'))")
    shop.evaluate("new Promise((done) => setTimeout(done))")

    expect(panel(shop)).to_be_visible()
    assert shop.evaluate("Topay('show', { view: 'home' })") is True


def test_a_site_that_is_not_named_can_not_hold_the_frame(site, browser):
    stranger = Host(site, f"http://localhost:{free_port()}")
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    page.goto(stranger.url)
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        launcher(page).click()

    assert not any("/widget/" in frame.url for frame in page.frames)
    page.clock.fast_forward(WAIT_MS)
    link = panel(page).get_by_role("link", name="Topay live chat")
    expect(link).to_have_attribute("href", f"{site.url}/en/chat/")
    assert page.locator("iframe").count() == 0
    context.close()
    stranger.stop()


def test_the_panel_covers_a_phone_and_gives_the_page_back(open_context, host):
    size = {"width": 390, "height": 844}
    page = open_context(viewport=size, is_mobile=True, has_touch=True).new_page()
    page.goto(host.url)
    launcher(page).wait_for()
    page.evaluate("scrollTo(0, 700)")
    open_widget(page)

    assert panel(page).bounding_box() == {"x": 0, "y": 0} | size
    assert panel(page).get_attribute("aria-modal") == "true"
    assert page.evaluate("document.body.inert") is True
    assert not launcher(page).is_visible()
    inside(page).get_by_role("button", name="Close").click()
    expect(launcher(page)).to_be_visible()
    assert page.evaluate("[document.body.inert, Math.round(scrollY)]") == [False, 700]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_violation_on_the_host_and_in_the_frame(open_context, host, theme):
    page = open_context(color_scheme=theme, reduced_motion="reduce").new_page()
    page.goto(host.url)
    launcher(page).wait_for()
    closed = Axe().run(page, options=RULES).response["violations"]
    open_widget(page)

    found = closed + [
        v for each in (page, frame_of(page)) for v in Axe().run(each, options=RULES).response["violations"]
    ]
    assert [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in found] == []


def test_the_opened_widget_weighs_little(open_context, host, site, record_property):
    context = open_context(viewport={"width": 1280, "height": 800})
    sizes: dict[str, int] = {}
    page = context.new_page()
    page.on("response", lambda response: sizes.update({response.url: len_of(response)}))
    page.goto(host.url, wait_until="networkidle")
    before = sum(size for url, size in sizes.items() if url.startswith(site.url))
    open_widget(page)
    page.wait_for_load_state("networkidle")
    opened = sum(size for url, size in sizes.items() if url.startswith(site.url))
    record_property("bytes", {"before": before, "opened": opened})

    assert before <= 3 * KILOBYTE
    assert before < opened <= 60 * KILOBYTE


def len_of(response) -> int:
    """Bytes of a body as they came, packed."""
    return int(response.headers.get("content-length") or 0)


def test_our_own_pages_open_the_same_chat_without_a_cookie(open_context):
    context = open_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto("/en/articles/payment-failed/")
    page.locator("a.launcher").wait_for(state="detached")
    open_widget(page)

    assert page.url.endswith("/en/articles/payment-failed/")
    assert context.cookies() == []
