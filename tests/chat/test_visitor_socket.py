"""The visitor's socket: who gets in, what is said, what is refused."""

import json

import pytest
from django.db import OperationalError

from chat.core.terms import MAX_FRAME_BYTES, CloseCode, State
from chat.delivery import writer
from chat.delivery.process import process
from chat.models import Conversation, Event
from chat.services.append import append
from chat.sockets import base, talk
from tests.chat.cast import author_of, draft, make_agent, make_conversation, texts
from tests.chat.wire import Wire, in_thread, meeting, visit

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("content")]


@pytest.fixture
def conversation():
    """A conversation with three messages, opened by the token "key"."""
    found = make_conversation(token="key")
    for text in ("one", "two", "three"):
        append(draft(found, text))
    return found


def test_backlog_comes_in_order_between_welcome_and_caught_up(conversation):
    @meeting
    async def walk():
        wire = await visit("key", after=1)
        kinds = [frame["type"] for frame in wire.heard if frame["type"] != "cursor"]
        numbers = [frame["event"]["n"] for frame in wire.heard if frame["type"] == "event"]
        assert kinds == ["welcome", "event", "event", "caught_up"]
        assert numbers == [2, 3]
        welcome = wire.heard[0]
        assert (welcome["head"], welcome["credit"], welcome["beat"]) == (3, 64, 20)
        assert welcome["state"]["state"] == "waiting"

    walk()


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "http://evil.example",
        "https://127.0.0.1:8000",
        "http://127.0.0.1:8001",
        "http://127.0.0.1",
    ],
)
def test_foreign_pages_are_refused_before_anything_is_accepted(conversation, origin):
    @meeting
    async def walk():
        wire = Wire("/ws/chat/", origin=origin)
        assert not await wire.connect()

    walk()


@pytest.mark.parametrize(
    "first, code",
    [
        ('{"type":"hello","v":1,"token":"wrong"}', CloseCode.NOT_AUTHENTICATED),
        ('{"type":"hello","v":1,"token":""}', CloseCode.NOT_AUTHENTICATED),
        (
            '{"type":"send","mid":"3f2b8c1e-7d4a-4b6c-9e1f-0a1b2c3d4e5f","text":"early"}',
            CloseCode.NOT_AUTHENTICATED,
        ),
        ('{"type":"hello","v":2,"token":"key"}', CloseCode.BAD_PROTOCOL),
        ('{"type":"hello","v":1,"token":"key","admin":true}', CloseCode.BAD_PROTOCOL),
        ("no json", CloseCode.BAD_PROTOCOL),
        ('{"type":"hello","v":1,"token":"' + "x" * MAX_FRAME_BYTES + '"}', CloseCode.TOO_BIG),
    ],
)
def test_without_a_good_hello_nobody_gets_in(conversation, first, code):
    @meeting
    async def walk():
        wire = Wire("/ws/chat/")
        await wire.connect()
        await wire.say(raw=first)
        assert await wire.closed() == code

    walk()
    assert texts(conversation) == ["one", "two", "three"]


def test_whoever_says_nothing_is_sent_away(conversation, monkeypatch):
    monkeypatch.setattr(base, "HELLO_SECONDS", 0.05)

    @meeting
    async def walk():
        wire = Wire("/ws/chat/")
        await wire.connect()
        assert await wire.closed() == CloseCode.NOT_AUTHENTICATED

    walk()


def test_a_text_is_acknowledged_and_comes_back_as_an_event(conversation):
    @meeting
    async def walk():
        wire = await visit("key", after=3)
        mid = await wire.send("four")
        ack = await wire.hear("ack")
        (event,) = await wire.events(1)
        assert (ack["mid"], ack["n"], ack["dup"]) == (mid, 4, False)
        assert (event["n"], event["text"], event["mid"]) == (4, "four", mid)
        assert ack["at"] == event["at"]

    walk()
    assert texts(conversation)[-1] == "four"


def test_a_resent_text_is_acknowledged_again_and_stored_once(conversation):
    @meeting
    async def walk():
        wire = await visit("key", after=3)
        mid = await wire.send("four")
        first = await wire.hear("ack")
        await wire.send("four", mid=mid)
        again = await wire.hear("ack")
        assert (again["n"], again["dup"]) == (first["n"], True)
        await wire.send("another text", mid=mid)
        assert (await wire.hear("nack"))["code"] == "mid_conflict"

    walk()
    assert texts(conversation) == ["one", "two", "three", "four"]


@pytest.mark.parametrize(
    "text, code", [("", "empty"), (" \u200b\n", "empty"), ("x" * 2001, "too_long"), ("\x00\x07", "empty")]
)
def test_a_text_that_can_not_be_sent_is_named(conversation, text, code):
    @meeting
    async def walk():
        wire = await visit("key", after=3)
        mid = await wire.send(text)
        nack = await wire.hear("nack")
        assert (nack["mid"], nack["code"]) == (mid, code)
        assert nack["message"]

    walk()


def test_control_characters_are_taken_out(conversation):
    @meeting
    async def walk():
        wire = await visit("key", after=3)
        await wire.send("pay\x00ment\u202e fail\x1bed")
        assert (await wire.events(1))[0]["text"] == "payment failed"

    walk()


@pytest.mark.parametrize("send, code", [({"bytes_data": b"\x00"}, 4400), ({"text_data": "x" * 20_000}, 4413)])
def test_what_is_no_frame_at_all_ends_the_socket(conversation, send, code):
    @meeting
    async def walk():
        wire = await visit("key", after=3)
        await wire.communicator.send_to(**send)
        assert await wire.closed() == code

    walk()


