"""A customer comes back to the private page of a message."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import RULES


@pytest.fixture
def private_page(page: Page) -> Page:
    """The private page of a message that was just left."""
    page.goto("/en/contact/email/")
    page.get_by_label("Your name").fill("Some Customer")
    page.get_by_label("Your e-mail address").fill("customer@example.com")
    page.get_by_label("What went wrong").fill("The payment failed but the money is gone.")
    page.get_by_role("button", name="Send the message").click()
    expect(page).to_have_url(re.compile(r"/en/requests/[\w-]{30,}/"))
    return page


def test_text_is_added_when_the_customer_writes_again(private_page: Page) -> None:
    private_page.get_by_label("Write again").fill("It was on Monday.")
    private_page.get_by_role("button", name="Send the message").click()

    expect(private_page).to_have_url(re.compile(r"#m2$"))
    expect(private_page.locator("#m2")).to_contain_text("It was on Monday.")
    expect(private_page.get_by_label("Write again")).to_have_value("")


def test_axe_finds_no_violation_on_the_page(private_page: Page) -> None:
    found = Axe().run(private_page, options=RULES).response["violations"]

    assert [(v["id"], [node["html"][:120] for node in v["nodes"]]) for v in found] == []
