"""A conversation in the widget on somebody else's site, over reloads, blocked storage and signing out."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.framing import (
    BLOCK,
    BLOCK_IN_FRAMES,
    QUESTION,
    ask,
    frame_of,
    inside,
    launcher,
    open_widget,
    panel,
    said,
)
from tests.browser.host import Host
from tests.browser.talking import desk_page

ANSWER = "Which shop was it?"
LOOK_AWAY = """(isAway) => {
  Object.defineProperty(document, "hidden", { configurable: true, value: isAway });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture(scope="module")
def host(site) -> Iterator[Host]:
    started = Host(site, site.host)
    yield started
    started.stop()


@pytest.fixture
def shop(open_context, host) -> Page:
    page = open_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(host.url)
    launcher(page).wait_for()
    return page


@pytest.fixture
def desk(site, open_context) -> Iterator[Page]:
    """An agent who is there."""
    page = desk_page(open_context(bypass_csp=True), "agent1", site.password)
    yield page
    page.evaluate("desk.verb('presence', { status: 'offline' })")


def take(desk: Page, conversation: str) -> None:
    """Accept an offer, so that the agent can answer."""
    desk.wait_for_function("(id) => desk.offers.has(id)", arg=conversation)
    desk.evaluate("(id) => desk.verb('accept', { conversation: id })", conversation)
    desk.evaluate("(id) => { window.thread = desk.open(id); }", conversation)
    desk.wait_for_function("thread.isCaughtUp && thread.rev")


def test_an_answer_shows_at_the_button_while_the_panel_is_closed(shop, desk):
    open_widget(shop)
    take(desk, ask(shop))
    launcher(shop).click()
    shop.evaluate(LOOK_AWAY, True)
    desk.evaluate("(text) => thread.send(text)", ANSWER)

    expect(launcher(shop)).to_have_accessible_name("Topay live chat, new messages: 1")
    assert shop.locator(".badge").inner_text() == "1"
    assert shop.title() == "(1) A shop"
    shop.evaluate(LOOK_AWAY, False)
    assert shop.title() == "A shop"
    launcher(shop).click()
    expect(said(shop, ANSWER)).to_be_visible()
    expect(launcher(shop)).to_have_accessible_name("Topay live chat")


def test_a_running_conversation_is_listened_to_on_the_next_page(shop, desk):
    open_widget(shop)
    take(desk, ask(shop))
    shop.reload()
    said(shop, QUESTION).wait_for(state="attached")
    desk.evaluate("(text) => thread.send(text)", ANSWER)

    expect(launcher(shop)).to_have_accessible_name(re.compile("new messages"))
    expect(panel(shop)).to_be_hidden()


def test_talks_where_every_storage_is_blocked(open_context, host):
    context = open_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(BLOCK)
    page = context.new_page()
    page.goto(host.url)
    open_widget(page)

    ask(page)

    expect(inside(page).locator("[data-view=talk]")).to_be_visible()
    assert page.evaluate("Topay('shutdown')") is True


def test_the_hosts_tab_keeps_what_the_frame_can_not(open_context, host):
    context = open_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(BLOCK_IN_FRAMES)
    page = context.new_page()
    page.goto(host.url)
    open_widget(page)
    ask(page)
    inside(page).locator("[data-state]").wait_for()
    page.reload()

    expect(said(page, QUESTION)).to_be_attached()
    assert page.evaluate("Object.keys(localStorage)") == ["topay"]
    page.evaluate("Topay('shutdown')")
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_a_frame_that_may_keep_things_tells_the_host_nothing(shop, host):
    shop.goto(host.same_site_url)
    open_widget(shop)
    ask(shop)
    inside(shop).locator("[data-state]").wait_for()

    assert shop.evaluate("[localStorage.topay, { ...sessionStorage }]") == ["running", {}]
    shop.reload()
    expect(said(shop, QUESTION)).to_be_attached()


@pytest.mark.parametrize("address", ["url", "same_site_url"])
def test_signing_out_leaves_nothing_on_the_device(shop, host, address):
    shop.goto(getattr(host, address))
    open_widget(shop)
    ask(shop)
    inside(shop).locator("[data-state]").wait_for()
    shop.reload()
    launcher(shop).wait_for()

    assert shop.evaluate("Topay('shutdown')") is True

    assert shop.locator("iframe").count() == 0
    assert shop.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    open_widget(shop)
    kept = frame_of(shop).evaluate("Object.keys(localStorage)")
    assert [name for name in kept if "conversation" in name or "draft" in name] == []
    assert said(shop, QUESTION).count() == 0
