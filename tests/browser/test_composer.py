"""Writing in a conversation: keys, pinyin, lengths, drafts, files."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conversation_page import conversation_page, show

SENT = "thread.pending.map((item) => item.text)"
PASTE = """(type) => {
  const data = new DataTransfer();
  data.items.add(new File(["x"], "image.png", { type: "image/png" }));
  if (type) data.setData(type, "copied");
  const event = new ClipboardEvent("paste", { clipboardData: data, cancelable: true, bubbles: true });
  document.querySelector("textarea").dispatchEvent(event);
}"""
DROP = """() => {
  const data = new DataTransfer();
  data.items.add(new File(["x"], "dropped.txt", { type: "text/plain" }));
  document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, cancelable: true, bubbles: true }));
}"""


@pytest.fixture
def page(open_context) -> Page:
    context = open_context(viewport={"width": 600, "height": 600})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = conversation_page(context)
    show(page)
    page.focus("textarea")
    return page


def files(page: Page, *names: str) -> None:
    page.set_input_files(
        "input[type=file]", [{"name": n, "mimeType": "text/plain", "buffer": b"x"} for n in names]
    )


def test_enter_that_confirms_pinyin_sends_nothing(page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Input.imeSetComposition", {"text": "zhuan zhang", "selectionStart": 11, "selectionEnd": 11})
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    assert page.evaluate(SENT) == []
    session.send("Input.insertText", {"text": "转账"})
    # Safari ends the composition before it tells of the key; only the key's number says what it was for.
    page.evaluate(
        "document.querySelector('textarea').dispatchEvent(new KeyboardEvent('keydown',"
        " { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true }))"
    )
    assert page.evaluate(SENT) == []
    page.keyboard.press("Enter")

    assert page.evaluate(SENT) == ["转账"]


def test_enter_sends_and_shift_enter_begins_a_line(page) -> None:
    page.keyboard.type("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    page.keyboard.press("Enter")
    assert page.evaluate(SENT) == ["one\ntwo"]
    page.keyboard.type("three")
    page.keyboard.press("Control+Enter")

    assert page.evaluate(SENT) == ["one\ntwo", "three"]
    expect(page.locator("textarea")).to_have_value("")
    expect(page.locator("textarea")).to_be_focused()


def test_nothing_is_sent_when_nothing_shows(page) -> None:
    page.fill("textarea", " \n\u200b ")
    page.keyboard.press("Enter")

    assert page.evaluate(SENT) == []
    expect(page.get_by_role("button", name="Send")).to_have_attribute("aria-disabled", "true")


def test_characters_are_counted_as_people_count_them(page) -> None:
    page.fill("textarea", "😀" * 100)
    expect(page.locator(".talk-count")).to_have_text("")
    page.fill("textarea", "😀" * 1801)
    expect(page.locator(".talk-count")).to_have_text("1801 of 2000 characters")
    page.fill("textarea", "😀" * 2003)
    expect(page.locator(".talk-count")).to_have_text("3 characters too many")
    page.keyboard.press("Enter")
    expect(page.locator(".talk-composer")).to_contain_text("too long")
    assert page.evaluate(SENT) == []
    page.fill("textarea", "😀" * 2000)
    page.keyboard.press("Enter")

    assert page.evaluate(SENT) == ["😀" * 2000]


def test_the_count_is_said_once_and_not_with_each_key(page) -> None:
    page.fill("textarea", "a" * 1800)
    page.keyboard.type("bcd")

    expect(page.locator(".talk-count")).to_have_text("1803 of 2000 characters")
    expect(page.get_by_role("status").filter(has_text="of 2000")).to_have_text("1800 of 2000 characters")


def test_files_stay_with_the_conversation_they_were_chosen_for(page) -> None:
    files(page, "a.txt")
    page.evaluate("composer.setThread(new FakeThread('visitor', []))")

    expect(page.locator(".talk-tray li")).to_have_count(0)
    assert page.evaluate("thread.uploads[0].signal.aborted")


def test_the_field_grows_with_its_text_up_to_a_limit(page) -> None:
    height = "document.querySelector('textarea').offsetHeight"
    before = page.evaluate(height)
    page.fill("textarea", "a\nb\nc")
    grown = page.evaluate(height)
    page.fill("textarea", "a\n" * 100)

    assert before < grown < page.evaluate(height) <= 200


def test_a_draft_is_there_after_a_reload_and_gone_when_it_was_sent(page) -> None:
    page.fill("textarea", "not yet sent")
    page.reload()
    page.wait_for_function("window.isReady")
    show(page)
    expect(page.locator("textarea")).to_have_value("not yet sent")
    page.press("textarea", "Enter")
    page.reload()
    page.wait_for_function("window.isReady")
    show(page)

    expect(page.locator("textarea")).to_have_value("")


def test_typing_is_told_once_for_many_keys_and_not_for_notes(page) -> None:
    page.evaluate("composer.setMode('note', { sendLabel: 'Add note' })")
    page.keyboard.type("a note")
    assert page.evaluate("thread.typings") == 0
    expect(page.get_by_role("button", name="Add note")).to_be_visible()
    page.evaluate("composer.setMode('reply')")
    page.keyboard.type("a reply")

    assert page.evaluate("thread.typings") == 1


def test_copied_html_becomes_plain_text(page) -> None:
    page.evaluate(
        """() => navigator.clipboard.write([new ClipboardItem({
          "text/html": new Blob(["<b onclick=alert(1)>bold</b>"], { type: "text/html" }),
          "text/plain": new Blob(["bold"], { type: "text/plain" }),
        })])"""
    )
    page.keyboard.press("Control+V")

    expect(page.locator("textarea")).to_have_value("bold")


def test_the_desk_may_put_texts_in_and_hold_them_back(page) -> None:
    page.fill("textarea", "Hello , bye")
    page.evaluate("composer.field.setSelectionRange(6, 6); composer.insert('Wang')")
    expect(page.locator("textarea")).to_have_value("Hello Wang, bye")
    page.evaluate(
        """async () => {
          const { Composer } = await import("/static/js/talk/composer.js");
          composer.stop();
          window.told = [];
          const hooks = {
            onInput: (text) => told.push(text),
            onKey: (event) => event.key === "ArrowDown" && told.push("menu") > 0,
            beforeSend: (text) => (text === "stop" ? false : `${text}.`),
            onSend: (text) => { if (text === "fail.") throw new Error("Refused."); told.push(`sent ${text}`); },
          };
          window.composer = new Composer(document.querySelector("#form"), { thread, ...hooks });
          composer.focus();
        }"""
    )
    page.keyboard.press("ArrowDown")
    for text in ("stop", "fail", "go"):
        page.fill("textarea", text)
        page.keyboard.press("Enter")
        expect(page.locator("textarea")).to_have_value("" if text == "go" else text)
        expect(page.locator(".talk-problems").first).to_have_text("Refused." if text == "fail" else "")

    told = page.evaluate("told")
    assert "menu" in told
    assert [line for line in told if line.startswith("sent")] == ["sent go."]


def test_a_50_mb_file_is_refused_in_words(page, tmp_path: Path) -> None:
    large = tmp_path / "film.pdf"
    with large.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    page.set_input_files("input[type=file]", large)

    expect(page.locator(".talk-composer")).to_contain_text(
        "film.pdf is too large (50 MB). A file may have 10 MB."
    )
    assert page.evaluate("thread.uploads.length") == 0
    expect(page.locator("textarea")).to_be_focused()


def test_other_files_are_refused_in_words(page) -> None:
    page.set_input_files("input[type=file]", {"name": "a.exe", "mimeType": "", "buffer": b"MZ"})
    expect(page.locator(".talk-composer")).to_contain_text("a.exe can't be sent.")
    page.set_input_files("input[type=file]", {"name": "a.txt", "mimeType": "", "buffer": b""})
    expect(page.locator(".talk-composer")).to_contain_text("a.txt is empty.")
    files(page, *(f"{number}.txt" for number in range(6)))

    expect(page.locator(".talk-composer")).to_contain_text("5.txt was left out")
    assert page.evaluate("thread.uploads.length") == 5


def test_a_text_waits_for_its_files(page) -> None:
    files(page, "a.txt", "b.txt")
    page.evaluate("thread.uploads[0].onProgress(0.5)")
    assert page.locator("progress").first.evaluate("(bar) => bar.value") == 0.5
    page.fill("textarea", "both")
    page.keyboard.press("Enter")
    page.evaluate("thread.uploads[0].done()")
    expect(page.locator(".talk-composer")).to_contain_text("as soon as the files have arrived")
    assert page.evaluate(SENT) == []
    page.evaluate("thread.uploads[1].done()")

    page.wait_for_function("thread.pending.length === 1")
    assert page.evaluate("thread.pending[0].attachments.map((file) => file.name)") == ["a.txt", "b.txt"]
    expect(page.locator(".talk-tray")).to_be_hidden()


def test_an_upload_can_be_stopped_and_tried_again(page) -> None:
    files(page, "a.txt", "b.txt")
    page.evaluate("thread.uploads[0].fail('The file is damaged.')")
    expect(page.locator(".talk-tray li").first).to_contain_text("The file is damaged.")
    page.keyboard.press("Enter")
    expect(page.locator(".talk-composer")).to_contain_text("Try it again or remove it.")
    page.get_by_role("button", name="Try again").click()
    assert page.evaluate("thread.uploads.length") == 3
    page.get_by_role("button", name="Remove b.txt").click()
    expect(page.get_by_role("button", name="Remove a.txt")).to_be_focused()
    assert page.evaluate("thread.uploads[1].signal.aborted")
    page.evaluate("thread.uploads[2].done()")

    expect(page.locator(".talk-tray li")).to_have_count(1)


def test_pasted_and_dropped_files_are_taken(page) -> None:
    page.evaluate(PASTE, "")
    page.evaluate(DROP)
    expect(page.locator(".talk-tray li")).to_have_count(2)
    # A table copied from a spreadsheet brings a picture of itself along.
    page.evaluate(PASTE, "text/plain")

    expect(page.locator(".talk-tray li")).to_have_count(2)


def test_everything_can_be_reached_by_keyboard(page) -> None:
    files(page, "a.txt")
    page.locator(".talk-scroll").focus()
    names = []
    for _ in range(4):
        page.keyboard.press("Tab")
        names.append(page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent"))

    assert names == ["Remove a.txt", "Attach files", "Your message", "Send"]
