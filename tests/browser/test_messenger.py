"""A customer talks to an agent through the messenger, from the first question to the rating."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.customer import END, accept, agent, ask, close, heard, opened, say, shown_once, write
from tests.browser.desk_pages import named

AGENT = named(1)
QUESTION = "My payment failed but the money is gone."


@pytest.fixture
def customer(open_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A customer's page; what they have opened is ended afterwards."""
    page = open_context(viewport={"width": 1280, "height": 800}, accept_downloads=True).new_page()
    yield page
    page.context.set_offline(False)
    page.evaluate(END)


@pytest.fixture
def desk(site, open_context) -> Iterator[Page]:
    """An agent at the desk; gone afterwards."""
    page = agent(open_context(bypass_csp=True), site.password)
    yield page
    page.evaluate("desk.verb('presence', { status: 'offline' })")


def test_question_is_answered_and_rated_when_an_agent_is_there(customer, desk):
    conversation = ask(customer, QUESTION, topic="Payments and cards")
    expect(customer.get_by_role("log")).to_contain_text("My payment failed or won't go through.")
    accept(desk, conversation)
    expect(customer.locator("[data-title]")).to_have_text(AGENT)
    verify = customer.locator("[data-subtitle] a")
    expect(verify).to_have_attribute("href", re.compile(r"^/en/official/\?q=\w+"))
    say(desk, "Which shop was it?")
    shown_once(customer, "Which shop was it?")
    write(customer, "A book shop.")
    heard(desk, "A book shop.")
    close(desk)
    customer.get_by_label("Very good").check()
    customer.get_by_label("My problem is solved").check()
    customer.get_by_role("button", name="Send the rating").click()
    expect(customer.get_by_text("Thank you for telling us.")).to_be_visible()
    with customer.expect_download() as download:
        customer.get_by_role("button", name="Download the transcript").click()

    assert "A book shop." in download.value.path().read_text()
    shown_once(customer, "A book shop.")


def test_text_written_without_network_arrives_once_when_it_is_back(customer, desk):
    accept(desk, ask(customer, QUESTION))
    customer.context.set_offline(True)
    write(customer, "Written in a tunnel.")
    expect(customer.locator("[data-line]")).to_contain_text("You are offline")
    customer.context.set_offline(False)

    heard(desk, "Written in a tunnel.")
    shown_once(customer, "Written in a tunnel.")
    expect(customer.locator("[data-line]")).to_be_hidden()


def test_question_asked_without_network_is_opened_once_when_it_is_back(customer, desk):
    customer.goto("/en/chat/")
    customer.get_by_role("link", name="Talk to a person").click()
    customer.wait_for_load_state("networkidle")
    customer.context.set_offline(True)
    customer.get_by_label("Your question").fill(QUESTION)
    customer.get_by_role("button", name="Start the chat").click()
    write(customer, "And one more thing.")
    expect(customer.locator("[data-line]")).to_contain_text("You are offline")
    customer.context.set_offline(False)

    accept(desk, opened(customer))
    heard(desk, QUESTION)
    heard(desk, "And one more thing.")


def test_conversation_and_draft_are_there_after_a_reload(customer, desk):
    accept(desk, ask(customer, QUESTION))
    customer.get_by_label("Your message").fill("Half a sent")
    customer.reload()

    expect(customer.get_by_label("Your message")).to_have_value("Half a sent")
    shown_once(customer, QUESTION)
    expect(customer.locator("[data-title]")).to_have_text(AGENT)


def test_conversation_appears_in_the_other_tab(customer, desk):
    other = customer.context.new_page()
    other.goto("/en/chat/")
    accept(desk, ask(customer, QUESTION))

    shown_once(other, QUESTION)
    write(other, "From the other tab.")
    shown_once(customer, "From the other tab.")
    heard(desk, "From the other tab.")


def test_place_in_the_queue_is_kept_when_the_agent_vanishes(customer, desk):
    accept(desk, ask(customer, QUESTION))
    desk.evaluate("desk.verb('transfer', { conversation: thread.id, topic: 'account', note: '' })")

    expect(customer.locator("[data-card]")).to_be_visible()
    expect(customer.get_by_role("log")).to_contain_text("You are being handed to a colleague")


def test_article_that_solves_it_ends_the_conversation(customer, desk):
    ask(customer, QUESTION)
    customer.get_by_role("log").get_by_role("link", name=re.compile("My payment failed")).click()
    expect(customer.get_by_role("heading", name=re.compile("My payment failed"))).to_be_visible()
    customer.get_by_role("button", name="This solved it").click()

    expect(customer.get_by_text("How was it?")).to_be_visible()


def test_conversation_goes_on_when_the_customer_writes_again(customer, desk):
    conversation = ask(customer, QUESTION)
    accept(desk, conversation)
    close(desk)
    customer.get_by_role("button", name="Skip").click()
    write(customer, "It happened again.")

    expect(customer.get_by_text("How was it?")).to_be_hidden()
    accept(desk, conversation)
    heard(desk, "It happened again.")


def test_hidden_page_says_in_its_title_that_there_is_an_answer(customer, desk):
    accept(desk, ask(customer, QUESTION))
    customer.locator("[data-back]").click()
    say(desk, "Which shop was it?")

    expect(customer).to_have_title(re.compile(r"^\(1\) "))
    customer.get_by_role("button", name="Continue your conversation").click()
    expect(customer).to_have_title(re.compile(r"^Live chat"))


def test_enter_that_confirms_pinyin_sends_nothing(customer, desk):
    accept(desk, ask(customer, QUESTION))
    field = customer.get_by_label("Your message")
    field.focus()
    typed = customer.context.new_cdp_session(customer)
    typed.send("Input.imeSetComposition", {"text": "zhifu", "selectionStart": 5, "selectionEnd": 5})
    field.evaluate(
        "(field) => field.dispatchEvent(new KeyboardEvent('keydown',"
        " { key: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true }))"
    )
    typed.send("Input.insertText", {"text": "支付"})

    expect(field).to_have_value("支付")
    field.press("Enter")
    heard(desk, "支付")
