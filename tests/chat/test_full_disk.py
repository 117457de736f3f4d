"""A full disk: whoever writes is told to try again, nothing is half stored, and reading goes on."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch
from uuid import uuid4

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from chat.core.terms import Nack
from chat.delivery import writer as writing
from chat.models import Attachment, Conversation, Event
from chat.services import ledger
from chat.services.append import append
from faq.services import search as searching
from helpcenter.one_hop import OneHopHandler
from tests.asgi_client import ask
from tests.chat.calls import opened, opening, post
from tests.chat.cast import draft, make_agent, make_conversation, texts
from tests.chat.conftest import FORM, kept_in, stored_files, text_file

FULL = "database or disk is full"
pytestmark = pytest.mark.django_db


@contextmanager
def full_database(*, after=0):
    """The database takes `after` more writes; everything can be read."""
    left = [after]

    def look(sql):
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            left[0] -= 1
            if left[0] < 0:
                raise OperationalError(FULL)

    def execute(do, sql, params, many, context):
        look(sql)
        return do(sql, params, many, context)

    def execute_natively(cursor, sql, values):
        look(sql)
        return sqlite3.Cursor.execute(cursor, sql, values)

    natively = SimpleNamespace(Cursor=SimpleNamespace(execute=execute_natively))
    with connection.execute_wrapper(execute), patch.object(ledger, "sqlite3", natively):
        yield left


@pytest.fixture
def full_folder(monkeypatch, media):
    """The disk of the attachments takes the first half of a file."""

    def chunks(self, chunk_size=None):
        yield b"half"
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(ContentFile, "chunks", chunks)
    return media


@pytest.fixture
def asking(content):
    """A browser that shows what people see when something fails."""
    return Client(raise_request_exception=False, headers={"Accept-Language": "en"})


def upload(client, answer):
    return client.post(
        f"/api/chat/conversations/{answer['conversation']}/attachments",
        {"file": text_file()},
        headers={"Authorization": f"Bearer {answer['token']}"},
    )


def test_a_file_is_refused_for_now_and_none_of_it_is_left(asking, full_folder):
    response = upload(asking, opened(asking))

    assert (response.status_code, response.json()["error"]["code"]) == (503, "unavailable")
    assert int(response["Retry-After"]) > 0
    assert stored_files(full_folder) == []
    assert not Attachment.objects.exists()


def test_a_file_is_not_left_when_its_row_has_no_room(asking, media):
    answer = opened(asking)
    with full_database():
        response = upload(asking, answer)

    assert response.status_code == 503
    assert stored_files(media) == []


def test_an_agent_is_told_too_when_a_file_has_no_room(asking, full_folder):
    agent = make_agent()
    conversation = make_conversation(agent=agent)
    asking.force_login(agent.user)
    response = asking.post(
        f"/desk/conversations/{conversation.public_id}/attachments/", {"file": text_file()}
    )

    assert (response.status_code, response.json()["error"]["code"]) == (503, "unavailable")
    assert stored_files(full_folder) == []


def writes_of(work):
    """How many times a piece of work writes."""
    with full_database(after=1000) as left:
        work()
    return 1000 - left[0]


def test_a_text_is_stored_whole_or_not_at_all_wherever_the_disk_ends():
    conversation = make_conversation()
    writes = writes_of(lambda: append(draft(conversation, "before")))
    seq = Conversation.objects.get().seq

    assert writes > 1
    for room in range(writes):
        with full_database(after=room), pytest.raises(OperationalError):
            append(draft(conversation, "lost"))
        assert (texts(conversation), Conversation.objects.get().seq) == (["before"], seq)


def test_the_writer_answers_unavailable_and_goes_on_when_there_is_room_again(monkeypatch):
    # The database of a test lives as long as its connection.
    monkeypatch.setattr(connection, "close", lambda: None)
    conversation = make_conversation()
    with full_database():
        (refused,) = writing._write([draft(conversation, "lost")])
    (stored,) = writing._write([draft(conversation, "kept")])

    assert refused.code == Nack.UNAVAILABLE
    assert (stored.record.text, texts(conversation)) == ("kept", ["kept"])


def test_a_conversation_is_not_half_opened_and_the_tries_cost_nothing(asking, settings):
    settings.CHAT_OPEN_RATE = "2/h"
    body = opening()
    writes = writes_of(lambda: opened(asking))
    before = Conversation.objects.count(), Event.objects.count()

    for room in range(writes):
        with full_database(after=room):
            assert post(asking, "conversations", body).status_code == 503
        assert (Conversation.objects.count(), Event.objects.count()) == before
    assert post(asking, "conversations", body).status_code == 201


def test_a_left_message_keeps_its_text_in_the_form(visitor, filled):
    with full_database():
        response = visitor.post(FORM, filled)

    page = response.content.decode()
    assert (response.status_code, "Your text is still here" in page) == (503, True)
    assert filled["problem"] in page
    assert not Conversation.objects.exists()
    assert visitor.post(FORM, filled).status_code == 303


def test_a_left_message_can_go_without_the_file_that_has_no_room(visitor, filled, full_folder):
    response = visitor.post(FORM, filled | {"screenshots": text_file()})

    page = response.content.decode()
    assert (response.status_code, kept_in(response)) == (503, [])
    assert "send the message without it" in page
    assert stored_files(full_folder) == []
    assert visitor.post(FORM, filled).status_code == 303


def test_a_plain_conversation_keeps_the_text_in_its_form(visitor, topics):
    visitor.post("/en/chat/", {"text": "My payment failed."})
    page = "/en/chat/conversation/"
    with full_database():
        response = visitor.post(page, {"text": "It was on Monday.", "mid": str(uuid4())})
        shown = visitor.get(page)

    assert (response.status_code, shown.status_code) == (503, 200)
    assert "It was on Monday." in response.content.decode()
    assert "It was on Monday." not in texts(Conversation.objects.get())


def test_a_plain_opening_keeps_the_text_in_its_form(visitor, topics):
    with full_database():
        response = visitor.post("/en/chat/", {"text": "My payment failed."})

    page = response.content.decode()
    assert (response.status_code, "Your text is still here" in page) == (503, True)
    assert "My payment failed." in page
    assert not Conversation.objects.exists()


def test_the_private_page_keeps_the_text_in_its_form(visitor, ticket, filled):
    page = visitor.post(FORM, filled)["Location"].partition("?")[0]
    with full_database():
        response = visitor.post(page, {"text": "It was on Monday.", "mid": str(uuid4())})

    assert response.status_code == 503
    assert "It was on Monday." in response.content.decode()


def test_a_page_says_to_try_again_when_something_has_to_be_written(asking):
    with full_database():
        response = asking.post(
            "/desk/login/", {"username": "wang.fang", "password": "wrong"}, headers={"Accept": "text/html"}
        )

    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "Something went wrong on our side" in response.content.decode()


def test_people_still_find_answers(asking):
    searching.forget()
    with full_database():
        response = asking.get("/en/search/", {"q": "payment failed"})

    assert response.status_code == 200
    assert "payment-failed" in response.content.decode()


def test_agents_still_read(asking):
    agent = make_agent()
    asking.force_login(agent.user)
    # Long enough ago for this to be noted as a sign of life.
    with time_machine.travel(timezone.now() + timedelta(minutes=5)), full_database():
        assert asking.get("/desk/session/").status_code == 200


def test_a_body_that_finds_no_room_is_answered(monkeypatch):
    async def no_room(body, receive):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("helpcenter.one_hop._fill", no_room)
    handler = OneHopHandler(threads=1)
    try:
        answer = ask(handler, "/", method="POST")
    finally:
        handler.close()

    assert answer.status == 503
