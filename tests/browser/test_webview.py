"""The messenger in an app's WebView: what it tells the app, and what the app tells it."""

import pytest
from playwright.sync_api import Page, expect

APP = """
  window.said = [];
  window.TopayAndroid = { postMessage: (text) => said.push(JSON.parse(text)) };
  window.webkit = { messageHandlers: { topay: { postMessage: (message) => said.push(message) } } };
  document.addEventListener("messenger:identify", (event) => said.push({ type: "identify", ...event.detail }));
"""
TYPES = "said.map((message) => message.type)"


@pytest.fixture
def view(open_context) -> Page:
    """The page as the app shows it."""
    page = open_context(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True).new_page()
    page.add_init_script(APP)
    page.goto("/en/chat/?embed=app", wait_until="networkidle")
    return page


def test_the_app_learns_that_the_messenger_is_there_and_when_to_close(view):
    view.get_by_role("button", name="Close").click()

    assert view.evaluate(f"{TYPES}.filter((type) => ['ready', 'close'].includes(type))") == [
        *["ready"] * 2,
        *["close"] * 2,
    ]


def test_other_places_open_outside_of_the_app(view, site):
    view.get_by_role("link", name="Is it really Topay?").click()

    assert view.evaluate("said.at(-1)") == {"type": "openUrl", "url": f"{site.url}/en/official/"}
    assert "/en/chat/" in view.url
    assert len(view.context.pages) == 1


def test_the_app_says_who_is_there_and_what_to_show(view):
    view.evaluate(
        "dispatchEvent(new CustomEvent('topay:context', { detail: { identity: 'a.b.c', article: 'payment-failed' } }))"
    )

    assert view.evaluate("said.find((message) => message.type === 'identify').token") == "a.b.c"
    expect(view.locator("[data-view=article]")).to_be_visible()


def test_a_token_in_the_fragment_is_taken_away_at_once(open_context):
    page = open_context().new_page()
    page.goto("/en/chat/?embed=app#identity=a.b.c", wait_until="networkidle")

    assert page.evaluate("location.hash") == ""
    assert page.evaluate("location.search") == "?embed=app"
