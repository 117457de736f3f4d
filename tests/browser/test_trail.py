"""What a customer has looked for and answered reaches the agent together with the question, unless they take it out."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.customer import END, opened
from tests.browser.desk_pages import desk

__all__ = ["desk"]
CARD = "4111 1111 1111 1111"


def search(page, words):
    page.goto("/en/")
    field = page.get_by_role("combobox", name="Search the help center")
    field.fill(words)
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_url("**/search/**")


def test_the_agent_sees_what_was_tried_before_the_question(page, desk):
    agent = desk("agent1", "online")
    search(page, f"declined {CARD}")
    search(page, "frozen")
    page.goto("/en/fix/account-frozen/")
    page.locator(".guide-choice").first.click()
    expect(page.locator(".guide-answers li")).to_have_count(1)
    page.goto("/en/chat/?guide=account-frozen")
    told = "The agent sees which guided fix you have tried and what you have searched for."
    expect(page.get_by_text(told)).to_be_visible()
    page.get_by_label("Your question").fill("I can't get in.")
    page.get_by_role("button", name="Start the chat").click()

    agent.accept(opened(page))
    panel = agent.page.locator("[data-panel]")
    expect(panel).to_contain_text("Did you get a security warning")
    expect(panel.get_by_role("listitem").get_by_text("frozen", exact=True)).to_be_visible()
    expect(panel).to_contain_text("declined")
    assert CARD not in panel.inner_text()
    page.evaluate(END)


def test_nothing_goes_along_when_the_customer_takes_it_out(page, desk):
    agent = desk("agent1", "online")
    search(page, "frozen")
    page.goto("/en/chat/")
    page.get_by_role("link", name="Talk to a person").click()
    about = page.get_by_text("The agent sees what you have searched for.")
    expect(about).to_be_visible()
    page.get_by_role("button", name="Remove").click()
    expect(about).to_be_hidden()
    page.get_by_label("Your question").fill("I can't get in.")
    with page.expect_request("**/api/chat/conversations") as sent:
        page.get_by_role("button", name="Start the chat").click()

    assert "searches" not in sent.value.post_data_json.get("fields", {})
    agent.accept(sent.value.response().json()["conversation"])
    expect(agent.page.locator("[data-panel]")).to_contain_text("Earlier conversations")
    assert "Searched for" not in agent.page.locator("[data-panel]").inner_text()
    page.evaluate(END)
