"""The same form posted twice at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from chat.models import Attachment, Conversation
from chat.views import contact_form
from tests.chat.conftest import FORM, stored_files, text_file
from tests.conftest import BrowserClient


@pytest.fixture
def both_at_once(monkeypatch):
    """Let no post store anything before both are about to."""
    barrier = Barrier(2)

    def wait(*args: object) -> int:
        barrier.wait(timeout=30)
        return 0

    monkeypatch.setattr(contact_form, "_seconds_to_wait", wait)


def post(filled):
    """Post the form from a thread of its own; the address it leads to."""
    try:
        return BrowserClient().post(FORM, filled | {"screenshots": text_file()})["Location"]
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_one_request_is_made_when_a_form_is_posted_twice_at_once(filled, media, both_at_once):
    with ThreadPoolExecutor(2) as threads:
        links = list(threads.map(post, [filled, filled]))

    message = Conversation.objects.get()
    assert links[0] == links[1]
    assert message.attachments.count() == 1
    assert Attachment.objects.count() == len(stored_files(media)) == 1
