"""The messenger where a conversation is not the ordinary way: an emergency, nobody there, no JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.customer import END, accept, agent, ask, heard, opened, say
from tests.browser.messenger_states import SILENT

QUESTION = "My payment failed but the money is gone."


@pytest.fixture
def desk(site, open_context):
    """An agent at the desk; gone afterwards."""
    page = agent(open_context(bypass_csp=True), site.password)
    yield page
    page.evaluate(SILENT)


@pytest.fixture
def visitor(phone):
    """A customer with a phone; what they have opened is ended afterwards."""
    yield phone
    phone.evaluate(END)


def test_emergency_shows_what_to_do_first_and_then_goes_to_the_front(visitor, desk):
    visitor.goto("/en/chat/")
    visitor.get_by_role("button", name="My phone is lost").click()
    expect(visitor.get_by_text("Block the SIM card.")).to_be_visible()
    expect(visitor.get_by_role("link", name="Call 400-000-0000").first).to_have_attribute(
        "href", "tel:4000000000"
    )
    visitor.get_by_role("button", name="Talk to a person now").click()

    conversation = opened(visitor)
    desk.wait_for_function("(id) => desk.offers.get(id)?.summary.urgent === true", arg=conversation)


def test_message_is_left_when_nobody_is_there(visitor, desk):
    desk.evaluate(SILENT)
    ask(visitor, QUESTION)
    visitor.get_by_role("button", name="Leave a message instead").click()

    expect(visitor.get_by_text(re.compile("Reference: TP-"))).to_be_visible()
    link = visitor.get_by_role("link", name="Open the private page").get_attribute("href")
    private = visitor.context.new_page()
    private.goto(link)
    expect(private.get_by_text(QUESTION)).to_be_visible()


def test_refusal_says_how_long_and_keeps_the_question(visitor):
    error = {"code": "rate_limited", "message": "Too many conversations.", "retry_after": 120}
    visitor.route("**/api/chat/conversations", lambda route: route.fulfill(status=429, json={"error": error}))
    visitor.goto("/en/chat/")
    visitor.get_by_role("link", name="Talk to a person").click()
    visitor.get_by_label("Your question").fill(QUESTION)
    visitor.get_by_role("button", name="Start the chat").click()

    expect(visitor.get_by_text("Try again in 2 minutes.")).to_be_visible()
    expect(visitor.get_by_role("link", name="Call 400-000-0000").first).to_be_visible()
    expect(visitor.get_by_label("Your question")).to_have_value(QUESTION)


def test_device_keeps_nothing_after_a_shutdown(visitor, desk):
    ask(visitor, QUESTION)
    visitor.evaluate("document.dispatchEvent(new CustomEvent('messenger:shutdown'))")

    expect(visitor.get_by_role("heading", name="How can we help?")).to_be_visible()
    kept = "Object.keys(localStorage).filter((name) => name.startsWith('topay-chat:') && name !== 'topay-chat:muted')"
    assert visitor.evaluate(kept) == []


def test_keyboard_of_a_phone_never_covers_the_field(visitor, desk):
    ask(visitor, QUESTION)
    visitor.evaluate(
        "Object.defineProperty(visualViewport, 'height', { get: () => innerHeight - 320 });"
        "visualViewport.dispatchEvent(new Event('resize'));"
    )

    covered = visitor.evaluate("innerHeight - 320")
    expect(visitor.get_by_label("Your message")).to_be_visible()
    box = visitor.get_by_label("Your message").bounding_box()
    assert box["y"] + box["height"] <= covered


def test_conversation_works_without_javascript(open_context, desk):
    page = open_context(java_script_enabled=False).new_page()
    page.goto("/en/chat/")
    expect(page.locator("#messenger")).to_be_hidden()
    page.get_by_label("Your question").fill(QUESTION)
    page.get_by_role("button", name="Start the chat").click()
    expect(page).to_have_url(re.compile(r"/en/chat/conversation/$"))
    conversation = next(iter(desk_offers(desk)))
    accept(desk, conversation)
    say(desk, "Which shop was it?")
    heard(desk, "Which shop was it?")
    page.get_by_role("link", name="Stop that while I write").click()
    expect(page.get_by_text("Which shop was it?")).to_be_visible()
    page.get_by_label("Your message").fill("A book shop.")
    page.get_by_role("button", name="Send", exact=True).click()
    heard(desk, "A book shop.")
    page.get_by_role("button", name="End the conversation").click()
    page.get_by_label("Very good").check()
    page.get_by_role("button", name="Send the rating").click()

    expect(page.get_by_text("You rated this conversation 5 of 5.")).to_be_visible()


def desk_offers(desk: Page) -> list[str]:
    """The conversations that are offered, as soon as there is one with our question."""
    desk.wait_for_function("desk.offers.size > 0")
    found: list[str] = desk.evaluate("[...desk.offers.keys()].reverse()")
    return found
