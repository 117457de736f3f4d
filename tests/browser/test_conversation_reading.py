"""Reading a conversation: where the reader stays, what is said aloud, what counts as read."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conversation_page import come, conversation_page, lines, show

VISIBILITY = (
    "(state) => { Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });"
    " document.dispatchEvent(new Event('visibilitychange')); }"
)


@pytest.fixture
def page(open_context) -> Page:
    return conversation_page(open_context(viewport={"width": 600, "height": 600}))


def gap(page: Page) -> float:
    """How far the list's end is, in pixels."""
    found: float = page.evaluate(
        "log.scroller.scrollHeight - log.scroller.scrollTop - log.scroller.clientHeight"
    )
    return found


def scroll_to(page: Page, top: int) -> None:
    page.evaluate("(top) => { log.scroller.scrollTop = top; }", top)
    # The list hears of it with the next frame.
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.wait_for_function("(top) => Math.abs(log.scroller.scrollTop - top) < 2", arg=top)


def test_the_place_is_kept_when_something_comes_while_scrolled_up(page) -> None:
    show(page, lines(50))
    scroll_to(page, 900)
    come(page, text="one")
    come(page, text="two")
    jump = page.get_by_role("button", name="2 new messages")

    expect(jump).to_be_visible()
    assert page.evaluate("log.scroller.scrollTop") == 900
    jump.click()
    expect(jump).to_be_hidden()
    page.wait_for_function("log.unread === 0")
    assert page.evaluate("document.activeElement === log.scroller")
    expect(page.get_by_text("two", exact=True)).to_be_in_viewport()


def test_the_list_follows_when_the_reader_is_at_the_end(page) -> None:
    show(page, lines(50))
    for number in range(5):
        come(page, text=f"new {number}\n\n\n")

    page.wait_for_function(
        "log.scroller.scrollHeight - log.scroller.scrollTop - log.scroller.clientHeight < 2"
    )
    page.set_viewport_size({"width": 600, "height": 300})
    page.wait_for_function(
        "log.scroller.scrollHeight - log.scroller.scrollTop - log.scroller.clientHeight < 2"
    )
    assert page.locator(".talk-jump").is_hidden()


@pytest.mark.parametrize("top", [0, 1, 300])
def test_nothing_moves_when_earlier_messages_are_loaded(page, top: int) -> None:
    show(page, [{"n": number, "text": f"line {number}"} for number in range(101, 151)])
    page.evaluate(
        "thread.older = Array.from({ length: 100 }, (_, i) => FakeThread.event({ n: i + 1, text: `old ${i}` }))"
    )
    before = page.evaluate(
        """(top) => {
          window.seen = () => document.querySelector('[data-n="105"]').getBoundingClientRect().top;
          log.scroller.scrollTop = top;
          return seen();
        }""",
        top,
    )
    page.wait_for_selector('[data-n="60"]', state="attached")

    assert abs(page.evaluate("seen()") - before) <= 1
    assert page.evaluate("thread.hasEarlier")


def test_earlier_messages_are_asked_for_again_when_that_failed(page) -> None:
    show(page, [{"n": number, "text": f"line {number}"} for number in range(51, 101)])
    page.evaluate(
        "thread.refusal = new Error('No connection.');"
        "thread.older = Array.from({ length: 50 }, (_, i) => FakeThread.event({ n: i + 1, text: `old ${i}` }));"
        "log.scroller.scrollTop = 0"
    )
    expect(page.locator(".talk-top")).to_contain_text("No connection.")
    page.evaluate("thread.refusal = null")
    page.get_by_role("button", name="Try again").click()

    page.wait_for_selector('[data-n="1"]', state="attached")


def test_only_what_is_near_is_drawn_when_there_are_5000_events(page) -> None:
    page.evaluate("show(Array.from({ length: 5000 }, (_, i) => ({ text: `line ${i + 1}` })))")

    assert page.locator(".talk-event").count() < 200
    assert gap(page) < 2
    come(page, text="the last")
    expect(page.get_by_text("the last")).to_be_in_viewport()
    page.evaluate("log.scroller.scrollTop = 0")
    page.wait_for_selector('[data-n="4900"]', state="attached")
    assert page.locator(".talk-event").count() < 300


def test_what_is_far_is_let_go_when_the_reader_is_at_the_end(page) -> None:
    show(page)
    page.evaluate("for (let i = 0; i < 600; i += 1) thread.come({ text: `line ${i + 1}` })")
    assert page.locator(".talk-event").count() < 450
    assert page.locator(".talk-list > :first-child").get_attribute("class") == "talk-day"
    page.evaluate(
        """async () => {
          while (!document.querySelector('[data-n="1"]')) {
            log.scroller.scrollTop = 0;
            await new Promise(requestAnimationFrame);
          }
        }"""
    )

    numbers = "[...document.querySelectorAll('.talk-event')].map((item) => Number(item.dataset.n))"
    assert page.evaluate(numbers) == list(range(1, 601))


def test_only_what_is_new_is_said_aloud(page) -> None:
    show(page, lines(3))
    live = page.locator(".talk-live")
    come(page, text="Hello " + "x" * 300)
    come(page, by="visitor", text="my own")
    expect(live).to_contain_text("Lin: Hello")
    assert len(live.inner_text()) < 210
    assert "my own" not in live.inner_text()
    for number in range(3):
        come(page, text=f"burst {number}")

    expect(live).to_have_text("3 new messages")
    assert page.get_by_role("log").get_attribute("aria-live") == "off"


def test_history_is_silent_when_it_arrives_late(page) -> None:
    show(page, isCaughtUp=False)
    come(page, text="history")
    page.evaluate("thread.isCaughtUp = true; thread.tell('caughtup')")
    come(page, text="news")

    expect(page.locator(".talk-live")).to_have_text("Lin: news")


def test_reading_is_told_only_of_what_is_in_view_in_a_shown_page(page) -> None:
    show(
        page,
        lines(50),
        cursors={"visitor": {"delivered": 50, "read": 50}, "agent": {"delivered": 0, "read": 0}},
    )
    scroll_to(page, 900)
    come(page, text="below the view")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("thread.reads") == []
    page.evaluate(VISIBILITY, "hidden")
    page.evaluate("log.toEnd()")
    expect(page.get_by_text("below the view")).to_be_in_viewport()
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("thread.reads") == []
    page.evaluate(VISIBILITY, "visible")

    page.wait_for_function("thread.reads.at(-1) === 51")


def test_a_line_shows_where_the_new_begins(page) -> None:
    cursors = {"visitor": {"delivered": 30, "read": 3}, "agent": {"delivered": 0, "read": 0}}
    show(page, lines(30), cursors=cursors)
    expect(page.locator(".talk-new + [data-n]")).to_have_attribute("data-n", "4")
    expect(page.locator(".talk-new")).to_be_in_viewport()
    show(page, lines(3))
    page.evaluate(VISIBILITY, "hidden")
    come(page, text="meanwhile")

    expect(page.locator(".talk-new + [data-n]")).to_have_attribute("data-n", "4")
    page.evaluate("thread.send('I am here')")
    expect(page.locator(".talk-new")).to_have_count(0)
