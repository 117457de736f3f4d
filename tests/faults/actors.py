"""Visitors and agents who talk, and note down everything that they do and see."""

from __future__ import annotations

import re
import time
from collections import Counter
from random import Random
from uuid import UUID

from tests.faults.names import PASSWORD, login, text_of
from tests.faults.recorder import Recorder
from tests.protocol_client.actions import Acked, Action, Done, Frame, Heard, Refused, Shown, Stop, Unknown
from tests.protocol_client.machine import Machine, Phase
from tests.protocol_client.session import Session
from tests.protocol_client.web import Site

# The clients' own waits are a tenth of what the contract says.
SCALE = 0.1
SNAPSHOT_SECONDS = 0.25
CSRF = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')


class Actor:
    """Somebody with a client; `name` is theirs in the history."""

    role = ""

    def __init__(self, name: str, machine: Machine, site: Site, recorder: Recorder, chance: Random) -> None:
        self.name = name
        self.machine = machine
        self.recorder = recorder
        self.counts: Counter[str] = Counter()
        self.latencies: list[float] = []
        self.session = Session(machine, site, self.hear)
        self._chance = chance
        self._sent_at: dict[str, float] = {}
        self._snapshot_at: dict[str, float] = {}

    @property
    def is_settled(self) -> bool:
        """Whether this client is connected and has nothing left to send."""
        return self.machine.phase is Phase.LIVE and not self.machine.outbox and not self.machine.verbs

    def say(self, conversation: str, *, internal: bool = False, planted: str = "") -> None:
        """Write a line; `planted` is a secret in it that must never be stored."""
        mid = str(UUID(int=self._chance.getrandbits(128), version=4))
        self.counts["invoke"] += 1
        text = text_of(self.name, self.counts["invoke"]) + (f" {planted}" if planted else "")
        extra: Frame = {"planted": [planted], "masked": True} if planted else {}
        extra |= {"internal": True} if internal else {}
        self.recorder.invoke(self.name, conversation, mid, text, role=self.role, **extra)
        self._sent_at[mid] = time.monotonic()
        now = time.monotonic()
        self.session.perform(self.machine.say(mid, text, now, conversation=conversation, internal=internal))

    def hear(self, action: Action) -> None:
        """Note what the client tells."""
        match action:
            case Acked(conversation, mid, n, dup):
                self.counts["ok"] += 1
                self.counts["dup"] += dup
                if mid in self._sent_at:
                    self.latencies.append(time.monotonic() - self._sent_at.pop(mid))
                self.note("ok", conversation=conversation, mid=mid, n=n, dup=dup)
            case Refused(conversation, mid, code):
                self.counts["nack"] += 1
                self.note("nack", conversation=conversation, mid=mid, code=code)
            case Unknown(conversation, mid):
                self.counts["unknown"] += 1
                self.note("unknown", conversation=conversation, mid=mid)
            case Shown(conversation):
                self._snapshot(conversation)
            case Stop(code):
                self.note("stopped", code=code)
            case Done():
                self.done(action)
            case Heard(frame):
                self._heard(frame)

    def done(self, action: Done) -> None:
        """A verb was answered."""

    def offered(self, conversation: str) -> None:
        """A conversation is held out to this agent."""

    def note(self, op: str, **values: object) -> None:
        """Write something into the history."""
        self.recorder.note(op, self.name, role=self.role, **values)

    def finish(self) -> None:
        """Write down what is shown at the end, and whether everything was sent."""
        for conversation in self.machine.streams:
            self._show(conversation, "final")
        if not self.machine.outbox:
            self.note("settled")

    def extra(self) -> Frame:
        """What a snapshot says besides."""
        return {}

    def _heard(self, frame: Frame) -> None:
        if frame["type"] == "cursor":
            place = {key: frame[key] for key in ("conversation", "who", "delivered", "read")}
            self.note("cursor", connection=self.session.connections, **place)
        elif frame["type"] in ("gone", "welcome", "drain"):
            self.note(frame["type"], conversation=frame.get("conversation"))

    def _snapshot(self, conversation: str) -> None:
        now = time.monotonic()
        if now - self._snapshot_at.get(conversation, -1.0) >= SNAPSHOT_SECONDS:
            self._snapshot_at[conversation] = now
            self._show(conversation, "shown")

    def _show(self, conversation: str, op: str) -> None:
        events = self.machine.streams[conversation].events
        self.recorder.shown(self.name, self.role, conversation, events, op=op, **self.extra())


