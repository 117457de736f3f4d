"""A customer finds the answer, or a person."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect


@pytest.fixture
def screenshot_file(tmp_path: Path) -> Path:
    file = tmp_path / "支付页面.png"
    Image.new("RGB", (320, 200), "teal").save(file)
    return file


def test_from_pinyin_to_a_private_link_when_the_article_did_not_help(
    page: Page, screenshot_file: Path
) -> None:
    page.goto("/zh-hans/")
    page.get_by_role("combobox").fill("zhifu shibai")
    page.get_by_role("option", name=re.compile("支付失败")).first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("支付失败")
    page.get_by_role("button", name="没有").click()
    page.get_by_label("照做了，没有用").check()
    page.get_by_role("button", name="发送").click()
    page.locator("#vote").get_by_role("link", name="留言").click()

    page.get_by_label("称呼").fill("王先生")
    page.get_by_label("邮箱").first.fill("customer@example.com")
    page.get_by_label(re.compile("设备")).fill("Android 手机")
    page.get_by_label(re.compile("步骤")).fill("1. 扫码 2. 输入金额")
    page.get_by_label(re.compile("遇到的问题")).fill("卡号 4111 1111 1111 1111 付不了款")
    page.locator("input[type=file]").set_input_files(screenshot_file)
    page.get_by_role("button", name=re.compile("发送|提交")).click()

    expect(page).to_have_url(re.compile(r"/zh-hans/requests/[\w-]{30,}/"))
    expect(page.get_by_role("main")).to_contain_text("付不了款")
    expect(page.get_by_role("main")).not_to_contain_text("4111 1111 1111 1111")
    expect(page.get_by_role("main")).to_contain_text("支付页面")


def test_suggestions_are_walked_with_the_keyboard(page: Page) -> None:
    page.goto("/en/")
    field = page.get_by_role("combobox")
    field.fill("frozen")
    expect(page.get_by_role("option").first).to_be_visible()

    field.press("ArrowDown")
    expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
    field.press("Escape")
    expect(page.get_by_role("listbox", include_hidden=True)).to_be_hidden()
    expect(field).to_have_value("frozen")
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")

    expect(page).to_have_url(re.compile("/en/articles/account-frozen/"))


def test_a_word_being_composed_is_no_search_yet(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "suggest" in request.url else None)
    page.goto("/zh-hans/")
    page.get_by_role("combobox").focus()
    keyboard = page.context.new_cdp_session(page)

    for text in ("d", "do", "dong", "dongjie"):
        keyboard.send(
            "Input.imeSetComposition", {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
        )
    keyboard.send("Input.insertText", {"text": "冻结"})

    expect(page.get_by_role("option").first).to_be_visible()
    assert len(asked) == 1


def test_the_language_switch_keeps_the_page_and_is_remembered(page: Page) -> None:
    page.goto("/zh-hans/articles/two-factor/")
    page.get_by_role("link", name="English").click()
    expect(page).to_have_url(re.compile("/en/articles/two-factor/$"))

    page.goto("/")
    expect(page).to_have_url(re.compile("/en/$"))


def test_everything_works_when_javascript_is_off(open_context) -> None:
    page = open_context(java_script_enabled=False).new_page()
    page.goto("/zh-hans/")
    page.locator("input[name=q]").fill("wangjimima")
    page.get_by_role("button", name="搜索").click()
    page.locator(".results a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("忘记密码")

    page.get_by_role("button", name="没有").click()
    expect(page.get_by_text("抱歉没帮上忙")).to_be_visible()
    page.get_by_label("看不明白").check()
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_text("编辑会看到")).to_be_visible()


def test_the_first_key_press_skips_to_the_content(page: Page) -> None:
    page.goto("/zh-hans/articles/two-factor/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()

    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
