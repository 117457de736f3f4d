"""What an agent does for safety, and with files: texts taken back, blocks, and pictures."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.desk_pages import ask, desk

__all__ = ["ask", "desk"]
# One point.
PASTE = """(field) => {
  const png =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  const bytes = Uint8Array.from(atob(png), (c) => c.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "pasted.png", { type: "image/png" }));
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def choose(agent, name):
    """Press what stands under "More"."""
    agent.page.locator("[data-more-actions] summary").click()
    agent.page.get_by_role("button", name=name).click()


def test_the_customer_has_the_text_no_longer_when_an_agent_takes_it_back(desk, ask):
    agent, customer = desk("agent1", "online"), ask("My card is 4000.", name="Mia")
    agent.accept(customer.id)
    agent.field.fill("Meant for somebody else")
    agent.field.press("Enter")
    expect(agent.log).not_to_contain_text("Sending")
    assert "Meant for somebody else" in customer.texts()

    choose(agent, "Take a message back")
    dialog = agent.page.get_by_role("dialog", name="Take a message back")
    dialog.get_by_text("Meant for somebody else").click()
    dialog.get_by_role("button", name="Take back").click()

    expect(dialog).to_be_hidden()
    expect(agent.log.get_by_text("Meant for somebody else")).to_have_count(0)
    assert "Meant for somebody else" not in str(customer.events())


def test_a_customer_is_blocked_and_let_in_again_when_a_supervisor_lifts_it(desk, ask):
    supervisor, customer = desk("supervisor1", "online"), ask("Nothing but insults", name="Rude")
    supervisor.accept(customer.id)
    choose(supervisor, "Block this customer")
    dialog = supervisor.page.get_by_role("dialog", name="Block this customer")
    dialog.get_by_label("Why?").fill("Insults")
    dialog.get_by_role("button", name="Block").click()
    panel = supervisor.page.locator("[data-panel]")
    expect(panel).to_contain_text("Insults")

    choose(supervisor, "Lift the block")

    expect(panel).not_to_contain_text("Insults")


def test_a_picture_goes_to_the_customer_when_it_is_pasted(desk, ask):
    agent, customer = desk("agent1", "online"), ask("What does it look like?", name="Eye")
    agent.accept(customer.id)
    with agent.page.expect_response("**/attachments/"):
        agent.field.evaluate(PASTE)
    expect(agent.page.locator("[data-composer] progress:visible")).to_have_count(0)
    agent.field.fill("Like this")
    agent.field.press("Enter")
    expect(agent.log.get_by_text("Like this")).to_be_visible()
    expect(agent.log).not_to_contain_text("Sending")

    sent = next(event for event in customer.events() if event.get("text") == "Like this")
    assert [file["name"] for file in sent["attachments"]] == ["pasted.png"]


def test_the_page_leads_to_the_second_factor_when_one_is_asked_for_in_between(desk):
    agent = desk("agent1")
    asked = '{"error": {"code": "second_factor", "message": "Set up a second factor first."}}'
    refuse = {"status": 401, "content_type": "application/json", "body": asked}
    agent.page.route("**/desk/lists/left/**", lambda route: route.fulfill(**refuse), times=1)

    with agent.page.expect_navigation():
        agent.page.locator("[data-list=left]").click()

    expect(agent.page.get_by_role("dialog", name="You have been signed out")).to_be_hidden()
