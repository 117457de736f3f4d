"""A left message under its private link."""

from __future__ import annotations

import io
import logging
import logging.config
from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings as project_settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from chat.models import Conversation, Event
from chat.services.append import AppendRefused, append
from chat.services.conversations import redact
from chat.services.left_messages import reply_to
from tests.chat.cast import author_of, draft, make_agent, make_conversation, texts
from tests.chat.conftest import FORM, text_file


@pytest.fixture
def link(visitor, filled, media):
    """The private link of a message with a file."""
    response = visitor.post(FORM, filled | {"screenshots": text_file("错误 51.txt")})
    return response["Location"].removesuffix("?sent=1")


@pytest.fixture
def file_link(link):
    """The link of its file."""
    return f"{link}files/{Conversation.objects.get().attachments.get().pk}/"


@pytest.fixture
def supervisor(db):
    """Somebody who answers."""
    return get_user_model().objects.create_superuser("supervisor1", password="correct horse battery")


def test_page_shows_what_was_sent_and_its_state(visitor, link, filled):
    page = visitor.get(link).content.decode()

    message = Conversation.objects.get()
    shown = [message.reference, filled["problem"], filled["steps"], "Payments", "错误 51.txt", "Waiting"]
    assert [text for text in shown if text not in page] == []


def test_page_speaks_the_language_of_its_address(visitor, link):
    page = visitor.get(link.replace("/en/", "/zh-hans/")).content.decode()

    assert 'lang="zh-Hans"' in page
    assert "支付" in page


def test_page_is_kept_from_caches_crawlers_and_other_sites(visitor, link):
    response = visitor.get(link)

    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"
    assert "noindex" in response["X-Robots-Tag"]
    assert 'rel="canonical"' not in response.content.decode()


@pytest.mark.parametrize("token", ["x", "A" * 43, "0" * 64, "%00", "票", "%2e%2e", "a" * 3000, "%ED%B2%80"])
def test_unknown_token_finds_nothing(visitor, link, token):
    response = visitor.get(f"/en/requests/{token}/")

    assert response.status_code == 404
    assert response["Referrer-Policy"] == "same-origin"


def test_stored_fingerprint_opens_nothing(visitor, link):
    response = visitor.get(f"/en/requests/{Conversation.objects.get().token_hash}/")

    assert response.status_code == 404


def test_token_is_not_in_the_database(link):
    token = link.strip("/").split("/")[-1]

    values = [str(value) for value in Conversation.objects.values_list().get()]
    assert not [value for value in values if token in value]


def test_file_is_a_harmless_download(visitor, file_link):
    response = visitor.get(file_link)

    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E9%94%99")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]


def test_file_comes_back_as_it_was_sent(visitor, file_link):
    assert visitor.get(file_link).content == b"It says error 51."


def test_file_is_not_found_under_another_token(visitor, file_link):
    parts = file_link.split("/")
    parts[3] = "A" * 43

    assert visitor.get("/".join(parts)).status_code == 404


def test_file_is_not_found_when_the_id_is_unknown(visitor, link):
    assert visitor.get(f"{link}files/{uuid4()}/").status_code == 404


def test_file_is_not_found_when_the_storage_has_lost_it(visitor, file_link, media):
    for path in media.rglob("*"):
        path.unlink() if path.is_file() else None

    assert visitor.get(file_link).status_code == 404


def test_secrets_are_stored_and_shown_hidden_with_the_reason(visitor, filled):
    typed = {
        "problem": "My card 4111 1111 1111 1111 was declined.",
        "steps": "I entered the code 482913 twice.",
    }

    response = visitor.post(FORM, filled | typed, follow=True)

    message, first = Conversation.objects.get(), Event.objects.get()
    assert "1111 1111 11" not in first.text
    assert "482913" not in message.fields["steps"]
    assert first.data == {"hidden": ["card", "code"]}
    assert "a card number, a one-time code" in response.content.decode()


def test_answer_appears_when_somebody_answers(visitor, link, supervisor):
    reply_to(Conversation.objects.get(), supervisor, "The money is back on your card.")

    page = visitor.get(link).content.decode()
    assert "The money is back on your card." in page
    assert "Answered" in page


def test_answer_is_refused_when_it_asks_for_a_secret(link, supervisor):
    with pytest.raises(AppendRefused) as refused:
        reply_to(Conversation.objects.get(), supervisor, "Please tell me your password.")

    assert refused.value.code == "secret_request"
    assert Event.objects.count() == 1


