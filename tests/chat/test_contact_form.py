"""Leaving a message."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chat.models import Attachment, Conversation, Event, Visitor
from chat.services.announcements import listen
from chat.services.tickets import Standing, read
from faq.models import Category
from tests.chat.cast import texts
from tests.chat.conftest import FORM, kept_in, text_file, ticket_in


def test_message_is_stored_when_everything_is_right(visitor, filled):
    response = visitor.post(FORM, filled)

    message = Conversation.objects.get()
    assert response.status_code == 303
    assert texts(message) == [filled["problem"]]
    assert (message.language, message.topic, message.state) == ("en", "payment", "message")
    assert message.fields == {"steps": filled["steps"], "device": filled["device"]}


def test_visitor_is_known_as_they_say_when_a_message_is_left(visitor, filled):
    visitor.post(FORM, filled)

    known = Visitor.objects.get()
    assert (known.identity, known.name, known.email) == ("claimed", filled["name"], filled["email"])


def test_desk_hears_of_a_message_when_it_is_left(visitor, filled, django_capture_on_commit_callbacks):
    notices = []
    stop = listen(notices.append)

    with django_capture_on_commit_callbacks(execute=True):
        visitor.post(FORM, filled)
    stop()

    assert [(notice.conversation, notice.queue) for notice in notices] == [
        (Conversation.objects.get().pk, True)
    ]


def test_message_goes_first_when_it_is_about_security(visitor, filled):
    Category.objects.create(slug="security", title="Security")

    visitor.post(FORM, filled | {"topic": "security"})

    assert Conversation.objects.get().priority == Conversation.Priority.URGENT


def test_private_page_confirms_with_the_reference_when_sent(visitor, filled):
    response = visitor.post(FORM, filled, follow=True)

    page = response.content.decode()
    assert Conversation.objects.get().reference in page
    assert "We have your message" in page
    assert filled["problem"] in page


def test_form_is_never_cached_and_sets_no_cookie(visitor, topics):
    response = visitor.get(FORM)

    assert "no-store" in response["Cache-Control"]
    assert response.cookies == {}
    assert response.status_code == 200


@pytest.mark.parametrize("missing", ["name", "email", "problem"])
def test_error_stands_at_the_field_when_it_is_empty(visitor, filled, missing):
    response = visitor.post(FORM, filled | {missing: "  "})

    page = response.content.decode()
    assert response.status_code == 422
    assert f'href="#contact-{missing}"' in page
    assert f'id="contact-{missing}_error"' in page
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "wang@"},
        {"email": "4111111111111111@example.com"},
        {"topic": "no-such-topic"},
        {"problem": "x" * 2001},
        {"steps": "x" * 2001},
        {"device": "x" * 201},
        {"name": "x" * 81},
        {"problem": "a\x00b"},
        {"problem": "\u200b\u2060"},
    ],
)
def test_nothing_typed_is_lost_when_a_field_is_wrong(visitor, filled, wrong):
    response = visitor.post(FORM, filled | wrong)

    page = response.content.decode()
    right = {name: text for name, text in filled.items() if name not in wrong}
    assert response.status_code == 422
    assert [text for text in right.values() if text not in page] == []
    assert not Conversation.objects.exists()


def test_long_text_comes_back_whole_when_it_is_too_long(visitor, filled):
    text = "The payment failed. " * 120

    response = visitor.post(FORM, filled | {"problem": text})

    assert text.strip() in response.content.decode()
    assert "too long" in response.content.decode()


def test_text_at_its_limit_is_taken_when_its_lines_end_as_browsers_send_them(visitor, filled):
    text = "x" * 1997 + "\r\n" + "xx"

    visitor.post(FORM, filled | {"problem": text})

    assert len(Event.objects.get().text) == 2000


def test_markup_is_shown_as_text_when_somebody_sends_it(visitor, filled):
    response = visitor.post(FORM, filled | {"problem": "<script>alert(1)</script>"}, follow=True)

    assert "<script>alert(1)" not in response.content.decode()
    assert "&lt;script&gt;alert(1)" in response.content.decode()


def test_errors_are_chinese_when_the_page_is(visitor, filled):
    response = visitor.post("/zh-hans/contact/email/", filled | {"email": ""})

    assert 'lang="zh-Hans"' in response.content.decode()
    assert "Tell us your e-mail address" not in response.content.decode()


def test_same_request_comes_back_when_the_form_is_posted_twice(visitor, filled):
    first = visitor.post(FORM, filled)
    second = visitor.post(FORM, filled)

    assert Conversation.objects.count() == 1
    assert second["Location"] == first["Location"]


def test_changed_text_becomes_a_second_message_only_after_asking(visitor, filled):
    visitor.post(FORM, filled)
    changed = filled | {"problem": "It failed again today."}

    asked = visitor.post(FORM, changed)
    visitor.post(FORM, changed | {"ticket": ticket_in(asked)})
    assert asked.status_code == 422
    assert "It failed again today." in asked.content.decode()
    assert Conversation.objects.count() == 1


def test_new_file_is_not_dropped_when_a_sent_form_comes_again_with_it(visitor, filled, media):
    visitor.post(FORM, filled)

    response = visitor.post(FORM, filled | {"screenshots": text_file()})

    assert response.status_code == 422
    assert Attachment.objects.get().name == "note.txt"


def test_quick_form_is_held_back_with_its_text(visitor, filled, clock):
    clock.shift(-timedelta(seconds=58))

    response = visitor.post(FORM, filled)

    assert response.status_code == 422
    assert filled["problem"] in response.content.decode()
    assert not Conversation.objects.exists()


def test_held_back_form_is_taken_when_it_is_just_sent_again(visitor, filled, clock):
    clock.shift(-timedelta(seconds=58))
    held_back = visitor.post(FORM, filled)
    clock.shift(timedelta(seconds=3))

    visitor.post(FORM, filled | {"ticket": ticket_in(held_back)})

    assert Conversation.objects.count() == 1


def test_old_form_comes_back_with_a_new_ticket_when_it_was_open_for_a_day(visitor, filled, clock):
    clock.shift(timedelta(hours=25))

    response = visitor.post(FORM, filled)

    clock.shift(timedelta(seconds=5))
    assert response.status_code == 422
    assert filled["problem"] in response.content.decode()
    assert read(ticket_in(response))[1] is Standing.GOOD


@pytest.mark.parametrize("forged", ["", "x", "nonce:1x:forged", "\x00", "票"])
def test_form_comes_back_with_its_text_when_the_ticket_is_not_ours(visitor, filled, forged):
    response = visitor.post(FORM, filled | {"ticket": forged})

    assert response.status_code == 422
    assert filled["problem"] in response.content.decode()
    assert not Conversation.objects.exists()


def test_hidden_field_holds_the_message_back_and_is_emptied(visitor, filled):
    response = visitor.post(FORM, filled | {"website": "https://spam.example"})

    page = response.content.decode()
    assert response.status_code == 422
    assert filled["problem"] in page
    assert "spam.example" not in page
    assert not Conversation.objects.exists()


def test_way_on_is_shown_when_messages_come_too_often(visitor, filled, clock, settings):
    settings.CONTACT_FORM_RATE = "1/12h"
    visitor.post(FORM, filled)
    clock.shift(timedelta(minutes=1))
    again = ticket_in(visitor.get(FORM))
    clock.shift(timedelta(minutes=1))

    response = visitor.post(FORM, filled | {"ticket": again, "problem": "Another one."})

    page = response.content.decode()
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 3600
    assert "Another one." in page
    assert 'href="tel:' in page.split("</form>")[0].split('class="error-summary"')[1]
    assert Conversation.objects.count() == 1


def test_neighbours_on_one_address_are_not_turned_away_when_one_writes_often(
    visitor, filled, clock, settings
):
    settings.CONTACT_FORM_RATE = "1/12h"
    visitor.post(FORM, filled)
    other = ticket_in(visitor.get(FORM))
    clock.shift(timedelta(minutes=1))

    response = visitor.post(FORM, filled | {"ticket": other, "email": "li@example.com"})

    assert response.status_code == 303


def test_form_of_another_site_is_refused_in_the_pages_language(visitor, filled):
    response = visitor.post("/zh-hans/contact/email/", filled, headers={"Origin": "https://evil.example"})

    assert response.status_code == 403
    assert 'lang="zh-Hans"' in response.content.decode()
    assert not Conversation.objects.exists()


def test_body_is_refused_unread_when_it_is_far_too_large(visitor, filled, settings):
    settings.REQUEST_MAX_BODY_BYTES = 100

    response = visitor.post(FORM, filled)

    assert response.status_code == 413
    assert "Open the form again" in response.content.decode()


def test_no_mail_is_sent_when_a_message_is_left(visitor, filled, mailoutbox):
    visitor.post(FORM, filled)

    assert mailoutbox == []


def test_topic_and_page_are_known_when_an_article_led_here(visitor, topics):
    referer = {"Referer": "http://testserver/en/articles/payment-failed/?q=secret"}

    response = visitor.get(FORM + "?topic=payment&article=payment-failed", headers=referer)

    page = response.content.decode()
    assert '<option value="payment" selected>' in page
    assert 'name="page" value="http://testserver/en/articles/payment-failed/"' in page


def test_form_is_filled_in_and_nothing_stored_when_a_guide_hands_over(visitor, topics):
    handed = {
        "prefill": "1",
        "topic": "payment",
        "guide": "payment-failed",
        "summary": "Network: fine\nBalance: enough",
    }

    response = visitor.post(FORM, handed)

    page = response.content.decode()
    assert response.status_code == 200
    assert "Network: fine\nBalance: enough" in page
    assert 'name="guide" value="payment-failed"' in page
    assert "Payment won&#x27;t go through" in page
    assert not Conversation.objects.exists()


@pytest.mark.parametrize("guide", ["", "no-such-guide", "\x00", "x" * 5000])
def test_form_opens_when_the_guide_is_unknown(visitor, topics, guide):
    response = visitor.post(FORM, {"prefill": "1", "guide": guide, "summary": "Network: fine"})

    assert response.status_code == 200
    assert "Network: fine" in response.content.decode()


def test_where_the_visitor_came_from_is_kept_when_it_is_ours_to_know(visitor, filled):
    visitor.post(
        FORM, filled | {"guide": "payment-failed", "article": "../x", "page": "http://testserver/en/?q=a"}
    )

    message = Conversation.objects.get()
    assert (message.guide, message.article, message.page) == ("payment-failed", "", "http://testserver/en/")


def test_files_stay_when_another_field_is_wrong(visitor, filled, media):
    wrong = visitor.post(FORM, filled | {"email": "", "screenshots": text_file()})

    visitor.post(FORM, filled | {"ticket": ticket_in(wrong), "kept": kept_in(wrong)})

    assert [file.name for file in Conversation.objects.get().attachments.all()] == ["note.txt"]


def test_file_is_listed_with_its_size_when_it_is_kept(visitor, filled, media):
    response = visitor.post(FORM, filled | {"email": "", "screenshots": text_file(content=b"x" * 2048)})

    page = response.content.decode()
    assert "note.txt" in page
    assert "2.0\xa0KB" in page
