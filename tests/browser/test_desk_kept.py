"""Nothing that an agent wrote or sees is lost: signing out in the middle, a cut network, several tabs."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.desk_pages import PATIENCE_MS, ask, desk

__all__ = ["ask", "desk"]


def test_the_text_stays_when_the_session_ends_in_the_middle_of_it(desk, ask, site):
    agent, customer = desk("agent1", "online"), ask("Are you there?", name="Patient")
    agent.accept(customer.id)
    agent.field.fill("Half a thought")
    kept = [cookie for cookie in agent.page.context.cookies() if cookie["name"] == "topay_language"]
    agent.page.context.clear_cookies()
    agent.page.context.add_cookies(kept)
    agent.page.keyboard.press("Escape")
    agent.page.keyboard.press("2")
    dialog = agent.page.get_by_role("dialog", name="You have been signed out")
    expect(dialog).to_be_visible()
    with agent.page.context.expect_page() as opened:
        dialog.get_by_role("link", name="Sign in").click()
    window = opened.value
    window.fill("[name=username]", "agent1")
    window.fill("[name=password]", site.password)
    window.press("[name=password]", "Enter")
    expect(window.get_by_label("Your status")).to_be_enabled()
    window.close()
    agent.page.evaluate("window.dispatchEvent(new Event('focus'))")

    expect(dialog).to_be_hidden()
    expect(agent.field).to_have_value("Half a thought")
    agent.field.press("Enter")
    expect(agent.log.get_by_text("Half a thought")).to_have_count(1)
    expect(agent.page.locator("[data-line]")).to_be_hidden(timeout=PATIENCE_MS)


def test_the_list_is_right_when_the_network_was_away(desk, ask):
    agent = desk("agent2")
    before = ask("Before the tunnel", name="Before")
    expect(agent.row(before.id)).to_be_visible()
    agent.page.context.set_offline(True)
    agent.page.evaluate("window.dispatchEvent(new Event('offline'))")
    during = ask("In the tunnel", name="During")
    before.end()
    agent.page.context.set_offline(False)

    expect(agent.row(during.id)).to_be_visible(timeout=PATIENCE_MS)
    expect(agent.row(before.id)).to_be_hidden()
    expect(agent.page.get_by_text("Connected")).to_be_visible(timeout=PATIENCE_MS)


def test_the_focus_and_the_row_stay_when_the_list_is_refreshed(desk, ask):
    agent, first = desk("agent2"), ask("First in the list", name="First")
    expect(agent.row(first.id)).to_be_visible()
    agent.row(first.id).get_by_role("link").focus()
    agent.row(first.id).evaluate("(row) => { row.dataset.same = ''; }")
    second = ask("Second in the list", name="Second")
    expect(agent.row(second.id)).to_be_visible()

    expect(agent.row(first.id).get_by_role("link")).to_be_focused()


def test_a_row_shows_at_once_what_is_said_in_a_conversation_that_is_not_shown(desk, ask):
    agent, first = desk("agent1", "online"), ask("The first question", name="First")
    agent.accept(first.id)
    expect(agent.unread(first.id)).to_be_hidden()
    second = ask("The second question", name="Second")
    agent.accept(second.id)
    first.say("Still there?")

    expect(agent.row(first.id)).to_contain_text("Still there?")
    expect(agent.unread(first.id)).to_contain_text("unread message")
    agent.row(first.id).get_by_role("link").click()
    expect(agent.unread(first.id)).to_be_hidden()


def test_both_tabs_show_the_same_when_an_agent_works_in_one(desk, ask):
    agent, customer = desk("agent1", "online"), ask("Two tabs", name="Tabs")
    agent.accept(customer.id)
    other = agent.page.context.new_page()
    other.goto(f"/desk/?c={customer.id}")
    expect(other.locator("[data-composer] textarea")).to_be_visible()
    agent.field.fill("From the first tab")
    agent.field.press("Enter")
    expect(other.get_by_role("log").get_by_text("From the first tab")).to_have_count(1)
    agent.status("away")

    expect(other.get_by_label("Your status")).to_have_value("away")