def test_live_conversation_is_shown_when_its_token_is_known(visitor, topics):
    agent = make_agent("Some Agent")
    conversation = make_conversation(agent=agent, token="known")
    append(draft(conversation, "Where is my money?"))
    append(draft(conversation, "On its way.", author_of(agent)))
    append(draft(conversation, "He seems upset.", author_of(agent), internal=True))

    page = visitor.get("/en/requests/known/").content.decode()

    assert page.index("Where is my money?") < page.index("On its way.")
    assert "Some Agent" in page
    assert "Being answered" in page
    assert "He seems upset." not in page


def test_text_and_file_are_gone_when_they_are_taken_back(visitor, link, file_link, filled):
    redact(make_agent().pk, Conversation.objects.get().pk, 1)

    page = visitor.get(link).content.decode()

    assert "(taken back)" in page
    assert filled["problem"] not in page
    assert "错误 51.txt" not in page
    assert visitor.get(file_link).status_code == 404


def test_visitor_writes_again_on_the_page(visitor, link, filled, supervisor):
    reply_to(Conversation.objects.get(), supervisor, "Which day was it?")

    response = visitor.post(link, {"text": " On Monday. ", "mid": str(uuid4())})

    assert (response.status_code, response["Location"]) == (303, f"{link}#m3")
    assert texts(Conversation.objects.get()) == [filled["problem"], "Which day was it?", "On Monday."]
    assert "Waiting for an answer" in visitor.get(link).content.decode()


def test_text_is_added_once_when_the_page_is_posted_twice(visitor, link):
    written = {"text": "On Monday.", "mid": str(uuid4())}

    answers = [visitor.post(link, written)["Location"] for _ in range(2)]

    assert answers[0] == answers[1]
    assert Event.objects.filter(text="On Monday.").count() == 1


def test_other_text_is_kept_and_asked_about_when_the_page_has_sent_one(visitor, link):
    mid = str(uuid4())
    visitor.post(link, {"text": "On Monday.", "mid": mid})

    response = visitor.post(link, {"text": "On Tuesday.", "mid": mid})

    page = response.content.decode()
    assert response.status_code == 422
    assert "On Tuesday." in page
    assert mid not in page


@pytest.mark.parametrize("mid", ["", "x", "\x00", "票"])
def test_text_is_added_when_its_number_is_broken(visitor, link, mid):
    visitor.post(link, {"text": "On Monday.", "mid": mid})

    assert Event.objects.filter(text="On Monday.").count() == 1


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "x" * 2001, "a\x00b"])
def test_nothing_is_added_and_the_reason_said_when_the_text_is_wrong(visitor, link, text):
    response = visitor.post(link, {"text": text})

    assert response.status_code == 422
    assert 'id="more-text_error"' in response.content.decode()
    assert Event.objects.count() == 1


def test_card_number_is_hidden_with_the_reason_when_the_visitor_writes_again(visitor, link):
    response = visitor.post(link, {"text": "It is 4111 1111 1111 1111."}, follow=True)

    page = response.content.decode()
    assert "we have hidden: a card number" in page
    assert "4111 1111" not in page


def test_text_is_kept_and_the_wait_said_when_texts_come_too_often(visitor, link, settings):
    settings.CHAT_MESSAGE_RATE = "1/h"
    visitor.post(link, {"text": "On Monday."})

    response = visitor.post(link, {"text": "On Tuesday."})

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 60
    assert "On Tuesday." in response.content.decode()


def test_post_of_another_site_is_refused(visitor, link):
    response = visitor.post(link, {"text": "On Monday."}, headers={"Origin": "https://evil.example"})

    assert response.status_code == 403
    assert Event.objects.count() == 1


def test_no_text_is_taken_when_the_conversation_ended_long_ago(visitor, topics):
    ended = timezone.now() - timedelta(days=400)
    conversation = make_conversation("closed", token="known", closed_at=ended)

    response = visitor.post("/en/requests/known/", {"text": "One more thing."})

    page = response.content.decode()
    assert response.status_code == 422
    assert "This conversation has ended" in page
    assert "<textarea" not in page
    assert texts(conversation) == []


@pytest.mark.parametrize("formatter", ["text", "json"])
def test_token_is_in_no_log(visitor, link, formatter):
    configurator = logging.config.DictConfigurator(project_settings.LOGGING)
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(configurator.configure_formatter(project_settings.LOGGING["formatters"][formatter]))
    logger = logging.getLogger("django")
    logger.addHandler(handler)
    token = link.strip("/").split("/")[-1]

    visitor.get(f"{link}files/{uuid4()}/")
    visitor.post(link)
    logger.error("failed", exc_info=ValueError(f"at {link}"))
    logger.removeHandler(handler)

    assert stream.getvalue().count("/requests/***/") == 3
    assert token not in stream.getvalue()
