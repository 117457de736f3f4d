"""Visitors to whom the chat is closed: what they can't do, what they are told, and when it ends."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from chat.core.terms import Nack, State
from chat.models import Block, Conversation
from chat.services import blocking
from chat.services.append import AppendRefused, append
from tests.chat.cast import author_of, draft, make_agent, make_conversation
from tests.chat.test_desk_verbs import at_desk, fresh, post

pytestmark = pytest.mark.django_db


def open_chat(*, browser="Firefox", address="203.0.113.5"):
    """Somebody opens a conversation."""
    body = {"mid": str(uuid4()), "text": "Hello", "website": ""}
    headers = {"User-Agent": browser, "Accept-Language": "en"}
    return Client().post(
        "/api/chat/conversations",
        json.dumps(body),
        content_type="application/json",
        headers=headers,
        REMOTE_ADDR=address,
    )


@pytest.fixture
def blocked(db):
    """A conversation whose visitor was blocked for a week, and the agent who did."""
    agent = make_agent("Lin")
    opened = open_chat().json()["conversation"]
    conversation = Conversation.objects.get(public_id=opened)
    post(at_desk(agent), conversation, "take")
    assert post(at_desk(agent), conversation, "block", reason="Threats", days=7).status_code == 200
    return fresh(conversation)


def test_all_that_a_visitor_has_open_is_ended_with_a_block():
    agent = make_agent("Lin")
    one = make_conversation(agent=agent)
    other, foreign = make_conversation(visitor=one.visitor), make_conversation()

    blocking.block(author_of(agent), one, "Spam", 1)

    assert [fresh(c).state for c in (one, other)] == [State.CLOSED] * 2
    assert fresh(foreign).state != State.CLOSED
    assert one.close_reason == "blocked"


def test_a_blocked_visitor_can_neither_write_nor_open_and_is_told_how_else_to_reach_us(blocked):
    with pytest.raises(AppendRefused) as refused:
        append(draft(blocked))
    opening = open_chat()

    assert refused.value.code == Nack.BLOCKED
    assert (opening.status_code, opening.json()["error"]["code"]) == (403, "blocked")
    assert "call us or leave a message" in opening.json()["error"]["message"]


@pytest.mark.parametrize("other", [{"browser": "Chrome"}, {"address": "203.0.113.9"}])
def test_nobody_is_blocked_by_an_address_or_a_browser_alone(blocked, other):
    assert open_chat(**other).status_code == 201


def test_a_browser_is_let_in_after_a_day_and_the_visitor_after_the_block(blocked):
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert open_chat().status_code == 201
    assert blocking.of_visitor(blocked.visitor_id)

    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert blocking.of_visitor(blocked.visitor_id) is None


def test_a_supervisor_lifts_a_block_and_an_agent_cannot(blocked):
    lin = at_desk(blocked.agent)
    assert post(lin, blocked, "lift").status_code == 403

    assert post(at_desk(make_agent("boss", supervisor=True)), blocked, "lift").status_code == 200

    assert Block.objects.get().lifted_by.name == "boss"
    append(draft(blocked, "Back again"))


@pytest.mark.parametrize(
    "body, status", [({"reason": " "}, 422), ({"reason": "x", "days": 2}, 400), ({}, 422)]
)
def test_a_block_needs_a_reason_and_a_time(body, status):
    agent = make_agent("Lin")

    assert post(at_desk(agent), make_conversation(agent=agent), "block", **body).status_code == status
    assert not Block.objects.exists()


def test_a_blocked_visitors_conversation_is_not_reopened(blocked):
    refused = post(at_desk(blocked.agent), blocked, "reopen")

    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "blocked")
    assert fresh(blocked).state == State.CLOSED


def test_who_is_blocked_already_is_not_blocked_again(blocked):
    assert post(at_desk(blocked.agent), blocked, "block", reason="Again").status_code == 409


def test_a_reason_is_kept_without_secrets():
    agent = make_agent("Lin")

    made = blocking.block(author_of(agent), make_conversation(agent=agent), "Posts 4111111111111111", 1)

    assert "411111******1111" in made.reason


@pytest.mark.parametrize("supervisor, lifted", [(True, True), (False, False)])
def test_blocks_are_lifted_in_the_admin_by_supervisors(client, blocked, supervisor, lifted):
    somebody = make_agent("boss", supervisor=supervisor)
    somebody.user.is_staff = True
    somebody.user.save()
    client.force_login(somebody.user)

    chosen = {"action": "lift", "_selected_action": [Block.objects.get().pk]}
    client.post("/admin/chat/block/", chosen, headers={"Origin": "http://testserver"})

    assert bool(Block.objects.get().lifted_at) == lifted
