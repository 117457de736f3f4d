"""Every listener ends with the state that holds, whatever is read and told at the same time."""

import asyncio
import json

import pytest

from chat.core.terms import Audience
from chat.delivery.hub import Hub
from chat.delivery.rooms import Room, Subscription


class Listener:
    def __init__(self):
        self.states = []

    def wake(self, subscription):
        """No event comes."""

    def tell(self, frame):
        content = json.loads(frame)
        if content["type"] == "state":
            self.states.append(content["state"]["state"])


class Reading:
    """The database, which answers when it is told to."""

    def __init__(self):
        self.asked = []

    async def run(self, _function, keys):
        answer = asyncio.get_running_loop().create_future()
        self.asked.append(answer)
        return {key: view(await answer) for key in keys}

    def close(self):
        """Nothing to close."""


def view(state):
    return {
        "state": state,
        "agent": None,
        "queue_position": None,
        "expected_wait_seconds": None,
        "reason": None,
        "rev": 1,
    }


@pytest.fixture
def play():
    """Run a play with a hub, a room with one listener, and a database."""

    async def play_one(scene):
        hub, room, listener, reading = Hub(asyncio.get_running_loop()), Room(1, "c"), Listener(), Reading()
        workers, hub.workers = hub.workers, reading
        room.subscriptions[Subscription(room, listener, Audience.VISITOR, 0)] = None
        hub.rooms[1] = room
        try:
            await asyncio.wait_for(scene(hub, room, reading), 10)
        finally:
            hub.workers = workers
            await hub.close()
        return listener.states

    return lambda scene: asyncio.run(play_one(scene))


async def asked(reading, count):
    while len(reading.asked) < count:
        await asyncio.sleep(0)


def test_an_older_answer_never_follows_a_newer_one(play):
    async def scene(hub, room, reading):
        hub._stale.add(1)
        first = asyncio.create_task(hub.tell_states())
        await asked(reading, 1)
        hub._stale.add(1)
        second = asyncio.create_task(hub.tell_states())
        for _ in range(5):
            await asyncio.sleep(0)
        # What was asked for later would be answered sooner.
        reading.asked[-1].set_result("offered")
        await asked(reading, 2)
        reading.asked[1].set_result("active")
        await asyncio.gather(first, second)

    assert play(scene) == ["offered", "active"]


def test_everybody_is_told_what_holds_when_a_newcomer_has_read_something_else(play):
    async def scene(hub, room, reading):
        hub.learn_state(room, view("active"))
        hub.learn_state(room, view("offered"))
        telling = asyncio.create_task(hub.tell_states())
        await asked(reading, 1)
        reading.asked[0].set_result("active")
        await telling

    assert play(scene) == ["active"]


def test_nobody_is_told_what_everybody_knows(play):
    async def scene(hub, room, reading):
        hub.learn_state(room, view("active"))
        hub.learn_state(room, view("active"))
        await hub.tell_states()

    assert play(scene) == []
