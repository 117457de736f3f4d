"""The send loop: in order, within credit, whatever comes in between."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from chat.core.events import Record
from chat.core.terms import CREDIT, Audience, CloseCode
from chat.delivery.outlets import MOST_SMALL, Outlet
from chat.delivery.rooms import Room, Subscription

AT = datetime(2026, 1, 31, tzinfo=UTC)


def record(seq, *, public=True, **values):
    return Record(
        1, seq, seq if public else None, "message", "visitor", 0, "", f"text {seq}", None, AT, **values
    )


class Client:
    """The other end of an outlet: keeps what it is sent, and stops reading when told to."""

    def __init__(self, room, *, after=0, audience=Audience.VISITOR):
        self.frames, self.closed, self.asked = [], [], []
        self.stored = {}
        self.time = 0.0
        self.outlet = Outlet(self.send, self.closed.append, self.read, lambda: self.time)
        self.subscription = Subscription(room, self.outlet, audience, after)
        self.subscription.rev = room.rev
        self.outlet.subscriptions[room.key] = self.subscription
        room.subscriptions[self.subscription] = None

    async def send(self, frame):
        await asyncio.sleep(0)
        self.frames.append(json.loads(frame))

    async def read(self, subscription, most):
        self.asked.append(subscription.sent)
        await asyncio.sleep(0)
        return [self.stored[n] for n in sorted(self.stored) if n > subscription.sent][:most]

    @property
    def numbers(self):
        return [frame["event"]["n"] for frame in self.frames if frame["type"] == "event"]


def frame(number):
    return json.dumps({"type": "event", "conversation": "c", "event": {"n": number}})


def room_with(count=0):
    room = Room(1, "c")
    room.take(record(seq) for seq in range(1, count + 1))
    return room


def test_new_events_are_sent_in_order():
    async def walk():
        room = room_with()
        client = Client(room)
        room.take([record(1), record(2)])
        room.wake()
        room.take([record(3)])
        room.wake()
        await client.outlet.flush()
        return client.numbers

    assert asyncio.run(walk()) == [1, 2, 3]


def test_small_frames_go_before_events():
    async def walk():
        room = room_with()
        client = Client(room)
        room.take([record(1)])
        room.wake()
        client.outlet.tell('{"type":"ack"}')
        await client.outlet.flush()
        return [found["type"] for found in client.frames]

    assert asyncio.run(walk()) == ["ack", "event"]


def test_without_confirmation_no_more_than_the_credit_is_sent():
    async def walk():
        room = room_with(CREDIT + 10)
        client = Client(room)
        client.outlet.wake(client.subscription)
        await client.outlet.flush()
        before = len(client.numbers)
        client.outlet.confirm(client.subscription, 5)
        await client.outlet.flush()
        return before, client.numbers

    before, numbers = asyncio.run(walk())

    assert before == CREDIT
    assert numbers == list(range(1, CREDIT + 6))


def test_what_memory_no_longer_holds_is_read():
    async def walk():
        room = room_with()
        room.start_at(3, 3, 0)
        client = Client(room)
        client.stored = {number: frame(number) for number in (1, 2, 3)}
        client.subscription.caught_up_at = 3
        client.outlet.wake(client.subscription)
        await client.outlet.flush()
        return client

    client = asyncio.run(walk())

    assert client.numbers == [1, 2, 3]
    assert client.asked == [0]
    assert client.frames[-1] == {"type": "caught_up", "conversation": "c", "head": 3}


def test_a_failed_read_is_not_tried_at_once_again():
    async def walk():
        room = room_with()
        room.start_at(3, 3, 0)
        client = Client(room)
        client.outlet.wake(client.subscription)
        await client.outlet.flush()
        return client

    client = asyncio.run(walk())

    assert client.asked == [0]
    assert client.numbers == []


def test_everything_is_sent_again_from_where_the_client_asks():
    async def walk():
        room = room_with(3)
        client = Client(room, after=3)
        client.outlet.rewind(client.subscription, 1)
        await client.outlet.flush()
        return client.numbers, client.outlet.pending

    assert asyncio.run(walk()) == ([2, 3], 2)


def test_a_sync_during_a_read_leaves_no_gap():
    async def walk():
        room = room_with()
        room.start_at(4, 4, 0)
        client = Client(room, after=2)
        client.stored = {number: frame(number) for number in range(1, 5)}
        client.outlet.wake(client.subscription)
        await asyncio.sleep(0)
        client.outlet.rewind(client.subscription, 0)
        await client.outlet.flush()
        return client.numbers

    assert asyncio.run(walk()) == [1, 2, 3, 4]


@pytest.mark.parametrize("number, fits", [(2, True), (3, True), (4, False)])
def test_only_what_exists_can_be_confirmed(number, fits):
    async def walk():
        room = room_with(3)
        client = Client(room)
        client.outlet.wake(client.subscription)
        await client.outlet.flush()
        return client.outlet.confirm(client.subscription, number)

    assert asyncio.run(walk()) is fits


def test_a_confirmation_never_goes_back():
    async def walk():
        room = room_with(3)
        client = Client(room)
        client.outlet.wake(client.subscription)
        await client.outlet.flush()
        client.outlet.confirm(client.subscription, 3)
        client.outlet.confirm(client.subscription, 1)
        return client.outlet.pending, client.subscription.got

    assert asyncio.run(walk()) == (0, 3)


def test_a_client_that_confirms_nothing_counts_as_stalled():
    async def walk():
        room = room_with(1)
        client = Client(room)
        client.outlet.wake(client.subscription)
        await client.outlet.flush()
        stalled = [client.outlet.is_stalled(20)]
        client.time = 21.0
        stalled.append(client.outlet.is_stalled(20))
        client.outlet.confirm(client.subscription, 1)
        stalled.append(client.outlet.is_stalled(20))
        return stalled

    assert asyncio.run(walk()) == [False, True, False]


def test_a_client_that_reads_nothing_is_closed_before_small_frames_fill_the_memory():
    async def walk():
        client = Client(room_with())
        for _ in range(MOST_SMALL + 1):
            client.outlet.tell('{"type":"state"}')
        return client.closed

    assert asyncio.run(walk()) == [CloseCode.TIMEOUT]


def test_an_agents_right_is_looked_up_after_an_assignment():
    async def walk():
        room = room_with()
        client = Client(room, audience=Audience.AGENT)
        room.take([record(1), record(2, data={"rev": 1})])
        client.stored = {1: frame(1), 2: frame(2)}
        room.wake()
        await client.outlet.flush()
        return client.asked

    assert asyncio.run(walk()) == [0]


def test_nothing_is_sent_to_somebody_who_lost_the_right():
    async def walk():
        room = room_with()
        client = Client(room, audience=Audience.AGENT)

        async def refuse(subscription, most):
            client.outlet.drop(subscription)
            return []

        client.outlet._read = refuse
        room.take([record(1, data={"rev": 1})])
        room.wake()
        await client.outlet.flush()
        return client.numbers, client.outlet.subscriptions

    assert asyncio.run(walk()) == ([], {})


def test_a_broken_connection_ends_the_outlet():
    async def walk():
        room = room_with()
        client = Client(room)

        async def fail(frame):
            raise OSError

        client.outlet._send = fail
        client.outlet.tell("{}")
        await client.outlet.flush()
        return client.outlet.is_closed

    assert asyncio.run(walk()) is True
