"""Agents at the desk: what they are offered, say, hand over and end; two of them at once."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.desk_pages import PATIENCE_MS, ask, desk, named

__all__ = ["ask", "desk"]


def test_an_offer_counts_down_and_becomes_a_conversation_when_it_is_accepted(desk, ask):
    agent = desk("agent1", "online")
    customer = ask("My card was declined.", name="Mia", topic="payment")
    offer = agent.offer(customer.id)
    expect(offer).to_contain_text(
        re.compile(r"Payments and cards · English .*\d+ s to accept"), timeout=PATIENCE_MS
    )
    expect(agent.page).to_have_title(re.compile(r"^\(1\) Offer"))

    agent.accept(customer.id)

    expect(agent.log).to_contain_text("My card was declined.")
    expect(agent.field).to_be_focused()
    agent.field.fill("Which shop was it?")
    agent.field.press("Enter")
    expect(agent.log.get_by_text("Which shop was it?")).to_have_count(1)
    customer.say("A book shop.")
    expect(agent.log.get_by_text("A book shop.")).to_have_count(1)


def test_one_wins_and_the_other_is_told_by_whom_when_two_take_at_once(desk, ask):
    customer = ask("Who answers me?", name="Twice")
    first, second = desk("agent1"), desk("agent2")
    for agent in (first, second):
        agent.open(customer.id)
        expect(agent.page.locator("[data-do=take]")).to_be_visible()
    for agent in (first, second):
        agent.page.evaluate("document.querySelector('[data-do=take]').click()")

    won, lost = 1, second
    expect(first.notice.or_(first.field).filter(visible=True)).to_have_count(1)
    if first.field.is_hidden():
        won, lost = 2, first
    expect(lost.notice).to_have_text(named(won, " took it."))
    expect(lost.field).to_be_hidden()


def test_a_note_stays_with_the_agents_when_it_is_written(desk, ask):
    agent, customer = desk("agent1", "online"), ask("Where is my refund?")
    agent.accept(customer.id)
    agent.page.get_by_role("button", name="Note", exact=True).click()
    agent.field.fill("The bank has it.")
    agent.field.press("Enter")
    expect(agent.log.get_by_text("The bank has it.")).to_be_visible()
    agent.page.get_by_role("button", name="Reply", exact=True).click()
    agent.field.fill("It is on its way.")
    agent.field.press("Enter")
    expect(agent.log.get_by_text("It is on its way.")).to_be_visible()
    expect(agent.log).not_to_contain_text("Sending")

    assert "It is on its way." in customer.texts()
    assert "The bank has it." not in str(customer.events())


def test_a_canned_reply_is_filled_in_when_it_is_chosen_by_slash(desk, ask):
    agent, customer = desk("agent1", "online"), ask("Hello", name="Mia")
    agent.accept(customer.id)
    agent.field.press_sequentially("/gre")
    expect(agent.canned.first).to_be_visible()
    agent.field.press("Enter")

    expect(agent.field).not_to_have_value(re.compile("^/|[{}]"))
    assert customer.texts() == ["Hello"]


def test_the_colleague_gets_the_conversation_and_the_note_when_it_is_transferred(desk, ask):
    agent, colleague = desk("agent1", "online"), desk("agent2")
    customer = ask("I need somebody for cards.", name="Mover")
    agent.accept(customer.id)
    colleague.status("online")
    agent.page.keyboard.press("Escape")
    agent.page.keyboard.press("t")
    dialog = agent.page.get_by_role("dialog", name="Transfer the conversation")
    dialog.get_by_label(named(2)).check()
    dialog.get_by_label("Note for whoever takes it").fill("Knows the order number.")
    dialog.get_by_role("button", name="Transfer").click()
    colleague.accept(customer.id)

    expect(colleague.log).to_contain_text("Knows the order number.")
    assert "Knows the order number." not in str(customer.events())
    expect(agent.page.locator("[data-empty]")).to_be_visible()


def test_a_conversation_is_closed_with_its_tags_when_it_is_ended(desk, ask):
    agent, customer = desk("agent1", "online"), ask("How long does a refund take?", name="Ender")
    agent.accept(customer.id)
    agent.page.get_by_role("button", name="End", exact=True).click()
    dialog = agent.page.get_by_role("dialog", name="End the conversation")
    dialog.get_by_label("Tags, separated by commas").fill("refund, book shop")
    dialog.get_by_label("Tags, separated by commas").press("Enter")

    expect(agent.page.locator("[data-facts]")).to_contain_text("Closed")
    expect(agent.page.locator("[data-panel]")).to_contain_text("book shop")
    agent.page.get_by_role("button", name="Reopen").click()
    expect(agent.field).to_be_visible()


def test_everything_is_done_by_keys_alone(desk, ask):
    agent, customer = desk("agent1", "online"), ask("Only keys today.", name="Keys")
    expect(agent.offer(customer.id)).to_be_visible(timeout=PATIENCE_MS)
    keys = agent.page.keyboard
    keys.press("a")
    expect(agent.field).to_be_focused()
    keys.type("Good afternoon")
    keys.press("Control+Enter")
    expect(agent.log.get_by_text("Good afternoon")).to_be_visible()
    keys.press("Escape")
    keys.press("n")
    expect(agent.field).to_have_accessible_name("Note for agents")
    keys.press("Escape")
    keys.press("Shift+?")
    expect(agent.page.get_by_role("dialog", name="Keys")).to_be_visible()
    keys.press("Escape")
    keys.press("Control+k")
    keys.type("end the")
    keys.press("Enter")
    expect(agent.page.get_by_role("dialog", name="End the conversation")).to_be_visible()
    keys.press("Enter")

    expect(agent.page.locator("[data-facts]")).to_contain_text("Closed")


def test_single_keys_do_nothing_when_they_are_switched_off(desk):
    agent = desk("agent1")
    agent.page.keyboard.press("Shift+?")
    dialog = agent.page.get_by_role("dialog", name="Keys")
    dialog.get_by_label("Single keys do something").uncheck()
    agent.page.keyboard.press("Escape")
    agent.page.reload()
    expect(agent.page.get_by_label("Your status")).to_be_enabled()
    agent.page.keyboard.press("Shift+?")
    agent.page.keyboard.press("Control+k")

    expect(agent.page.get_by_role("dialog")).to_have_count(1)
    expect(agent.page.get_by_role("combobox", name="Search commands")).to_be_focused()
