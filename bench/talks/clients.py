"""Visitors and agents of the load, by the wire contract."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from bench.talks.driver import Connection
from bench.talks.talk import ACK, EVENT, Talk, Tally
from bench.talks.wire import frame

# Credit is 64 events for each socket; it is given back well before.
VISITOR_CONFIRMS, AGENT_CONFIRMS = 16, 32
PONG = frame(b'{"type":"pong"}')
WELCOME, PING, NACK = b'{"type":"welcome"', b'{"type":"ping"', b'{"type":"nack"'
CAUGHT_UP = b'{"type":"caught_up"'
DESK_OPENS = 50

Told = Callable[[Talk], None]


def _nothing(_talk: Talk) -> None:
    """Nobody wants to know."""


class Person:
    """What both sides do; `on_closed` hears that the connection has ended."""

    path = ""

    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.connection: Connection | None = None
        self.is_welcome = False
        self.caught_up = 0
        self.on_closed: Callable[[Person, int], None] | None = None
        self.on_welcome: Callable[[Person], None] | None = None

    def hello(self) -> dict[str, object]:
        """The first frame."""
        raise NotImplementedError

    def opened(self, connection: Connection) -> None:
        """Say who this is."""
        self.connection = connection
        self.caught_up = 0
        self.send(frame(json.dumps(self.hello()).encode()))

    def send(self, data: bytes) -> None:
        """Send a frame, if there is a connection."""
        if self.connection is not None:
            self.connection.send(data)

    def closed(self, code: int) -> None:
        """Forget the connection."""
        self.connection, self.is_welcome = None, False
        if self.on_closed:
            self.on_closed(self, code)

    def common(self, payload: bytes) -> None:
        """Frames that mean the same to both."""
        if payload.startswith(PING):
            self.send(PONG)
        elif payload.startswith(WELCOME):
            self.is_welcome = True
            if self.on_welcome:
                self.on_welcome(self)
        elif payload.startswith(CAUGHT_UP):
            self.caught_up += 1
        elif payload.startswith(NACK):
            code = json.loads(payload)["code"]
            self.tally.refused[code] = self.tally.refused.get(code, 0) + 1


class Visitor(Person):
    """Writes; `on_ack` hears of each text that is on disk."""

    path = "/ws/chat/"

    def __init__(self, talk: Talk, on_ack: Told = _nothing) -> None:
        super().__init__(talk.tally)
        self.talk = talk
        self.on_ack = on_ack
        self._confirmed = talk.visitor_n

    def hello(self) -> dict[str, object]:
        """By the conversation's token."""
        self._confirmed = self.talk.visitor_n
        return {"type": "hello", "v": 1, "token": self.talk.token, "after": self.talk.visitor_n}

    def write(self) -> None:
        """Send the next text."""
        self.send(self.talk.next_frame(time.perf_counter()))

    def take(self, payload: bytes) -> None:
        """Count, confirm, go on."""
        talk = self.talk
        if payload.startswith(EVENT):
            talk.seen_by_visitor(payload)
            if self.tally.echo_acks:
                self.on_ack(talk)
            if talk.visitor_n - self._confirmed >= VISITOR_CONFIRMS:
                self._confirmed = talk.visitor_n
                self.send(frame(b'{"type":"got","n":%d}' % talk.visitor_n))
        elif payload.startswith(ACK):
            talk.took_ack(payload)
            self.on_ack(talk)
        else:
            self.common(payload)


class Desk(Person):
    """Reads up to fifty conversations; `on_seen` hears of each text."""

    path = "/ws/desk/"

    def __init__(self, session: str, talks: list[Talk], tally: Tally, on_seen: Told = _nothing) -> None:
        super().__init__(tally)
        self.session = session
        self.talks = {talk.id.encode(): talk for talk in talks}
        self.on_seen = on_seen
        self._unconfirmed: dict[bytes, Talk] = {}
        self._count = 0

    def hello(self) -> dict[str, object]:
        """With the conversations that are open."""
        self._unconfirmed, self._count = {}, 0
        opened = [{"conversation": talk.id, "after": talk.agent_n} for talk in self.talks.values()]
        return {"type": "hello", "v": 1, "open": opened[:DESK_OPENS]}

    def take(self, payload: bytes) -> None:
        """Count, confirm, go on."""
        if not payload.startswith(EVENT):
            self.common(payload)
            return
        key = payload[len(EVENT) : len(EVENT) + 36]
        talk = self.talks[key]
        talk.seen_by_agent(payload, time.perf_counter())
        self._unconfirmed[key] = talk
        self._count += 1
        if self._count >= AGENT_CONFIRMS:
            self._confirm()
        self.on_seen(talk)

    def _confirm(self) -> None:
        frames = [
            frame(b'{"type":"got","conversation":"%s","n":%d}' % (key, talk.agent_n))
            for key, talk in self._unconfirmed.items()
        ]
        self.send(b"".join(frames))
        self._unconfirmed, self._count = {}, 0
