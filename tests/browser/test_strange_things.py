"""What people do that nobody planned for: odd names and letters, a closed tab, a desk that stays open over night."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.customer import opened, shown_once, write
from tests.browser.desk_pages import PATIENCE_MS, ask, desk

__all__ = ["ask", "desk"]
NAME = "<script>window.hit=1</script>"
STRANGE = (
    "😀" * 100,
    "‏שלום, התשלום נכשל 500 CNY‏",
    '<img src=x onerror="window.hit=1"> & &lt;b&gt;',
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞",
    "a" * 400,
)
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"
TEN_HOURS_MS = 10 * 3600 * 1000


@pytest.fixture
def customer(open_context: Callable[..., BrowserContext]) -> Page:
    """The smallest phone there is."""
    return open_context(viewport={"width": 320, "height": 640}, is_mobile=True, has_touch=True).new_page()


def ask_as(customer: Page, name: str) -> str:
    """Ask something under a name."""
    customer.goto("/en/chat/")
    customer.get_by_role("link", name="Talk to a person").click()
    customer.get_by_label("Your question").fill("Who is there?")
    customer.get_by_label("Your name").fill(name)
    customer.get_by_role("button", name="Start the chat").click()
    return opened(customer)


def test_both_sides_see_what_was_written_however_strange_it_is(customer, desk):
    conversation = ask_as(customer, NAME)
    agent = desk("agent1", "online")
    agent.accept(conversation)
    for text in STRANGE:
        write(customer, text)
        expect(agent.log.locator(".talk-bubble").last).to_have_text(text)
        agent.field.fill(text)
        agent.field.press("Enter")
        expect(customer.locator(".talk-bubble")).to_have_count(agent.log.locator(".talk-bubble").count())
        expect(customer.locator(".talk-bubble").last).to_have_text(text)

    expect(agent.row(conversation)).to_contain_text(NAME)
    expect(agent.page.locator("[data-title]")).to_contain_text(NAME)
    for page in (customer, agent.page):
        assert page.evaluate("window.hit") is None
        assert page.evaluate(OVERFLOW) <= 0


def test_a_text_waits_when_the_customer_has_closed_the_tab(customer, desk):
    conversation = ask_as(customer, "Mia")
    agent = desk("agent1", "online")
    agent.accept(conversation)
    context = customer.context
    customer.close()
    agent.field.fill("Are you still there?")
    agent.field.press("Enter")
    said = agent.log.locator(".talk-said").last
    expect(said.locator(".talk-meta")).to_contain_text("Sent")
    back = context.new_page()
    back.goto("/en/chat/")

    shown_once(back, "Are you still there?")
    expect(said.locator(".talk-meta")).to_contain_text("Read")


def test_the_desk_works_in_the_morning_when_it_was_left_open_over_night(desk, ask):
    agent, evening = desk("agent1", "online"), ask("In the evening", name="Evening")
    agent.accept(evening.id)
    agent.page.clock.install()
    agent.page.clock.fast_forward(TEN_HOURS_MS)
    morning = ask("In the morning", name="Morning")

    agent.accept(morning.id)
    expect(agent.log.get_by_text("In the morning")).to_be_visible(timeout=PATIENCE_MS)
    expect(agent.row(evening.id)).to_be_visible()
