"""The end with a person: what is asked, how it is checked, and the summary that goes along."""

import html as html_text
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from faq.models import Guide, GuideOutcome

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
PAYMENT = "/en/fix/payment-failed/?path=network.ok~balance.enough~card.enough~merchant.merchant-down"
FROZEN = "/zh-hans/fix/account-frozen/?path=notice.no"
GOOD = {"time": "2026-01-20T14:05", "amount": "¥1,280.5"}


def send(visitor, url=PAYMENT, status=200, headers=None, **typed):
    response = visitor.post(url, GOOD | typed if url == PAYMENT else typed, headers=headers or {})
    assert response.status_code == status
    return html_text.unescape(response.content.decode())


def summary_of(html):
    return re.search(r'<textarea id="summary-text"[^>]*>(.*?)</textarea>', html, re.DOTALL)[1]


def errors_of(html):
    return re.findall(r'class="error" id="error_([a-z]+)">(.*?)</p>', html)


def test_payment_asks_for_time_amount_merchant_and_method(visitor):
    html = visitor.get(PAYMENT).content.decode()

    assert re.findall(r'<(?:input|textarea) id="id_([a-z]+)"', html) == ["time", "amount", "merchant"]
    assert 'type="datetime-local"' in html
    assert html.count('type="radio" name="method"') == 5


def test_summary_holds_the_details_and_the_answers(visitor):
    text = summary_of(send(visitor, merchant="Corner shop", method="QR code"))

    assert text.startswith("Payment won't go through\n")
    assert "- Time of the payment: 2026-01-20 14:05 (UTC+08:00)" in text
    assert "- Amount: ¥1,280.50" in text
    assert "- Merchant: Corner shop" in text
    assert "- Is your network working? Yes, pages open fine" in text


def test_frozen_summary_says_whether_a_notice_came(visitor):
    text = summary_of(send(visitor, FROZEN, message="账户异常"))

    assert "邮箱里有没有 Topay 发来的安全警告或通知？ 没有" in text
    assert "账户异常" in text


def test_summary_is_handed_to_the_contact_form_in_a_post(visitor):
    html = send(visitor)
    form = re.search(r'<form class="actions" action="([^"]*)" method="post">(.*?)</form>', html, re.DOTALL)
    handed = dict(re.findall(r'type="hidden" name="([a-z]+)" value="([^"]*)"', form[2]))

    assert form[1] == "/en/contact/email/"
    assert handed == {
        "prefill": "1",
        "topic": "payment",
        "guide": "payment-failed",
        "summary": summary_of(html),
    }


def test_end_with_a_person_is_counted_when_the_details_are_sent(visitor):
    visitor.get(PAYMENT)
    send(visitor)
    send(visitor)

    counted = GuideOutcome.objects.get()
    assert (counted.guide.slug, counted.outcome, counted.step_key, counted.count) == (
        *("payment-failed", "contact", "merchant"),
        1,
    )


def test_what_was_typed_stays_in_no_cache_and_no_address(visitor, htmx):
    response = visitor.post(PAYMENT, GOOD | {"merchant": "Corner shop"}, headers=htmx)

    assert "no-store" in response["Cache-Control"]
    assert response["HX-Push-Url"] == f"{PAYMENT}#summary"
    assert "Corner" not in "".join(
        re.findall(r'(?:href|action|hx-[a-z]+)="([^"]*)"', response.content.decode())
    )


def test_history_holds_the_summary_once_when_details_are_changed(visitor, htmx):
    again = htmx | {"HX-Current-URL": f"http://testserver{PAYMENT}#summary"}

    assert "HX-Push-Url" not in visitor.post(PAYMENT, GOOD, headers=again)


