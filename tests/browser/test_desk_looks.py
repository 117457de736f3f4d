"""The desk for everybody: axe finds nothing in its states in either theme, and nothing scrolls sideways."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.desk_pages import PATIENCE_MS, ask, desk
from tests.browser.test_accessibility import RULES, SMALLEST_PHONE

__all__ = ["ask", "desk"]
DIALOGS = {
    "t": "Transfer the conversation",
    "e": "End the conversation",
    "Shift+?": "Keys",
    "Control+k": "Search",
}


def violations(page, within=None):
    found = Axe().run(page, context=within, options=RULES).response["violations"]
    return [(v["id"], [node["html"][:160] for node in v["nodes"]]) for v in found]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(desk, ask, theme):
    agent = desk("agent1", "online", color_scheme=theme, reduced_motion="reduce")
    customer = ask("My phone is lost and I can't sign in.", name="Axe", topic="payment")
    expect(agent.offer(customer.id)).to_be_visible(timeout=PATIENCE_MS)
    assert violations(agent.page) == []

    agent.accept(customer.id)
    expect(agent.page.locator("[data-panel]")).to_contain_text("Earlier conversations")
    assert violations(agent.page) == []
    agent.page.keyboard.press("Escape")
    agent.page.keyboard.press("/")
    expect(agent.canned.first).to_be_visible()
    # What lies half under the replies is reached again when they close.
    assert violations(agent.page, ".desk-write") == []
    agent.page.keyboard.press("Escape")
    agent.field.fill("")
    agent.page.keyboard.press("Escape")
    for key, name in DIALOGS.items():
        agent.page.keyboard.press(key)
        expect(agent.page.get_by_role("dialog", name=name)).to_be_visible()
        assert violations(agent.page) == [], name
        agent.page.keyboard.press("Escape")


def test_nothing_scrolls_sideways_on_the_smallest_phone(desk, ask):
    agent = desk("agent1", "online", viewport={"width": SMALLEST_PHONE, "height": 640})
    customer = ask("A question without a single space:" + "x" * 200, name="N" * 60)
    width = "document.documentElement.scrollWidth"
    expect(agent.offer(customer.id)).to_be_visible(timeout=PATIENCE_MS)
    assert agent.page.evaluate(width) <= SMALLEST_PHONE

    agent.accept(customer.id)
    assert agent.page.evaluate(width) <= SMALLEST_PHONE

    agent.page.get_by_role("button", name="Back to the list").click()
    expect(agent.row(customer.id)).to_be_visible()
    assert agent.page.evaluate(width) <= SMALLEST_PHONE
