"""One customer and two agents, each in a browser of their own, from the question to the transcript."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.customer import END, ask, shown_once, write
from tests.browser.desk_pages import desk, named

__all__ = ["desk"]
QUESTION = "My payment failed but the money is gone."


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "teal").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def customer(open_context: Callable[..., BrowserContext]) -> Iterator[Page]:
    """A customer's phone; what they have opened is ended afterwards."""
    size = {"width": 390, "height": 844}
    page = open_context(viewport=size, is_mobile=True, has_touch=True, accept_downloads=True).new_page()
    yield page
    page.evaluate(END)


def test_a_question_goes_through_two_hands_to_a_rating(customer, desk):
    first, second = desk("agent1", "online"), desk("agent2")
    conversation = ask(customer, QUESTION, topic="Payments and cards")
    expect(customer.get_by_role("log")).to_contain_text("My payment failed or won't go through.")

    first.accept(conversation)
    first.field.fill("Which shop was it?")
    first.field.press("Enter")
    shown_once(customer, "Which shop was it?")
    customer.locator("input[type=file]").set_input_files(
        {"name": "receipt.png", "mimeType": "image/png", "buffer": picture()}
    )
    write(customer, "A book shop, here is the receipt.")
    expect(first.log.get_by_text("A book shop, here is the receipt.")).to_be_visible()
    expect(first.log.locator("img")).to_be_visible()

    cards = customer.get_by_role("log").locator(".talk-card").count()
    first.page.locator("[data-more-actions] summary").click()
    first.page.get_by_role("button", name="Insert an article").click()
    first.page.get_by_label("Search", exact=True).fill("bank card")
    first.page.get_by_role("button", name="Show to the customer").first.click()
    for log in (customer.get_by_role("log"), first.log):
        expect(log.locator(".talk-card")).to_have_count(cards + 1)

    second.status("online")
    first.page.get_by_role("button", name="Transfer").first.click()
    first.page.get_by_label(named(2)).check()
    first.page.get_by_label("Note for whoever takes it").fill("The receipt is in the conversation.")
    first.page.locator("#dialog-transfer").get_by_role("button", name="Transfer").click()
    second.accept(conversation)
    expect(second.log.get_by_text("The receipt is in the conversation.")).to_be_visible()
    second.field.fill("The money is back on your card.")
    second.field.press("Enter")
    shown_once(customer, "The money is back on your card.")
    assert customer.get_by_text("The receipt is in the conversation.").count() == 0

    second.page.get_by_role("button", name="End").first.click()
    second.page.locator("#dialog-close").get_by_role("button", name="End").click()
    customer.get_by_label("Very good").check()
    customer.get_by_role("button", name="Send the rating").click()
    expect(customer.get_by_text("Thank you for telling us.")).to_be_visible()
    with customer.expect_download() as download:
        customer.get_by_role("button", name="Download the transcript").click()

    transcript = download.value.path().read_text()
    for text in (QUESTION, "Which shop was it?", "receipt.png", "The money is back on your card."):
        assert text in transcript
    assert "The receipt is in the conversation." not in transcript