@pytest.mark.parametrize(
    "typed, field, message",
    [
        ({"time": ""}, "time", "Enter the date and time; roughly is fine."),
        ({"time": "soon"}, "time", "Enter a date and a time, such as 2026-11-23 14:05."),
        ({"time": "0001-01-01T00:00"}, "time", "This was very long ago. Please check the year."),
        ({"time": "9999-12-31T23:59"}, "time", "This time is still to come. Enter when it happened."),
        ({"amount": ""}, "amount", "Enter the amount, such as 128.50."),
        ({"amount": "lots"}, "amount", "Enter the amount as a number, such as 128.50."),
        ({"amount": "0"}, "amount", "The amount must be more than zero."),
        ({"amount": "9" * 40}, "amount", "This amount looks too large. Please check it."),
        ({"merchant": "x" * 301}, "merchant", "Please keep this to 300 characters."),
        ({"method": "Barter"}, "method", "Choose one of these."),
    ],
)
def test_error_stands_at_its_field_when_a_value_is_wrong(visitor, typed, field, message):
    html = send(visitor, status=422, **typed)

    assert errors_of(html) == [(field, message)]
    assert f'<a href="#id_{field}">' in html
    assert 'role="alert"' in html
    assert GuideOutcome.objects.count() == 0


def test_time_an_hour_from_now_is_refused_and_a_minute_ago_is_not(visitor):
    now = timezone.localtime()
    late, fine = (f"{now + timedelta(minutes=m):%Y-%m-%dT%H:%M}" for m in (60, -1))

    assert errors_of(send(visitor, status=422, time=late))[0][0] == "time"
    assert summary_of(send(visitor, time=fine))


def test_time_is_read_in_the_customers_own_zone(visitor):
    assert "2026-01-20 14:05 (UTC+01:00)" in summary_of(send(visitor, utc_offset="60"))


def test_typed_values_are_kept_when_something_is_wrong(visitor):
    html = send(visitor, status=422, amount="lots", merchant='A "B" <i>', method="QR code")

    assert 'value="2026-01-20T14:05"' in html
    assert 'value="lots"' in html
    assert 'A "B" <i></textarea>' in html
    assert 'value="QR code" checked' in html


def test_typed_markup_is_only_text(visitor):
    response = visitor.post(PAYMENT, GOOD | {"merchant": "<script>x</script>"})

    assert "<script>x" not in response.content.decode()
    assert "&lt;script&gt;x" in response.content.decode()


def test_secrets_are_hidden_and_the_customer_is_told(visitor):
    html = send(visitor, merchant="card 4111111111111111, my password is hunter2!")

    assert "4111111111111111" not in html
    assert "hunter2" not in html
    assert "We hid what looked like a card number" in html


def test_nothing_is_said_to_be_hidden_when_nothing_was(visitor):
    assert "We hid" not in send(visitor, merchant="Corner shop")


def test_details_can_be_changed_without_typing_them_again(visitor):
    html = send(visitor, merchant="Corner shop")
    form = html[html.index('<form class="guide-back"') :].split("</form>")[0]
    kept = dict(re.findall(r'name="([a-z]+)" value="([^"]*)"', form))
    again = send(visitor, **kept)

    assert kept["edit"] == "1"
    assert 'value="¥1,280.5"' in again
    assert "Corner shop</textarea>" in again
    assert "error-summary" not in again


def test_phone_and_chat_stay_in_reach_at_the_end(visitor):
    for html in (visitor.get(PAYMENT).content.decode(), send(visitor)):
        main = html[html.index("<main") : html.index("</main>")]
        assert "tel:4000000000" in main
        assert "/en/chat/" in main


@pytest.mark.parametrize("path", ["", "?path=network.ok", "?path=nonsense", "?path=network.fixed"])
def test_details_sent_elsewhere_lead_to_the_step_and_count_nothing(visitor, path):
    response = visitor.post(f"/en/fix/payment-failed/{path}", GOOD)

    assert response.status_code == 302
    assert GuideOutcome.objects.count() == 0


@pytest.mark.parametrize("data", [{}, {"time": ["a", "b"]}, {"amount": "\x00", "merchant": "\x00" * 9}])
def test_odd_posts_are_answered_with_errors(visitor, data):
    assert visitor.post(PAYMENT, data).status_code == 422


def test_topic_is_empty_when_the_guide_has_no_article(visitor):

    guide = Guide.objects.get(slug="payment-failed")
    guide.article = None
    guide.save()

    assert 'name="topic" value=""' in send(visitor)