class Visitor(Actor):
    """A visitor in one conversation."""

    role = "visitor"

    def __init__(
        self,
        name: str,
        site: Site,
        recorder: Recorder,
        chance: Random,
        conversation: str,
        token: str,
        window: int = 1,
    ) -> None:
        machine = Machine(token=token, conversation=conversation, scale=SCALE, chance=chance, window=window)
        super().__init__(name, machine, site, recorder, chance)
        self.conversation = conversation


class Agent(Actor):
    """An agent who takes whatever is offered."""

    role = "agent"

    def __init__(
        self,
        name: str,
        site: Site,
        recorder: Recorder,
        chance: Random,
        cookie: str,
        window: int = 1,
    ) -> None:
        super().__init__(name, Machine(scale=SCALE, chance=chance, window=window), site, recorder, chance)
        self.session = Session(self.machine, site, self.hear, cookie=cookie)
        self.key: int | None = None

    @property
    def mine(self) -> list[str]:
        """Conversations that this agent took and still sees."""
        return [one.conversation for one in self.machine.streams.values() if one.rev is not None]

    def take(self, conversation: str) -> None:
        """Try to take a conversation."""
        if all(verb.get("conversation") != conversation for verb in self.machine.verbs.values()):
            self.session.perform(self.machine.do("accept", conversation))

    def done(self, action: Done) -> None:
        """Note which conversations were taken."""
        if action.verb == "accept":
            if action.code is None:
                self.note("accepted", conversation=action.conversation, rev=action.rev, agent=self.key)
            self.counts["taken" if action.code is None else "not taken"] += 1

    def extra(self) -> Frame:
        """Whose list this is."""
        return {"agent": self.key}

    def _heard(self, frame: Frame) -> None:
        super()._heard(frame)
        if frame["type"] == "welcome":
            self.key = frame["agent"].get("id")
            for offer in frame["offers"]:
                self.take(offer["conversation"])
        elif frame["type"] == "offer":
            self.take(frame["conversation"])


async def open_visitor(name: str, site: Site, recorder: Recorder, chance: Random, window: int = 1) -> Visitor:
    """Open a conversation over HTTP; raises `Unreachable`, `AssertionError`."""
    mid = str(UUID(int=chance.getrandbits(128), version=4))
    text = text_of(name, 0)
    body = {"mid": mid, "text": text, "topic": None, "language": "en", "website": ""}
    answer = await site.post_json("/api/chat/conversations", body, User_Agent=name)
    assert answer.status == 201, answer.body
    opened = answer.json
    recorder.invoke(name, opened["conversation"], mid, text, role="visitor")
    recorder.note("ok", name, role="visitor", conversation=opened["conversation"], mid=mid, n=opened["n"])
    return Visitor(name, site, recorder, chance, opened["conversation"], opened["token"], window)


async def sign_in(number: int, site: Site) -> str:
    """Sign an agent in at the desk; the cookies for their socket. Raises `Unreachable`, `AssertionError`."""
    page = await site.ask("GET", "/desk/login/")
    found = CSRF.search(page.body)
    assert found is not None, page.body[:500]
    cookies = page.cookies
    fields = {"username": login(number), "password": PASSWORD, "csrfmiddlewaretoken": found[1].decode()}
    answer = await site.post_form("/desk/login/", fields, Cookie=_header(cookies))
    assert "sessionid" in answer.cookies, (answer.status, answer.body[:500])
    return _header(cookies | answer.cookies)


def _header(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())
