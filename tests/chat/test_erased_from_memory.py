"""Erasing somebody whose conversation is open: neither processes nor screens keep what was said."""

import asyncio

import pytest

from chat.core.events import Record
from chat.delivery.outside import telling_servers
from chat.delivery.process import process
from chat.services import announcements
from chat.services.announcements import Notice
from chat.services.append import append
from chat.services.erasure import erase
from tests.chat.cast import draft, make_agent, make_conversation
from tests.chat.test_hints import Process
from tests.chat.wire import in_thread, meeting, sit_down
from tests.throwaway import redis

SECRET = "words-that-only-this-customer-wrote"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("content", "media")]


def remembered(conversation):
    """All that the process has in memory of a conversation."""
    room = process.hub.rooms[conversation.pk]
    return "".join([*room.all.frames, *room.public.frames])


@pytest.fixture
def conversation():
    return make_conversation(agent=make_agent())


@pytest.mark.parametrize("is_told", [True, False])
def test_what_was_said_is_forgotten_and_taken_off_the_screens(conversation, monkeypatch, is_told):
    @meeting
    async def walk():
        wire = await sit_down(conversation.agent, conversation)
        await in_thread(append, draft(conversation, SECRET))
        (said,) = [event for event in await wire.events(1) if event["kind"] == "message"]
        assert SECRET in remembered(conversation)
        if not is_told:
            # A command without a server, and no Redis: the servers compare by themselves.
            monkeypatch.setattr(announcements, "_listeners", [])
        await in_thread(erase, [conversation.visitor])
        if not is_told:
            await process.hub.compare_all()

        told = [event async for event in until_redacted(wire)]
        assert told[-1]["data"]["target"] == said["n"]
        assert SECRET not in remembered(conversation)
        await wire.leave()

    walk()


async def until_redacted(wire):
    """The events up to the one by which a text is taken back."""
    while True:
        event = (await wire.hear("event"))["event"]
        yield event
        if event["kind"] == "redacted":
            return


def test_servers_hear_of_what_a_command_changes(settings):
    async def walk(url):
        server = Process(url)
        await server.hints.ready()
        try:
            await asyncio.to_thread(tell_something)
            return await server.hears(2)
        finally:
            await server.hints.close()

    with redis() as url:
        settings.REDIS_URL = url
        heard = asyncio.run(walk(url))

    assert heard == [(7, {"n": 3, "s": 0}), (None, {"a": [1], "q": 0})]


def tell_something():
    """What a command tells, without the database."""
    record = Record(7, 3, 2, "redacted", "system", 0, "", "", None, None)
    with telling_servers():
        announcements.tell(Notice(7, (record,), agents=(1,)))


def test_a_command_does_its_work_when_redis_is_away(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    with telling_servers():
        announcements.tell(Notice(7, state=True))

    assert announcements._listeners == []
