"""The list of a conversation: what is shown, and how safely."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conversation_page import come, conversation_page, lines, show
from tests.browser.test_accessibility import RULES

EVIL = "<img src=x onerror=window.hit=1><script>window.hit=1</script>"
PICTURE = {
    "id": "a",
    "name": "a.png",
    "size": 9000,
    "type": "image/png",
    "width": 800,
    "height": 400,
    "url": "/x",
}
PAPER = {
    "id": "b",
    "name": "b.pdf",
    "size": 9000,
    "type": "application/pdf",
    "width": None,
    "height": None,
    "url": "/x",
}
EVERY_KIND = [
    {
        "by": "visitor",
        "text": "It has not arrived, see https://topay.example/help",
        "data": {"hidden": ["card", "new"]},
    },
    {"by": "assistant", "text": "This may help.", "data": {"assistant": True}},
    {
        "by": "assistant",
        "kind": "article",
        "data": {"title": "Not arrived", "url": "/en/articles/a/", "type": "article"},
    },
    {"by": "system", "kind": "state", "data": {"state": "waiting", "reason": "agent_gone"}},
    {"by": "system", "kind": "assigned", "data": {"agent": {"name": "Lin", "verify_code": "4821"}}},
    {"text": "你好", "attachments": [PICTURE, PAPER]},
    {"by": "visitor", "text": "", "data": {"redacted": True}},
    {"by": "visitor", "kind": "rating", "data": {"score": 4}},
    {"kind": "hologram"},
]
NOTE = {"kind": "note", "text": "Checked with the bank."}


@pytest.fixture
def page(open_context) -> Page:
    return conversation_page(open_context(viewport={"width": 600, "height": 600}))


@pytest.fixture
def desk(open_context) -> Page:
    return conversation_page(open_context(viewport={"width": 600, "height": 600}), side="agent")


def test_markup_stays_text_when_people_write_it_anywhere(desk) -> None:
    card = {"title": EVIL, "url": "javascript:window.hit=1", "type": "article"}
    files = [PAPER | {"name": EVIL}, PICTURE | {"name": EVIL}]
    show(
        desk,
        [
            {"by": "visitor", "text": EVIL},
            {"by": "agent", "author": {"kind": "agent", "name": EVIL}, "text": EVIL, "attachments": files},
            {"by": "system", "kind": "assigned", "data": {"agent": {"name": EVIL, "verify_code": EVIL}}},
            {"by": "assistant", "kind": "article", "data": card},
            {"by": "agent", "kind": "state", "data": {"state": "closed", "reason": EVIL}},
        ],
    )

    assert desk.locator("#place script, #place img:not([width])").count() == 0
    assert desk.locator(".talk-card a").count() == 0
    assert desk.locator(".talk-bubble").first.inner_text() == EVIL
    assert desk.evaluate("window.hit") is None


@pytest.mark.parametrize(
    ("text", "address", "shown"),
    [
        ("see https://topay.example@evil.example/in.", "https://evil.example/in", "https://evil.example/in"),
        ("https://аpple.example/", "https://xn--pple-43d.example/", "https://xn--pple-43d.example"),
        ("链接https://topay.example/a（请看）", "https://topay.example/a", "https://topay.example/a"),
        ("(http://a.example/b_(c))", "http://a.example/b_(c)", "http://a.example/b_(c)"),
    ],
)
def test_a_link_shows_where_it_leads(page, text: str, address: str, shown: str) -> None:
    show(page, [{"text": text}])
    link = page.locator(".talk-bubble a")

    expect(link).to_have_attribute("href", address)
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(link).to_have_text(shown)


@pytest.mark.parametrize("text", ["javascript:alert(1)", "data:text/html,x", "ftp://a.example", "https://"])
def test_no_link_is_made_of_what_is_no_web_address(page, text: str) -> None:
    show(page, [{"text": text}])

    assert page.locator(".talk-bubble a").count() == 0


@pytest.mark.parametrize("address", ["//evil.example/", "/\\evil.example", "javascript:1", "data:,x", None])
def test_a_card_is_no_link_when_its_address_leads_elsewhere(page, address: str | None) -> None:
    show(page, [{"kind": "article", "data": {"title": "A", "url": address, "type": "article"}}])

    assert page.locator(".talk-card a").count() == 0


def test_each_kind_has_its_words(desk) -> None:
    show(desk, [*EVERY_KIND, NOTE])
    said = desk.locator(".talk-list").inner_text()

    for words in (
        "Hidden for safety: a card number and something secret",
        "Assistant",
        "Article",
        "The agent was gone",
        "Lin has joined",
        "This message was taken back.",
        "Rated 4 of 5",
        "An update that this page can't show yet",
        "only agents see this",
    ):
        assert words in said
    assert "4821" not in said


def test_visitors_see_the_verify_code_and_why_something_was_hidden(page) -> None:
    show(page, EVERY_KIND)

    expect(page.locator(".talk-code")).to_have_text("4821")
    expect(page.locator(".talk-hidden")).to_contain_text("We hid a card number.")


def test_days_are_named_between_texts(page) -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    page.clock.set_fixed_time(noon)
    days = [noon.replace(year=noon.year - 2), noon - timedelta(days=1), noon, noon]
    show(page, [{"text": "x", "at": day.isoformat()} for day in days])
    named = page.locator(".talk-day").all_inner_texts()

    assert named[1:] == ["Yesterday", "Today"]
    assert str(noon.year - 2) in named[0]


def test_ticks_say_in_words_how_far_a_text_has_got(page) -> None:
    show(page)
    mid = page.evaluate("thread.send('hello')")
    item = page.locator(f'[data-mid="{mid}"]')
    expect(item.locator(".talk-meta")).to_contain_text("Sending")
    page.evaluate("window.kept = document.querySelector('.is-pending .talk-bubble')")
    page.evaluate("(mid) => thread.set(mid, { status: 'sent' })", mid)
    expect(item.locator(".talk-meta")).to_contain_text("Sent")
    come(page, by="visitor", text="hello", mid=mid)
    page.evaluate("thread.move('agent', 1, 0)")
    expect(item.locator(".talk-meta")).to_contain_text("Delivered")
    page.evaluate("thread.move('agent', 1, 1)")

    expect(item.locator(".talk-meta")).to_contain_text("Read")
    assert page.evaluate("kept === document.querySelector('.talk-bubble')")
    assert page.locator(".talk-said").count() == 1


def test_what_was_masked_is_shown_masked_when_a_text_has_arrived(page) -> None:
    show(page)
    mid = page.evaluate("thread.send('my code is 482913')")
    come(page, by="visitor", text="my code is ******", mid=mid, data={"hidden": ["code"]})

    expect(page.locator(".talk-bubble")).to_have_text("my code is ******")
    expect(page.locator(".talk-hidden")).to_contain_text("one-time code")


def test_a_failed_text_can_be_tried_again_or_deleted(page) -> None:
    show(page)
    mid = page.evaluate("thread.send('hello')")
    page.evaluate("(mid) => thread.set(mid, { status: 'failed', message: 'Too fast.' })", mid)
    expect(page.locator(".talk-said")).to_contain_text("Not sent")
    expect(page.locator(".talk-said")).to_contain_text("Too fast.")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".talk-meta")).to_contain_text("Sending")
    page.evaluate("(mid) => thread.set(mid, { status: 'failed' })", mid)
    page.get_by_role("button", name="Delete").click()

    expect(page.locator(".talk-said")).to_have_count(0)


def test_pending_texts_stay_behind_what_arrives(page) -> None:
    show(page, lines(1))
    page.evaluate("thread.send('mine')")
    come(page, text="theirs")
    page.wait_for_selector(".is-pending")

    assert page.locator(".talk-bubble").all_inner_texts() == ["line 1", "theirs", "mine"]


def test_colleagues_have_their_names_at_the_desk(desk) -> None:
    show(desk, [{"text": "mine"}, {"author": {"kind": "agent", "name": "Chen"}, "text": "hers"}])
    mine, hers = desk.locator(".talk-author").all()

    assert mine.evaluate("(name) => name.offsetHeight") == 1
    assert hers.evaluate("(name) => name.offsetHeight") > 10
    expect(hers).to_have_text("Chen")


def test_a_text_is_replaced_when_it_is_taken_back(desk) -> None:
    show(desk, [{"by": "visitor", "text": "my secret"}])
    come(desk, kind="redacted", data={"target": 1, "reason": "agent"})

    expect(desk.locator(".talk-taken-back")).to_have_text("Taken back by Lin.")
    assert "my secret" not in desk.locator("#place").inner_text()
    desk.evaluate("thread.tell('reset')")
    assert "my secret" not in desk.locator("#place").inner_text()


def test_arabic_runs_from_right_to_left_and_han_says_its_language(page) -> None:
    show(page, [{"text": "مرحبا، كيف حالك؟"}, {"text": "你好"}])
    first, second = page.locator(".talk-bubble").all()

    assert first.evaluate("(bubble) => getComputedStyle(bubble).direction") == "rtl"
    assert second.get_attribute("lang") == "zh-Hans"


def test_a_picture_has_its_place_before_it_is_there_and_can_be_tried_again(page) -> None:
    show(page, [{"text": "", "attachments": [PICTURE]}], fileRefusal={"message": "No."})
    problem = page.locator(".talk-picture")
    expect(problem).to_contain_text("could not be loaded")
    page.evaluate("thread.fileRefusal = null")
    problem.get_by_role("button", name="Try again").click()
    picture = page.locator(".talk-picture.is-shown img")
    expect(picture).to_be_visible()
    box = picture.bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (240, 120)
    page.get_by_role("button", name="Picture a.png").click()
    expect(page.get_by_role("dialog", name="a.png")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)


def test_far_pictures_are_not_fetched(page) -> None:
    show(page, [{"text": "", "attachments": [PICTURE]}, *lines(50)])
    come(page, text="", attachments=[PICTURE | {"id": "near"}])
    page.wait_for_function("thread.fetched")

    assert page.evaluate("thread.fetched") == ["near"]


def test_typing_is_shown_until_the_text_comes(page) -> None:
    show(page, lines(1))
    page.evaluate("thread.tell('typing', { who: 'agent' })")
    expect(page.locator(".talk-typing")).to_have_text("Lin is typing")
    come(page, text="there")

    expect(page.locator(".talk-typing")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("side", ["visitor", "agent"])
def test_axe_finds_nothing_in_a_conversation(open_context, side: str, theme: str) -> None:
    page = conversation_page(open_context(color_scheme=theme, reduced_motion="reduce"), side)
    show(page, [*EVERY_KIND, *([NOTE] if side == "agent" else [])])
    page.evaluate(
        "thread.set(thread.send('x'), { status: 'failed' }); thread.send('https://a.example');"
        "thread.move(side = thread.side === 'agent' ? 'visitor' : 'agent', 3, 3); thread.tell('typing', { who: side });"
        "composer.tray.add([new File(['x'], 'a.pdf'), new File([], 'b.pdf')]); composer.text = 'y'.repeat(2001)"
    )
    page.wait_for_selector(".talk-tray li")

    found = Axe().run(page, options=RULES).response["violations"]

    assert [(v["id"], [node["html"][:160] for node in v["nodes"]]) for v in found] == []


def test_nothing_is_wider_than_the_smallest_phone(open_context) -> None:
    page = conversation_page(open_context(viewport={"width": 320, "height": 640}))
    long_name = PAPER | {"name": "n" * 200 + ".pdf"}
    show(page, [*EVERY_KIND, {"text": "w" * 500, "attachments": [long_name, PICTURE]}])
    page.fill("textarea", "w" * 500)

    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("log.scroller.scrollWidth <= log.scroller.clientWidth")
