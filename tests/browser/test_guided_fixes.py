"""A guided fix in a real browser: back and forward, the keyboard, the summary, and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

START = "/en/fix/account-frozen/"
TO_CONTACT = "/en/fix/payment-failed/?path=network.ok~balance.enough~card.enough~merchant.merchant-down"
FIRST = re.compile("Did you get a security warning")
SECOND = re.compile("Is the e-mail really from Topay")
THIRD = re.compile("Is the account back")


def answer(page, number=0):
    page.locator(".guide-choice").nth(number).click()


def heading(page):
    return page.get_by_role("heading", level=1)


def fill_payment(page):
    page.get_by_label("Time of the payment").fill("2026-01-20T14:05")
    page.get_by_label("Amount").fill("１２８０．５")
    page.get_by_label("Merchant").fill("Corner <b>shop</b>")


def test_whole_pages_come_back_when_a_phone_goes_back_and_forward(phone):
    phone.goto(START)
    for question in (SECOND, THIRD):
        answer(phone)
        expect(heading(phone)).to_have_text(question)
    for move, question in ((phone.go_back, SECOND), (phone.go_back, FIRST), (phone.go_forward, SECOND)):
        move()
        expect(heading(phone)).to_have_text(question)
        expect(phone.get_by_role("banner")).to_be_visible()


def test_whole_page_comes_back_when_returning_from_another_page(phone):
    phone.goto(START)
    answer(phone)
    expect(heading(phone)).to_have_text(SECOND)
    phone.goto("/en/contact/")
    phone.go_back()

    expect(heading(phone)).to_have_text(SECOND)
    expect(phone.get_by_role("banner")).to_be_visible()


def test_answers_stay_when_the_language_changes(page):
    page.goto(START)
    answer(page)
    expect(heading(page)).to_have_text(SECOND)
    page.get_by_role("link", name="简体中文").click()

    expect(heading(page)).to_have_text("这封邮件确实是 Topay 发的吗？")


def test_focus_moves_to_the_next_question_when_the_keyboard_answers(page):
    page.goto(START)
    page.locator(".guide-choice").first.focus()
    page.keyboard.press("Enter")

    expect(heading(page)).to_have_text(SECOND)
    expect(heading(page)).to_be_focused()


def test_next_question_comes_the_plain_way_when_a_request_fails(site, browser):
    context = browser.new_context(base_url=site.url)  # its console may complain
    page = context.new_page()
    page.goto(START)
    page.route(
        "**/*path=*",
        lambda route: route.abort() if "hx-request" in route.request.headers else route.continue_(),
    )
    answer(page)

    expect(heading(page)).to_have_text(SECOND)
    context.close()


@pytest.mark.parametrize("java_script", [True, False])
def test_problem_ends_solved_when_the_last_answer_says_so(open_context, java_script):
    page = open_context(java_script_enabled=java_script).new_page()
    page.goto(START)
    for _question in range(3):
        before = heading(page).inner_text()
        answer(page)
        expect(heading(page)).not_to_have_text(before)

    expect(heading(page)).to_have_text("Your account is back")
    expect(page).to_have_url(re.compile(r"path=notice\.yes~genuine\.yes~follow\.yes$"))


@pytest.mark.parametrize("java_script", [True, False])
def test_summary_reaches_the_contact_form_when_it_is_sent(open_context, java_script):
    page = open_context(java_script_enabled=java_script).new_page()
    page.goto(TO_CONTACT)
    fill_payment(page)
    page.get_by_role("button", name="Put my summary together").click()
    page.get_by_role("button", name="Write to us with this summary").click()

    steps = page.locator("textarea", has_text="¥1,280.50")
    expect(steps).to_have_value(re.compile(r"Merchant: Corner <b>shop</b>"))
    expect(steps).to_have_value(re.compile(r"Their system is still down"))


def test_error_is_focused_and_values_stay_when_a_field_is_wrong(page):
    page.goto(TO_CONTACT)
    fill_payment(page)
    page.get_by_label("Amount").fill("lots")
    page.get_by_role("button", name="Put my summary together").click()

    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Amount")).to_have_value("lots")
    expect(page.get_by_label("Merchant")).to_have_value("Corner <b>shop</b>")


def test_summary_is_copied_in_the_customers_own_time(open_context):
    context = open_context(timezone_id="Asia/Tokyo", permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(TO_CONTACT)
    fill_payment(page)
    page.get_by_role("button", name="Put my summary together").click()
    page.get_by_role("button", name="Copy the summary").click()

    expect(page.get_by_text("Copied.")).to_be_visible()
    assert "2026-01-20 14:05 (UTC+09:00)" in page.evaluate("navigator.clipboard.readText()")


def test_leaving_the_summary_and_coming_back_never_asks_to_send_again(page):
    page.goto(TO_CONTACT)
    fill_payment(page)
    page.get_by_role("button", name="Put my summary together").click()
    expect(heading(page)).to_have_text("Your summary for support")
    page.goto("/en/contact/")
    page.go_back()

    expect(page.get_by_role("heading", level=1)).to_have_text("Let support trace this payment")
