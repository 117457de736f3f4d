"""What one process knows of a conversation that somebody here listens to."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from chat.core.events import Record, encode
from chat.core.terms import Audience, CloseCode, EventKind

# So many events of a conversation are kept in memory; older ones are read from the database.
KEPT = 64
# However long they are, no more than this, so that many busy conversations fit into memory.
KEPT_CHARACTERS = 32_000


class Listener(Protocol):
    """Who hears of a room: a socket or somebody polling."""

    def wake(self, subscription: Subscription) -> None:
        """There may be something to send."""

    def tell(self, frame: str) -> None:
        """Send this small frame soon."""

    def close(self, code: CloseCode) -> None:
        """End it."""


class Subscription:
    """One listener in one room: what it was sent and what it has confirmed, in its own numbering."""

    __slots__ = (
        "audience", "caught_up_at", "got", "greeting", "is_assignee", "is_held", "listener", "rev", "room", "sent",
        "typed_at",
    )  # fmt: skip

    def __init__(self, room: Room, listener: Listener, audience: Audience, after: int) -> None:
        self.room = room
        self.listener = listener
        self.audience = audience
        self.sent = self.got = after
        # The head at which "caught up" is to be said; -1 when it has been.
        self.caught_up_at = -1
        # The assignment under which an agent's right to listen was last looked up.
        self.rev = -1
        self.is_assignee = False
        # Nothing is sent, not yet or not any more.
        self.is_held = False
        self.greeting: list[str] = []
        self.typed_at = -1000.0

    @property
    def is_authorised(self) -> bool:
        """Whether what is in memory may be sent: an agent's right is looked up anew after each assignment."""
        return self.audience == Audience.VISITOR or self.rev == self.room.rev

    @property
    def head(self) -> int:
        """The last number there is for this audience."""
        return self.room.pub_seq if self.audience == Audience.VISITOR else self.room.seq

    @property
    def is_behind(self) -> bool:
        """Whether events or the end of the backlog are still to be sent."""
        return self.sent < self.head or self.caught_up_at >= 0

    def in_memory(self, most: int) -> Sequence[str] | None:
        """Up to `most` frames after the last one sent; None when the database has to be asked."""
        tail = self.room.public if self.audience == Audience.VISITOR else self.room.all
        return tail.after(self.sent, most)


class Tail:
    """The newest frames of one numbering, without holes."""

    __slots__ = ("first", "frames", "size")

    def __init__(self, last: int) -> None:
        self.first = last + 1
        self.frames: list[str] = []
        self.size = 0

    def append(self, number: int, frame: str) -> None:
        """Keep the next frame; after a hole what came before it is forgotten."""
        if number != self.first + len(self.frames):
            self.first, self.frames, self.size = number, [], 0
        self.frames.append(frame)
        self.size += len(frame)
        if len(self.frames) > 2 * KEPT or (self.size > KEPT_CHARACTERS and len(self.frames) > 1):
            self._drop(len(self.frames) // 2)

    def after(self, number: int, most: int) -> Sequence[str] | None:
        """Up to `most` frames after `number`, None when they are not here."""
        start = number + 1 - self.first
        if start < 0 or start > len(self.frames):
            return None
        return self.frames[start : start + most]

    def forget(self) -> None:
        """Drop every frame; the database knows them."""
        self._drop(len(self.frames))

    def _drop(self, count: int) -> None:
        self.size -= sum(map(len, self.frames[:count]))
        del self.frames[:count]
        self.first += count


class Room:
    """A conversation with its listeners, its heads and its newest events as finished frames.

    The heads only grow. `rev` is the newest assignment known; listeners among the agents have to prove their
    right anew when it changes.
    """

    __slots__ = (
        "all", "key", "pairs", "pub_seq", "public", "public_id", "rev", "seq", "state", "subscriptions",
        "told", "written_by_other",
    )  # fmt: skip

    def __init__(self, key: int, public_id: str) -> None:
        self.key = key
        self.public_id = public_id
        self.seq = self.pub_seq = self.rev = 0
        self.all, self.public = Tail(0), Tail(0)
        # The newest state that was read, and the one that all listeners were told; {} when they may differ.
        self.state: dict[str, Any] | None = None
        self.told: dict[str, Any] | None = None
        # In the order in which they came.
        self.subscriptions: dict[Subscription, None] = {}
        # For each side the number of the newest public event that it did not write itself.
        self.written_by_other = dict.fromkeys(Audience, 0)
        # The public and the full number of the newest public events, for telling one side of the other's cursor.
        # Most rooms only look on; a deque weighs 750 bytes, empty or not.
        self.pairs: deque[tuple[int, int]] | None = None

    def start_at(self, seq: int, pub_seq: int, rev: int) -> None:
        """Begin with these heads; everything up to them is in the database."""
        self.seq, self.pub_seq, self.rev = seq, pub_seq, rev
        self.all, self.public = Tail(seq), Tail(pub_seq)
        self.written_by_other = {Audience.VISITOR: pub_seq, Audience.AGENT: seq}

    def take(self, records: Iterable[Record]) -> bool:
        """Keep new events in their order; False when one is missing before them, and nothing after it is kept."""
        for record in records:
            if record.seq <= self.seq:
                continue
            if record.seq != self.seq + 1:
                return False
            self._keep(record)
        return True

    def _keep(self, record: Record) -> None:
        self.seq = record.seq
        self.rev = max(self.rev, record.data.get("rev", 0))
        if record.kind == EventKind.REDACTED:
            self.all.forget()
            self.public.forget()
        visitor, agent = encode(record)
        start = f'{{"type":"event","conversation":"{self.public_id}","event":'
        self.all.append(record.seq, f"{start}{agent}}}")
        if visitor is not None and record.pub_seq is not None:
            self.pub_seq = record.pub_seq
            if self.pairs is None:
                self.pairs = deque(maxlen=2 * KEPT)
            self.pairs.append((record.pub_seq, record.seq))
            if record.author_kind != Audience.VISITOR:
                self.written_by_other[Audience.VISITOR] = record.pub_seq
            if record.author_kind != Audience.AGENT:
                self.written_by_other[Audience.AGENT] = record.seq
            self.public.append(record.pub_seq, f"{start}{visitor}}}")

    def translated(self, audience: Audience, number: int) -> int | None:
        """A number of the other side in the numbering of `audience`; None when it is too old to be known here."""
        for public, full in reversed(self.pairs or ()):
            if audience == Audience.AGENT and public <= number:
                return full if public == number else None
            if audience == Audience.VISITOR and full <= number:
                return public
        return None

    def listeners(self, audience: Audience) -> list[Subscription]:
        """Who listens on one side, the oldest first."""
        return [found for found in self.subscriptions if found.audience == audience]

    def wake(self) -> None:
        """Let everybody who is behind be sent what they lack."""
        for subscription in self.subscriptions:
            if subscription.is_behind and not subscription.is_held:
                subscription.listener.wake(subscription)

    def tell(self, audience: Audience, frame: str) -> None:
        """Send a small frame to one side."""
        for subscription in self.subscriptions:
            if subscription.audience == audience and not subscription.is_held:
                subscription.listener.tell(frame)


def frame_of(public_id: str, record: Record, audience: Audience) -> str | None:
    """The event frame of one record for one side; None when it isn't theirs."""
    visitor, agent = encode(record)
    body = visitor if audience == Audience.VISITOR else agent
    return None if body is None else f'{{"type":"event","conversation":"{public_id}","event":{body}}}'
