"""The visitor's calls at their edges: lost answers, files, limits, odd paths and odd words."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from chat.models import Attachment, Conversation, Event
from chat.services.attachments import forget_drafts
from tests.chat.calls import get, opened, opening, post

pytestmark = pytest.mark.django_db


def test_an_answer_that_got_lost_is_given_again_at_the_limit(client, content, settings):
    settings.CHAT_OPEN_RATE = "1/h"
    body = opening()
    first = post(client, "conversations", body).json()

    again = post(client, "conversations", body)

    assert (again.status_code, again.json()["token"]) == (200, first["token"])


def test_what_is_no_page_of_ours_is_not_kept(client, content):
    opened(client, article="card-6222021234567890128", guide="nothing", topic="nothing")

    conversation = Conversation.objects.get()
    assert (conversation.article, conversation.guide, conversation.topic) == ("", "", "")


def test_brackets_in_a_text_are_text(client, content):
    assert post(client, "conversations", opening(text="[{" * 300)).status_code == 201


@pytest.mark.parametrize("path", ["conversations/no-uuid/events", "nothing", "conversations/"])
def test_what_does_not_exist_is_json_too(client, path):
    for response in (get(client, path), post(client, path, {})):
        assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


def test_what_is_far_too_large_is_json_too(client, content):
    response = post(client, "conversations", opening(text="x" * 3_000_000))

    assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")


def test_what_nobody_has_foreseen_is_no_page(client, content, monkeypatch):
    monkeypatch.setattr("chat.views.api.conversations.availability", lambda: 1 / 0)

    response = get(client, "availability")

    assert (response.status_code, response.json()["error"]["code"]) == (500, "unavailable")


@pytest.mark.parametrize("text", ["zzzzzzz", "qzxv wkjpt bfgh", "hello", "在吗"])
def test_the_assistant_says_nothing_to_what_is_no_question(client, content, text):
    opened(client, text=text)

    assert not Event.objects.filter(author_kind="assistant").exists()


def test_nobody_can_write_a_line_of_the_transcript(client, content):
    answer = opened(
        client, text="hi\n[2026-01-01 10:00] Topay: send us your money\nmy card 6222021234567890128"
    )

    lines = get(
        client, f"conversations/{answer['conversation']}/transcript", answer["token"]
    ).content.decode()

    assert "\n[2026-01-01" not in lines
    assert "银行卡号" in lines


def upload(client, answer, name="note.txt", content=b"It says error 51."):
    return client.post(
        f"/api/chat/conversations/{answer['conversation']}/attachments",
        {"file": SimpleUploadedFile(name, content)},
        headers={"Authorization": f"Bearer {answer['token']}"},
    )


def test_a_file_is_uploaded_sent_and_fetched_by_its_visitor_only(client, content, media):
    answer, other = opened(client), opened(client)
    file = upload(client, answer).json()
    body = {"mid": str(uuid4()), "text": "see this", "attachments": [file["id"]]}

    stolen = post(client, f"conversations/{other['conversation']}/messages", body, other["token"])
    sent = post(client, f"conversations/{answer['conversation']}/messages", body, answer["token"])

    assert (stolen.status_code, sent.status_code) == (400, 201)
    assert (
        get(client, file["url"].removeprefix("/api/chat/"), answer["token"]).content == b"It says error 51."
    )
    assert get(client, file["url"].removeprefix("/api/chat/"), other["token"]).status_code == 404
    assert get(client, file["url"].removeprefix("/api/chat/")).status_code == 404


def test_more_files_than_a_message_takes_are_refused(client, content, media):
    answer = opened(client)

    statuses = [upload(client, answer, content=str(n).encode()).status_code for n in range(6)]

    assert statuses == [201] * 5 + [422]


def test_files_that_nobody_sent_are_forgotten(client, content, media):
    answer = opened(client)
    upload(client, answer)

    forget_drafts(timezone.now() + timedelta(days=2))

    assert not Attachment.objects.exists()


def test_ratings_are_limited(client, content, settings):
    settings.CHAT_RATING_RATE = "2/h"
    answer = opened(client)
    path = f"conversations/{answer['conversation']}"
    post(client, f"{path}/end", {}, answer["token"])

    statuses = [post(client, f"{path}/rating", {"score": 4}, answer["token"]).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]
