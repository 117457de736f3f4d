"""A left message under its private link."""

from __future__ import annotations

import io
import logging
import logging.config
from uuid import uuid4

import pytest
from django.conf import settings as project_settings
from django.contrib.auth import get_user_model

from chat.models import LeftMessage
from chat.services.left_messages import SecretRequested, reply_to
from tests.chat.conftest import FORM, text_file


@pytest.fixture
def link(visitor, filled, media):
    """The private link of a message with a file."""
    response = visitor.post(FORM, filled | {"screenshots": text_file("错误 51.txt")})
    return response["Location"].removesuffix("?sent=1")


@pytest.fixture
def file_link(link):
    """The link of its file."""
    return f"{link}files/{LeftMessage.objects.get().attachments.get().pk}/"


@pytest.fixture
def supervisor(db):
    """Somebody who answers."""
    return get_user_model().objects.create_superuser("supervisor1", password="correct horse battery")


def test_page_shows_what_was_sent_and_its_state(visitor, link, filled):
    page = visitor.get(link).content.decode()

    message = LeftMessage.objects.get()
    shown = [message.reference, filled["problem"], filled["steps"], "Payments", "错误 51.txt", "Waiting"]
    assert [text for text in shown if text not in page] == []


def test_page_speaks_the_language_of_its_address(visitor, link):
    page = visitor.get(link.replace("/en/", "/zh-hans/")).content.decode()

    assert 'lang="zh-Hans"' in page
    assert "支付" in page


def test_page_is_kept_from_caches_crawlers_and_other_sites(visitor, link):
    response = visitor.get(link)

    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert 'rel="canonical"' not in response.content.decode()


@pytest.mark.parametrize("token", ["x", "A" * 43, "0" * 64, "%00", "票", "%2e%2e", "a" * 3000, "%ED%B2%80"])
def test_unknown_token_finds_nothing(visitor, link, token):
    response = visitor.get(f"/en/requests/{token}/")

    assert response.status_code == 404
    assert response["Referrer-Policy"] == "no-referrer"


def test_stored_fingerprint_opens_nothing(visitor, link):
    response = visitor.get(f"/en/requests/{LeftMessage.objects.get().token_hash}/")

    assert response.status_code == 404


def test_token_is_not_in_the_database(link):
    token = link.strip("/").split("/")[-1]

    values = [str(value) for value in LeftMessage.objects.values_list().get()]
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

    message = LeftMessage.objects.get()
    assert "1111 1111 11" not in message.problem
    assert "482913" not in message.steps
    assert message.hidden == ["card", "code"]
    assert "a card number, a one-time code" in response.content.decode()


def test_answer_appears_when_somebody_answers(visitor, link, supervisor):
    reply_to(LeftMessage.objects.get(), supervisor, "The money is back on your card.")

    page = visitor.get(link).content.decode()
    assert "The money is back on your card." in page
    assert "Answered" in page


def test_answer_is_refused_when_it_asks_for_a_secret(link, supervisor):
    with pytest.raises(SecretRequested):
        reply_to(LeftMessage.objects.get(), supervisor, "Please tell me your password.")

    assert LeftMessage.objects.get().state == "open"


def test_supervisor_answers_in_the_admin(client, link, supervisor):
    client.force_login(supervisor)
    message = LeftMessage.objects.get()
    posted = {
        "state": "open",
        "replies-TOTAL_FORMS": "1",
        "replies-INITIAL_FORMS": "0",
        "replies-0-text": "Done.",
        "replies-0-left_message": message.pk,
    }

    client.post(f"/admin/chat/leftmessage/{message.pk}/change/", posted)

    message.refresh_from_db()
    assert (message.state, message.replies.get().author) == ("answered", supervisor)


def test_file_is_downloaded_in_the_admin_only_by_those_who_may(client, link, supervisor):
    message = LeftMessage.objects.get()
    address = f"/admin/chat/leftmessage/{message.pk}/files/{message.attachments.get().pk}/"
    stranger = client.get(address).status_code
    client.force_login(supervisor)

    assert (stranger, client.get(address).status_code) == (302, 200)


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
