"""Conversations in the admin: read, answered, never edited."""

from __future__ import annotations

import pytest

from chat.core.terms import Nack
from chat.models import Conversation, Event
from chat.services.append import AppendRefused, append
from chat.services.conversations import close, redact
from tests.chat.cast import author_of, draft, make_agent, make_conversation, texts
from tests.chat.conftest import FORM, text_file


@pytest.fixture
def supervisor(client, db):
    """A supervisor who has signed in to the admin."""
    agent = make_agent("Zhao Lei", supervisor=True)
    agent.user.is_staff = True
    agent.user.save()
    client.force_login(agent.user)
    return agent


@pytest.fixture
def message(visitor, filled, media):
    """A left message with a file."""
    visitor.post(FORM, filled | {"screenshots": text_file()})
    return Conversation.objects.get()


def address(conversation):
    """Where the admin shows it."""
    return f"/admin/chat/conversation/{conversation.pk}/change/"


def file_address(conversation):
    """Where the admin hands out its file."""
    return f"/admin/chat/conversation/{conversation.pk}/files/{conversation.attachments.get().pk}/"


def test_supervisor_reads_everything_that_was_written(client, supervisor, message, filled):
    append(draft(message, "Seems to be a known fault.", author_of(supervisor), internal=True))

    page = client.get(address(message)).content.decode()

    shown = [filled[name] for name in ("name", "email", "problem", "steps", "device")]
    assert [text for text in (*shown, "Seems to be a known fault.", "note.txt") if text not in page] == []


def test_markup_is_shown_as_text_when_somebody_sends_it(client, supervisor, message):
    append(draft(message, "<script>alert(1)</script>"))

    page = client.get(address(message)).content.decode()

    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>" in page


def test_list_finds_a_message_by_the_visitors_address(client, supervisor, message, filled):
    other = make_conversation("message")

    page = client.get("/admin/chat/conversation/", {"q": filled["email"]}).content.decode()

    assert message.reference in page
    assert other.reference not in page


def test_supervisor_answers_a_message(client, supervisor, message, filled):
    response = client.post(address(message), {"answer": "The money is back."})

    message.refresh_from_db()
    assert response.status_code == 302
    assert texts(message) == [filled["problem"], "The money is back."]
    assert (message.state, message.seq, message.answered_at is None) == ("message", 2, False)


def test_answer_is_added_once_when_it_is_posted_twice(client, supervisor, message):
    posted = {"answer": "Done.", "mid": "0b7e7dd5-3b0e-4a3c-8f43-0c2a1d3fd6a1"}

    client.post(address(message), posted)
    client.post(address(message), posted)

    assert Event.objects.filter(text="Done.").count() == 1


@pytest.mark.parametrize("answer", ["Please tell me your password.", "", "x" * 2001])
def test_answer_comes_back_with_the_reason_when_it_is_wrong(client, supervisor, message, answer):
    response = client.post(address(message), {"answer": answer})

    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("answer, said", [("", []), ("The money is back.", ["The money is back."])])
def test_supervisor_closes_a_message_with_an_answer_or_without(client, supervisor, answer, said):
    message = make_conversation("message")

    client.post(address(message), {"answer": answer, "solved": "on"})

    message.refresh_from_db()
    assert (message.state, message.close_reason) == ("closed", "solved")
    assert texts(message) == said
    assert 'name="answer"' not in client.get(address(message)).content.decode()


@pytest.mark.django_db(transaction=True)
def test_message_stays_open_when_the_last_answer_is_refused(client, supervisor):
    message = make_conversation("message")

    client.post(address(message), {"answer": "Please tell me your password.", "solved": "on"})

    message.refresh_from_db()
    assert (message.state, texts(message)) == ("message", [])


@pytest.mark.django_db(transaction=True)
def test_reason_is_said_when_somebody_closes_faster(client, supervisor, monkeypatch):
    message, first = make_conversation("message"), close

    def late(*args):
        first(*args)
        first(*args)

    monkeypatch.setattr("chat.admin.close", late)
    posted, english = {"answer": "", "solved": "on"}, {"Accept-Language": "en"}
    page = client.post(address(message), posted, follow=True, headers=english).content.decode()

    assert "This conversation has ended" in page


def test_nothing_else_can_be_edited(client, supervisor, message):
    client.post(address(message), {"answer": "Done.", "state": "closed", "topic": "x", "reference": "x"})

    after = Conversation.objects.get()
    assert (after.state, after.topic, after.reference) == ("message", "payment", message.reference)


@pytest.mark.parametrize("path", ["add/", "1/delete/"])
def test_conversations_are_neither_added_nor_deleted(client, supervisor, path):
    assert client.post(f"/admin/chat/conversation/{path}").status_code == 403


def test_conversation_of_another_agent_can_only_be_read(client, supervisor):
    conversation = make_conversation(agent=make_agent())

    page = client.get(address(conversation)).content.decode()

    assert 'name="answer"' not in page
    assert client.post(address(conversation), {"answer": "Done."}).status_code == 403
    assert texts(conversation) == []


def test_reason_is_said_when_a_message_is_taken_in_the_last_moment(client, supervisor, message, monkeypatch):
    def closed(*args, **kwargs):
        raise AppendRefused(Nack.CLOSED)

    monkeypatch.setattr("chat.admin.reply_to", closed)

    english = {"Accept-Language": "en"}
    page = client.post(address(message), {"answer": "Done."}, follow=True, headers=english).content.decode()

    assert "This conversation has ended" in page
    assert "was changed successfully" not in page


def test_file_is_downloaded_only_by_those_who_may(client, message, supervisor):
    allowed = client.get(file_address(message))
    client.logout()

    assert (allowed.status_code, client.get(file_address(message)).status_code) == (200, 302)
    assert allowed["Content-Disposition"].startswith("attachment")


def test_file_is_not_found_when_its_message_was_taken_back(client, supervisor, message):
    redact(supervisor.pk, message.pk, 1)

    assert client.get(file_address(message)).status_code == 404


def test_file_is_not_found_under_another_conversation(client, supervisor, message):
    other = make_conversation("message")

    path = file_address(message).replace(f"/{message.pk}/files", f"/{other.pk}/files")

    assert client.get(path).status_code == 404
