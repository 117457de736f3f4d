"""A walk through every state of the messenger, for looking at each; words don't matter, so any language does."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Page, expect

from tests.browser.customer import accept, close, opened, say, write

SILENT = "desk.verb('presence', { status: 'offline' })"
PRESENT = "desk.verb('presence', { status: 'online' })"
DECLINE = "(id) => desk.verb('decline', { conversation: id })"


def walk(page: Page, desk: Page, language: str, question: str) -> Iterator[str]:
    """The name of each state, while `page` shows it; `desk` is an agent who is not there at first."""
    yield from _before(page, language, question)
    yield from _unanswered(page, question)
    yield from _answered(page, desk, question)


def _before(page: Page, language: str, question: str) -> Iterator[str]:
    page.goto(f"/{language}/chat/")
    expect(page.locator("[data-view=home] [data-wait]")).not_to_have_text("\u00a0")
    yield "home"
    page.locator("[data-find] input").fill(question)
    expect(page.locator("[data-found] a").first).to_be_visible()
    yield "search"
    page.locator("[data-found] a").first.click()
    expect(page.locator("[data-view=article] .prose")).to_be_visible()
    yield "article"
    for panic in ("phone", "scam"):
        page.locator("[data-back]").click()
        page.locator(f"[data-panic={panic}]").click()
        yield f"panic-{panic}"
    page.goto(f"/{language}/chat/?article=payment-failed&topic=payment")
    yield "before"
    page.locator("[data-before] [name=email]").fill("nobody")
    page.locator("[data-before] [type=submit]").click()
    yield "before-wrong"
    page.route("**/api/chat/conversations", _too_many)
    page.locator("[data-before] [name=email]").fill("")
    page.locator("[data-before] [name=text]").fill(question)
    page.locator("[data-before] [type=submit]").click()
    expect(page.locator("[data-problem]")).to_be_visible()
    yield "too-many"
    page.unroute("**/api/chat/conversations")


def _unanswered(page: Page, question: str) -> Iterator[str]:
    page.locator("[data-before] [type=submit]").click()
    opened(page)
    expect(page.locator("[data-card] button").first).to_be_visible()
    yield "nobody"
    page.locator("[data-card] button").first.click()
    expect(page.locator("[data-card] a")).to_be_visible()
    yield "message"
    page.locator("[data-end]").click()
    expect(page.locator("[data-after]")).to_be_visible()
    page.locator("[data-again]").click()
    page.locator("[data-before] [name=text]").fill(question)


def _answered(page: Page, desk: Page, question: str) -> Iterator[str]:
    desk.evaluate(PRESENT)
    page.locator("[data-before] [type=submit]").click()
    conversation = opened(page)
    desk.wait_for_function("(id) => desk.offers.has(id)", arg=conversation)
    expect(page.locator("[data-card]")).to_be_visible()
    yield "offered"
    accept(desk, conversation)
    say(desk, "https://topay.example.com/pay: is that where you paid? 是在这个网址付的吗？")
    write(
        page,
        "It was in a book shop, at about ten in the morning. 上午十点左右在书店付的，卡号 4111 1111 1111 1111。",
    )
    expect(page.locator(".talk-hidden")).to_be_visible()
    yield "active"
    page.context.set_offline(True)
    write(page, question)
    expect(page.locator("[data-line]")).to_be_visible()
    yield "offline"
    page.context.set_offline(False)
    expect(page.locator("[data-line]")).to_be_hidden()
    close(desk)
    expect(page.locator("[data-rating]")).to_be_visible()
    yield "closed"
    page.locator("[data-rating] [name=score]").first.check()
    yield "rating"
    page.locator("[data-rate]").click()
    expect(page.locator("[data-thanks]")).to_be_visible()
    yield "rated"
    page.locator("[data-back]").click()
    yield "home-again"


def _too_many(route) -> None:
    error = {
        "code": "rate_limited",
        "message": "Too many conversations were opened from here.",
        "retry_after": 5400,
    }
    route.fulfill(status=429, json={"error": error})
