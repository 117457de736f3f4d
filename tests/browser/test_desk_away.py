"""What happens when an agent does nothing, or is gone: offers go by, conversations go back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import serving
from tests.browser.desk_pages import PATIENCE_MS, ask, desk, named

__all__ = ["ask", "desk"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A help center whose offers last seconds."""
    with serving(tmp_path_factory.mktemp("brisk"), HELPCENTER_TEST_BRISK="1") as started:
        yield started


def test_an_agent_is_set_away_and_told_why_when_two_offers_go_by(desk, ask):
    agent = desk("agent1", "online")
    ask("Does anybody look?", name="First")
    ask("And here?", name="Second")

    expect(agent.page.get_by_label("Your status")).to_have_value("away", timeout=PATIENCE_MS)
    expect(agent.notice).to_contain_text("two offers in a row went by")
    expect(agent.page.locator(".desk-offer")).to_have_count(0)


def test_a_conversation_goes_back_when_the_browser_of_its_agent_is_gone(desk, ask):
    agent, customer = desk("agent1", "online"), ask("Don't leave me.", name="Left")
    agent.accept(customer.id)
    colleague = desk("agent2")
    agent.page.close()
    colleague.status("online")
    expect(colleague.offer(customer.id)).to_be_visible(timeout=2 * PATIENCE_MS)
    colleague.accept(customer.id)

    expect(colleague.log).to_contain_text("Don't leave me.")
    expect(colleague.log).to_contain_text(named(2, " has joined"))