def test_too_many_messages_are_refused_with_the_wait_and_the_socket_stays(conversation, settings):
    settings.CHAT_MESSAGE_RATE = "2/m"

    @meeting
    async def walk():
        wire = await visit("key", after=3)
        for text in ("four", "five"):
            await wire.send(text)
            await wire.hear("ack")
        await wire.send("six")
        nack = await wire.hear("nack")
        assert nack["code"] == "rate_limited"
        assert nack["retry_ms"] > 0
        await wire.say("ping", heads={})
        await wire.hear("pong")

    walk()
    assert texts(conversation) == ["one", "two", "three", "four", "five"]


def test_a_flood_of_frames_ends_the_socket(conversation, monkeypatch):
    monkeypatch.setattr(base, "MOST_REFUSED_FRAMES", 5)

    @meeting
    async def walk():
        wire = await visit("key", after=3)
        for _ in range(200):
            await wire.say("typing")
        assert await wire.closed() == CloseCode.FLOOD

    walk()


def test_what_the_client_asks_for_is_sent_again(conversation):
    @meeting
    async def walk():
        wire = await visit("key", after=3)
        await wire.say("sync", after=1)
        assert [event["n"] for event in await wire.events(2)] == [2, 3]

    walk()


def test_notes_of_agents_are_never_seen(conversation):
    agent = make_agent()

    @meeting
    async def walk():
        wire = await visit("key", after=3)
        await in_thread(append, draft(conversation, "secret note", author_of(agent), internal=True))
        await wire.send("four")
        (event,) = await wire.events(1)
        assert (event["n"], event["text"]) == (4, "four")
        assert "secret note" not in json.dumps(wire.heard)

    walk()


def test_every_window_of_a_visitor_sees_everything(conversation):
    @meeting
    async def walk():
        first, second = await visit("key", after=3), await visit("key", after=3)
        await first.send("from the first")
        await second.send("from the second")
        seen = [[event["text"] for event in await wire.events(2)] for wire in (first, second)]
        assert seen[0] == seen[1] == ["from the first", "from the second"]

    walk()


def test_the_oldest_window_gives_way(conversation, monkeypatch):
    monkeypatch.setattr(talk, "MOST_TABS", 1)

    @meeting
    async def walk():
        first = await visit("key", after=3)
        await visit("key", after=3)
        assert await first.closed() == CloseCode.REPLACED

    walk()


def test_an_answer_over_http_reaches_the_socket(conversation):
    @meeting
    async def walk():
        wire = await visit("key", after=3)
        await in_thread(append, draft(conversation, "from elsewhere"))
        assert (await wire.events(1))[0]["text"] == "from elsewhere"

    walk()


def test_a_failing_database_is_said_and_nothing_is_lost(conversation, monkeypatch):
    real = writer.append_all

    def fail(drafts):
        monkeypatch.setattr(writer, "append_all", real)
        raise OperationalError("the disk is full")

    monkeypatch.setattr(writer, "append_all", fail)

    @meeting
    async def walk():
        wire = await visit("key", after=3)
        mid = await wire.send("four")
        nack = await wire.hear("nack")
        assert (nack["mid"], nack["code"]) == (mid, "unavailable")
        assert nack["retry_ms"] >= 1000
        await wire.send("four", mid=mid)
        assert (await wire.hear("ack"))["dup"] is False

    walk()
    assert texts(conversation)[3:] == ["four"]


def test_a_client_that_answers_no_ping_is_left(conversation):
    @meeting
    async def walk():
        wire = await visit("key", after=3)
        (socket,) = process.hub.sockets
        for _ in range(3):
            socket.beat()
        assert await wire.closed() == CloseCode.TIMEOUT

    walk()


def test_a_process_that_ends_sends_its_clients_elsewhere(conversation):
    @meeting
    async def walk():
        wire = await visit("key", after=3)
        await process.drain(most_seconds=0.2)
        frame = await wire.hear("drain")
        assert frame["ms"] >= 0
        assert await wire.closed() == CloseCode.RESTART

    walk()


def test_who_writes_again_after_the_end_waits_again(conversation):
    Conversation.objects.filter(pk=conversation.pk).update(
        state=State.CLOSED, closed_at=conversation.created_at
    )

    @meeting
    async def walk():
        wire = await visit("key", after=3)
        await wire.send("it happened again")
        await wire.hear("ack")
        state = (await wire.hear("state"))["state"]
        assert state["state"] == "waiting"

    walk()
    assert Event.objects.filter(kind="state", data__reason="reopened").count() == 1


def test_an_unknown_address_is_no_socket():
    @meeting
    async def walk():
        wire = Wire("/ws/other/")
        assert not await wire.connect()

    walk()


def test_a_conversation_that_is_gone_is_nobodys(conversation):
    Conversation.objects.filter(pk=conversation.pk).update(token_hash="revoked")

    @meeting
    async def walk():
        wire = Wire("/ws/chat/")
        await wire.connect()
        await wire.say("hello", v=1, token="key", after=0)
        assert await wire.closed() == CloseCode.NOT_AUTHENTICATED

    walk()


def test_how_far_somebody_has_read_is_told_and_kept(conversation):
    agent = make_agent()
    conversation = make_conversation(agent=agent, token="other")
    append(draft(conversation, "hello", author_of(agent)))

    @meeting
    async def walk():
        wire, other = await visit("other"), await visit("other")
        await wire.say("read", n=1)
        while (cursor := await other.hear("cursor"))["read"] != 1:
            pass
        assert (cursor["who"], cursor["delivered"]) == ("visitor", 1)

    walk()
    place = conversation.cursors.get(who="visitor")
    assert (place.delivered, place.read) == (1, 1)
