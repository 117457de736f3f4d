"""The client's side of the wire contract as a state machine: frames and the time in, actions out. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from random import Random
from typing import Any

from tests.protocol_client.actions import (
    Acked,
    Action,
    Close,
    ConnectAfter,
    Done,
    Frame,
    Heard,
    Refused,
    Shown,
    Stop,
    Transmit,
    Unknown,
)
from tests.protocol_client.outbox import Outbox, Outgoing
from tests.protocol_client.stream import Stream

GAP_SECONDS = 1.0
ANSWER_SECONDS = 8.0
BEAT_SECONDS = 20.0
WAKE_SECONDS = 4.0
STABLE_SECONDS = 60.0
GREETING_SECONDS = 8.0
LEAST_GREETING_SECONDS = 2.0
FIRST_RETRY_SECONDS = 3.0
MOST_RETRY_SECONDS = 30.0
RETRY_GROWTH = 1.6
FAILURES_TO_HTTP = 3
TIMEOUT = 4408
# Trying again would end the same way.
FINAL_CODES = frozenset({4400, 4401, 4403, 4409})
LOST = frozenset({"stale_rev", "not_assignee"})
RETRYABLE = frozenset({"rate_limited", "unavailable"})


class Phase(Enum):
    """How far the connection has got."""

    OFFLINE = "offline"
    GREETING = "greeting"
    LIVE = "live"


class Machine:
    """A visitor with `token` in `conversation`, or an agent when there is no token.

    `scale` shortens the client's own waits so that tests are fast; what the server says in milliseconds is
    kept. `window` is how many texts of a conversation may be on their way at once.
    """

    def __init__(
        self,
        *,
        token: str | None = None,
        conversation: str | None = None,
        window: int = 1,
        scale: float = 1.0,
        chance: Random | None = None,
    ) -> None:
        self.token = token
        self.is_agent = token is None
        self.scale = scale
        self.phase = Phase.OFFLINE
        self.epoch: str | None = None
        self.outbox = Outbox(window)
        self.streams: dict[str, Stream] = {}
        self.verbs: dict[str, Frame] = {}
        self._asked_at: dict[str, float] = {}
        self.full_syncs = 0
        self._chance = chance or Random()
        self._own = conversation
        self._refs = 0
        self._tries = self._failures = 0
        self._pings_open = 0
        self._next_ping = self._welcomed_at = self._connected_at = 0.0
        self._leave_at: float | None = None
        self._doubt_until: float | None = None
        if conversation is not None:
            self.streams[conversation] = Stream(conversation)

    @property
    def patience(self) -> float:
        """How many seconds a handshake, and then the welcome, may take."""
        return max(LEAST_GREETING_SECONDS, GREETING_SECONDS * self.scale)

    # --- The connection -------------------------------------------------------------------------------

    def connected(self, now: float) -> list[Action]:
        """A socket is open: say who we are."""
        self.phase = Phase.GREETING
        self._pings_open, self._leave_at, self._connected_at = 0, None, now
        self._doubt_until = None
        self._next_ping = now + BEAT_SECONDS * self.scale
        for stream in self.streams.values():
            stream.confirmed = 0
        hello: Frame = {"type": "hello", "v": 1}
        if self.is_agent:
            opened = [{"conversation": one.conversation, "after": one.last} for one in self.streams.values()]
            return [Transmit(hello | {"open": opened})]
        return [Transmit(hello | {"token": self.token, "after": self._stream(None).last})]

    def disconnected(self, now: float, code: int = 1006) -> list[Action]:
        """The socket has ended, or there never was one."""
        was, self.phase = self.phase, Phase.OFFLINE
        lost: list[Action] = [Unknown(one.conversation, one.mid) for one in self.outbox.put_back()]
        if code in FINAL_CODES:
            return [*lost, Stop(code)]
        if was is Phase.LIVE:
            if now - self._welcomed_at > STABLE_SECONDS * self.scale:
                self._tries = 0
        else:
            self._failures += 1
        by_http = not self.is_agent and self._failures >= FAILURES_TO_HTTP
        return [*lost, ConnectAfter(self._pause(), by_http)]

    def tick(self, now: float) -> list[Action]:
        """Time has passed: confirm what arrived, ask for what is missing, look whether anybody is there."""
        if self.phase is not Phase.LIVE:
            is_late = self.phase is Phase.GREETING and now - self._connected_at > self.patience
            return [Close(TIMEOUT)] if is_late else []
        if self._leave_at is not None and now >= self._leave_at:
            self._leave_at = None
            return [Close(1000)]
        if self._doubt_until is not None and now >= self._doubt_until:
            return [Close(TIMEOUT)]
        ping: list[Action] = []
        if now >= self._next_ping:
            if self._pings_open >= 2:
                return [Close(TIMEOUT)]
            self._pings_open += 1
            self._next_ping = now + BEAT_SECONDS * self.scale
            ping = [self._ping()]
        return [*self._confirm(), *self._ask(now), *self._insist(now), *self._send_due(now), *ping]

    def _ping(self) -> Action:
        return Transmit(
            {"type": "ping", "heads": {one.conversation: one.last for one in self.streams.values()}}
        )

    def _insist(self, now: float) -> list[Action]:
        """What has had no answer for too long goes out again, and the connection has to show that it lives."""
        patience = ANSWER_SECONDS * self.scale
        late = self.outbox.overdue(now - patience)
        verbs = [ref for ref in self.verbs if now - self._asked_at.setdefault(ref, now) > patience]
        if not late and not verbs:
            return []
        self._asked_at |= dict.fromkeys(verbs, now)
        if self._doubt_until is None:
            self._doubt_until = now + max(LEAST_GREETING_SECONDS, WAKE_SECONDS * self.scale)
        return [*(Transmit(self.verbs[ref]) for ref in verbs), self._ping()]

    def _pause(self) -> float:
        later = min(MOST_RETRY_SECONDS, RETRY_GROWTH**self._tries)
        most = later if self._tries else FIRST_RETRY_SECONDS
        self._tries += 1
        return self._chance.uniform(0, most) * self.scale

    # --- The person -----------------------------------------------------------------------------------

    def say(
        self, mid: str, text: str, now: float, *, conversation: str | None = None, internal: bool = False
    ) -> list[Action]:
        """Send a text: kept in the outbox until it is acknowledged or refused."""
        stream = self._stream(conversation)
        self.outbox.add(Outgoing(stream.conversation, mid, text, internal, stream.rev))
        return self._send_due(now)

    def do(self, verb: str, conversation: str | None = None, **more: Any) -> list[Action]:
        """An agent's verb: sent again after every welcome, and now and then, until it is answered."""
        self._refs += 1
        ref = f"r{self._refs}"
        frame: Frame = {"type": verb, "ref": ref, **more}
        if conversation is not None:
            frame["conversation"] = conversation
        self.verbs[ref] = frame
        return [Transmit(frame)] if self.phase is Phase.LIVE else []

    # --- Frames ---------------------------------------------------------------------------------------

    def received(self, frame: Frame, now: float) -> list[Action]:
        """A frame of the server; kinds that are not known are passed by. Any is a sign of life."""
        self._doubt_until = None
        handle: Callable[[Frame, float], list[Action]] | None = getattr(self, f"_on_{frame['type']}", None)
        return handle(frame, now) if handle else [Heard(frame)]

    def _on_welcome(self, frame: Frame, now: float) -> list[Action]:
        self.phase = Phase.LIVE
        self._failures, self._welcomed_at = 0, now
        actions: list[Action] = [Heard(frame)]
        if self.epoch not in (None, frame["epoch"]):
            actions += self._start_anew()
        self.epoch = frame["epoch"]
        self.outbox.put_back()
        self._asked_at.clear()
        actions += [Transmit(verb) for verb in self.verbs.values()]
        return actions + self._send_due(now)

    def _start_anew(self) -> Iterator[Action]:
        """The database was restored: what we have may not be what there is."""
        self.full_syncs += 1
        for stream in self.streams.values():
            stream.forget()
            yield Shown(stream.conversation)
            yield Transmit({"type": "sync", "conversation": stream.conversation, "after": 0})

    def _on_event(self, frame: Frame, now: float) -> list[Action]:
        stream = self.streams.get(frame["conversation"])
        if stream is None:
            return []
        shown = stream.take(frame["event"], now)
        for event in shown:
            # One's own text, seen in the list, is on disk, whatever became of its acknowledgement.
            self.outbox.remove(event.get("mid"))
        if not shown:
            return []
        return [Shown(stream.conversation), *self._send_due(now)]

    def _on_caught_up(self, frame: Frame, now: float) -> list[Action]:
        if stream := self.streams.get(frame["conversation"]):
            stream.note_head(frame["head"], now)
        return [Heard(frame)]

    def _on_ack(self, frame: Frame, now: float) -> list[Action]:
        if "mid" not in frame:
            return self._verb_answered(frame, None)
        self.outbox.remove(frame["mid"])
        acked = Acked(frame["conversation"], frame["mid"], frame["n"], frame["dup"])
        return [acked, *self._send_due(now)]

    def _on_nack(self, frame: Frame, now: float) -> list[Action]:
        code, mid = frame["code"], frame.get("mid")
        later = now + frame.get("retry_ms", 1000) / 1000
        if "ref" in frame:
            return self._verb_answered(frame, code)
        if mid is None:
            # It is not said which frame was too many; a text that was taken all the same is known by its mid.
            if code == "rate_limited":
                self.outbox.put_back(later)
            return [Heard(frame)]
        outgoing = self.outbox.get(mid)
        if outgoing is None:
            return []
        if code in RETRYABLE:
            outgoing.is_in_flight, outgoing.not_before = False, later
            return [Heard(frame)]
        self.outbox.remove(mid)
        stream = self.streams.get(outgoing.conversation)
        if stream is not None and code in LOST and outgoing.rev == stream.rev:
            # It is somebody else's now; taking it again brings a new assignment.
            stream.rev = None
        return [Refused(outgoing.conversation, mid, code), *self._send_due(now)]

    def _verb_answered(self, frame: Frame, code: str | None) -> list[Action]:
        asked = self.verbs.pop(frame.get("ref") or "", None)
        self._asked_at.pop(frame.get("ref") or "", None)
        if asked is None:
            return []
        verb, conversation = asked["type"], asked.get("conversation", "")
        actions: list[Action] = [Done(verb, conversation, code, frame.get("rev"))]
        if verb == "accept" and code is None:
            stream = self.streams.setdefault(conversation, Stream(conversation))
            stream.rev = frame.get("rev", stream.rev)
            actions += self.do("open", conversation, after=stream.last)
        return actions

    def _on_gone(self, frame: Frame, now: float) -> list[Action]:
        self.streams.pop(frame["conversation"], None)
        return [Heard(frame)]

    def _on_ping(self, frame: Frame, now: float) -> list[Action]:
        for conversation, head in frame.get("heads", {}).items():
            if stream := self.streams.get(conversation):
                stream.note_head(head, now)
        return [Transmit({"type": "pong"})]

    def _on_pong(self, frame: Frame, now: float) -> list[Action]:
        self._pings_open = 0
        return []

    def _on_drain(self, frame: Frame, now: float) -> list[Action]:
        self._leave_at = now + self._chance.uniform(0, frame["ms"] / 1000)
        return [Heard(frame)]

    # --- What is due ----------------------------------------------------------------------------------

    def _stream(self, conversation: str | None) -> Stream:
        return self.streams[conversation or self._own or ""]

    def _send_due(self, now: float) -> list[Action]:
        if self.phase is not Phase.LIVE:
            return []
        return [Transmit(one.frame(is_agent=self.is_agent)) for one in self.outbox.due(now)]

    def _confirm(self) -> Iterator[Action]:
        for stream in self.streams.values():
            if stream.last > stream.confirmed:
                stream.confirmed = stream.last
                place = {"conversation": stream.conversation, "n": stream.last}
                yield Transmit({"type": "got", **place})
                yield Transmit({"type": "read", **place})

    def _ask(self, now: float) -> Iterator[Action]:
        for stream in self.streams.values():
            since = stream.missing_since
            if since is not None and now - since >= GAP_SECONDS * self.scale:
                stream.missing_since = now
                yield Transmit({"type": "sync", "conversation": stream.conversation, "after": stream.last})
