"""How tests look at the widget from the host's page and from inside its frame."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Frame, FrameLocator, Locator, Page

QUESTION = "My card was declined in a shop."
# Whatever a script asks a storage for is refused, as where third parties are blocked.
BLOCK = """
  for (const name of ["localStorage", "sessionStorage", "indexedDB"]) {
    Object.defineProperty(window, name, { configurable: true, get() { throw new DOMException("blocked", "SecurityError"); } });
  }
"""
BLOCK_IN_FRAMES = f"if (window !== window.top) {{ {BLOCK} }}"


def launcher(page: Page) -> Locator:
    """The widget's button."""
    return page.get_by_role("button", name="Topay live chat")


def panel(page: Page) -> Locator:
    """What the button opens."""
    return page.get_by_role("dialog", name="Topay live chat")


def inside(page: Page) -> FrameLocator:
    """The messenger in its frame."""
    return page.frame_locator("iframe[title='Topay live chat']")


def frame_of(page: Page) -> Frame:
    """The same as something that can be evaluated in."""
    return next(frame for frame in page.frames if "/widget/" in frame.url)


def open_widget(page: Page) -> None:
    """Press the button and wait for the messenger."""
    launcher(page).click()
    page.locator(".panel.up").wait_for()


def said(page: Page, text: str) -> Locator:
    """What somebody said, in the frame."""
    return inside(page).locator(".talk-bubble", has_text=text)


def ask(page: Page, question: str = QUESTION) -> str:
    """Open a conversation in the frame; gives its id."""
    widget = inside(page)
    widget.get_by_role("link", name="Talk to a person").or_(
        widget.get_by_role("button", name="Talk to a person")
    ).click()
    widget.get_by_label("Your question").fill(question)
    with page.expect_response(lambda response: response.url.endswith("/api/chat/conversations")) as opened:
        widget.get_by_role("button", name="Start the chat").click()
    said(page, question).wait_for()
    found: str = opened.value.json()["conversation"]
    return found


def recorded(context: BrowserContext) -> tuple[list[str], Callable[[], None]]:
    """The addresses that a context asks for from now on, and how to forget them."""
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    return asked, asked.clear
