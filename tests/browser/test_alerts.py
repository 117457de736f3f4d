"""Whoever looks elsewhere learns of it: the title, a sound, and a notification where they have allowed one."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser import customer
from tests.browser.desk_pages import PATIENCE_MS, ask, desk, named

__all__ = ["ask", "desk"]
# Instead of the system's: what it was asked to show, and how many tones were begun.
SYSTEM = """
  window.told = [];
  window.tones = 0;
  window.Notification = class {
    static permission = "granted";
    static requestPermission() { Notification.permission = "granted"; return Promise.resolve("granted"); }
    constructor(title, { body = "" } = {}) { told.push([title, body]); }
    close() {}
  };
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) { tones += 1; return start.call(this, at); };
"""
CAPACITY = 4
LOOK_AWAY = """
  Object.defineProperty(document, "hidden", { configurable: true, value: true });
  document.dispatchEvent(new Event("visibilitychange"));
"""


def test_an_agent_who_looks_elsewhere_is_called_when_a_conversation_is_offered(desk, ask):
    agent = desk("agent1")
    agent.page.add_init_script(SYSTEM)
    agent.page.reload()
    agent.status("online")
    agent.page.locator("[data-dot=online]").wait_for(state="attached")
    agent.page.mouse.click(600, 600)
    agent.page.evaluate(LOOK_AWAY)
    offered = ask("Is anybody there?", name="Mia", topic="payment")

    expect(agent.offer(offered.id)).to_be_visible(timeout=PATIENCE_MS)
    expect(agent.page).to_have_title(re.compile(r"^\(1\) Offer"))
    (title, body), *_ = agent.page.evaluate("told")
    assert title == "A customer is waiting for you"
    assert "Payments and cards" in body
    assert agent.page.evaluate("tones") >= 2


def test_a_customer_who_waits_may_be_notified_and_then_is(page, desk, ask):
    agent = desk("agent1", "online")
    before = [ask("Is anybody there?", name=f"Customer {number}") for number in range(CAPACITY + 1)]
    page.add_init_script(SYSTEM.replace("granted", "default", 1))
    page.goto("/en/chat/")
    offer = page.get_by_role("button", name="Notify me")
    page.get_by_role("link", name="Talk to a person").click()
    expect(page.get_by_label("Your question")).to_be_visible()
    expect(offer).to_have_count(0)
    page.get_by_label("Your question").fill("My card was declined.")
    page.get_by_role("button", name="Start the chat").click()
    conversation = customer.opened(page)
    expect(page.get_by_text("Number 2 in the queue")).to_be_visible()
    before.pop().end()
    expect(page.get_by_text("You are next")).to_be_visible()
    offer.click()
    before[0].end()
    agent.accept(conversation)
    expect(page.locator("[data-title]")).to_have_text(named(1))
    page.evaluate(LOOK_AWAY)
    agent.field.fill("Which shop was it?")
    agent.field.press("Enter")

    expect(page).to_have_title(re.compile(r"^\([12]\) "))
    customer.shown_once(page, "Which shop was it?")
    title, body = page.evaluate("told.at(-1)")
    assert named(1, " from Topay support").fullmatch(title)
    assert body == "Which shop was it?"
    assert page.evaluate("tones") >= 2
    page.evaluate(customer.END)
