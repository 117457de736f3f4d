"""Visitors and agents of the bench, and what they count.

Each checks as it goes that its numbers have no hole; what is lost, doubled or out of order shows at once.
"""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass, field

from bench.chat.wire import Wire, frame

EVENT = b'{"type":"event","conversation":"'
ACK, PING, CAUGHT_UP = b'{"type":"ack"', b'{"type":"ping"', b'{"type":"caught_up"'
ID, NUMBER = slice(32, 68), 83
PONG = frame('{"type":"pong"}')
CONFIRM_EVERY = 16


@dataclass
class Counts:
    """What everybody saw together; `waits` are seconds from sending to seeing at the agent."""

    sent: int = 0
    acked: int = 0
    seen: int = 0
    holes: int = 0
    refused: int = 0
    sent_at: dict[bytes, float] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    measures: bool = False


class Visitor:
    """Says one thing at a time: the next when the last has come back (`goes_on`), or when told."""

    def __init__(self, wire: Wire, key: str, counts: Counts, *, after: int = 0) -> None:
        self.wire, self.key, self.counts = wire, key.encode(), counts
        self.n = after
        self.goes_on = False
        self.is_ready = False
        wire.hear = self._hear

    def greet(self, token: str) -> None:
        """The first frame."""
        self.wire.say(frame(json.dumps({"type": "hello", "v": 1, "token": token, "after": self.n})))

    def talk(self) -> None:
        """Say something new."""
        self.counts.sent += 1
        self.counts.sent_at[self.key] = time.perf_counter()
        text = f"message number {self.n} for you, hello"
        self.wire.say(frame(f'{{"type":"send","mid":"{uuid.uuid4()}","text":"{text}"}}'))

    def _hear(self, data: bytes) -> None:
        if data.startswith(EVENT):
            number = int(data[NUMBER : data.index(b",", NUMBER)])
            if number != self.n + 1:
                self.counts.holes += 1
            self.n = number
            if number % CONFIRM_EVERY == 0:
                self.wire.say(frame(f'{{"type":"got","n":{number}}}'))
            if self.goes_on:
                self.talk()
        elif data.startswith(ACK):
            self.counts.acked += 1
        elif data.startswith(PING):
            self.wire.say(PONG)
        elif data.startswith(CAUGHT_UP):
            self.is_ready = True
        elif data.startswith(b'{"type":"nack"'):
            self.counts.refused += 1


class Agent:
    """Listens to many conversations."""

    def __init__(self, wire: Wire, counts: Counts) -> None:
        self.wire, self.counts = wire, counts
        self.last: dict[bytes, int] = {}
        self.waiting: set[bytes] = set()
        self.pending = 0
        self.ready = 0
        wire.hear = self._hear

    def greet(self, conversations: list[str]) -> None:
        """The first frame, and the conversations that don't fit into it."""
        opened = [{"conversation": one, "after": 0} for one in conversations]
        self.wire.say(frame(json.dumps({"type": "hello", "v": 1, "open": opened[:50]})))
        for one in opened[50:]:
            self.wire.say(frame(json.dumps({"type": "open", **one})))

    def _hear(self, data: bytes) -> None:
        if data.startswith(EVENT):
            self._see(data[ID], int(data[NUMBER : data.index(b",", NUMBER)]))
        elif data.startswith(PING):
            self.wire.say(PONG)
        elif data.startswith(CAUGHT_UP):
            self.ready += 1

    def _see(self, key: bytes, number: int) -> None:
        counts = self.counts
        counts.seen += 1
        if number != self.last.get(key, 0) + 1:
            counts.holes += 1
        self.last[key] = number
        if counts.measures and key in counts.sent_at:
            counts.waits.append(time.perf_counter() - counts.sent_at[key])
        self.waiting.add(key)
        self.pending += 1
        if self.pending >= 2 * CONFIRM_EVERY:
            self._confirm()

    def _confirm(self) -> None:
        for key in self.waiting:
            self.wire.say(frame(f'{{"type":"got","conversation":"{key.decode()}","n":{self.last[key]}}}'))
        self.waiting.clear()
        self.pending = 0


class Echo:
    """A visitor or agent of the relay and of the plain way, who has nothing to greet or confirm."""

    def __init__(self, wire: Wire, key: str, counts: Counts, *, is_agent: bool) -> None:
        self.wire, self.key, self.counts, self.is_agent = wire, key, counts, is_agent
        self.goes_on = False
        wire.hear = self._hear_as_agent if is_agent else self._hear

    def talk(self) -> None:
        """Say something new; the time goes along, as the relay knows of no conversation."""
        self.counts.sent += 1
        now = time.perf_counter()
        text = f"message number {now:.6f} for you, hello"
        self.wire.say(frame(f'{{"type":"send","mid":"{uuid.uuid4()}","text":"{text}"}}'))

    def _hear(self, data: bytes) -> None:
        self.counts.acked += 1
        if self.goes_on:
            self.talk()

    def _hear_as_agent(self, data: bytes) -> None:
        self.counts.seen += 1
        if self.counts.measures:
            at = data.index(b"message number ") + 15
            self.counts.waits.append(time.perf_counter() - float(data[at : data.index(b" ", at)]))
