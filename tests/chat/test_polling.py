"""Waiting for events over HTTP."""

import asyncio
import json

import pytest

from chat.delivery.polling import LongPoll
from chat.delivery.process import process
from chat.services.append import append
from tests.asgi_client import Reply
from tests.chat.cast import draft, make_conversation
from tests.chat.wire import in_thread, meeting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("content")]


@pytest.fixture
def conversation():
    """A conversation with two messages, opened by the token "key"."""
    found = make_conversation(token="key")
    for text in ("one", "two"):
        append(draft(found, text))
    return found


async def elsewhere(scope, receive, send):
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def poll(conversation, query="", *, token="key", method="GET", gone=None, path=None):
    """One call; `gone` is set when the client leaves."""
    reply, headers = Reply(), [(b"accept-language", b"en")]
    if token:
        headers.append((b"authorization", f"Bearer {token}".encode()))

    async def receive():
        await (gone or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message):
        reply.messages.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path or f"/api/chat/conversations/{conversation.public_id}/events",
        "query_string": query.encode(),
        "headers": headers,
    }
    await LongPoll(elsewhere)(scope, receive, send)
    return reply.status, json.loads(reply.body) if reply.body else None


def test_what_is_there_is_answered_at_once(conversation):
    @meeting
    async def walk():
        status, body = await poll(conversation, "after=1&wait=25")
        assert status == 200
        assert [event["n"] for event in body["events"]] == [2]
        assert (body["head"], body["state"]["state"]) == (2, "waiting")

    walk()


def test_what_comes_while_waiting_is_answered_then(conversation):
    @meeting
    async def walk():
        waiting = asyncio.create_task(poll(conversation, "after=2&wait=25"))
        while not process_rooms():
            await asyncio.sleep(0)
        await in_thread(append, draft(conversation, "three"))
        _status, body = await waiting
        assert [event["text"] for event in body["events"]] == ["three"]

    walk()


def process_rooms():
    return process.hub.rooms and all(
        not s.is_held for room in process.hub.rooms.values() for s in room.subscriptions
    )


def test_whoever_leaves_is_forgotten(conversation):
    @meeting
    async def walk():
        gone = asyncio.Event()
        gone.set()
        status, _body = await poll(conversation, "after=2&wait=25", gone=gone)
        assert status == 200
        assert not process_rooms()

    walk()


@pytest.mark.parametrize("token", ["", "wrong", "other"])
def test_what_is_not_yours_does_not_exist(conversation, token):
    make_conversation(token="other")

    @meeting
    async def walk():
        status, body = await poll(conversation, "after=0", token=token)
        assert (status, body["error"]["code"]) == (404, "not_found")
        assert body["error"]["message"] == "There is no such conversation."

    walk()


@pytest.mark.parametrize("query", ["after=x", "after=-1", "wait=soon", "after=1e3", "after=" + "9" * 40])
def test_numbers_that_are_none_are_refused(conversation, query):
    @meeting
    async def walk():
        status, body = await poll(conversation, query)
        assert (status, body["error"]["code"]) == (400, "bad_request")

    walk()


@pytest.mark.parametrize("values", [{"method": "POST"}, {"path": "/en/"}, {"path": "/api/chat/availability"}])
def test_everything_else_is_for_the_site(conversation, values):
    @meeting
    async def walk():
        status, _body = await poll(conversation, **values)
        assert status == 299

    walk()
