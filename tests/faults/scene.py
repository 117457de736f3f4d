"""One fault in one deployment: people talk, something breaks, it heals, both sides have to agree."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.faults.actors import Actor, Agent, Visitor, open_visitor, sign_in
from tests.faults.checker import check
from tests.faults.history import Dump
from tests.faults.invariants.violation import Violation
from tests.faults.recorder import Recorder
from tests.faults.servers import Deployment
from tests.protocol_client.web import Site

PROMISED_SECONDS = 15.0
MOST_SECONDS = 45.0
# Upper bounds for a busy machine; nothing waits that long when all is well.
OPENING_SECONDS = 60.0
MOST_UNSENT = 12
# What masking has to keep out of everything: a card's number, which nothing else contains.
PLANTED = "4111111111111111"


class NotReached(AssertionError):
    """Something that had to come about did not."""


@dataclass
class Scene:
    """The people of one run; the first visitor and the first agent have two tabs open.

    `pace` is how many seconds lie between two lines of one person, on average; `window` is how many texts of one
    person may be on their way at once.
    """

    deployment: Deployment
    seed: int
    conversations: int
    agents: int
    pace: float = 0.15
    window: int = 1
    path: Path | None = None
    visitors: list[Visitor] = field(default_factory=list)
    staff: list[Agent] = field(default_factory=list)
    convergence: list[float] = field(default_factory=list)
    healed_at: float = 0.0

    def __post_init__(self) -> None:
        self.chance = Random(self.seed)
        self.recorder = Recorder(self.path)
        self.site = Site("127.0.0.1", self.deployment.entry.port, self.deployment.origin)
        self._talk: asyncio.Task[None] | None = None

    @property
    def people(self) -> list[Actor]:
        """Everybody."""
        return [*self.visitors, *self.staff]

    # --- The course of things -------------------------------------------------------------------------

    async def open(self) -> None:
        """Bring everybody in; returns when every conversation has its agent."""
        cookies = await asyncio.gather(*(sign_in(number, self.site) for number in range(1, self.agents + 1)))
        for number, cookie in enumerate([*cookies, cookies[0]], 1):
            self.staff.append(
                Agent(f"agent-{number}", self.site, self.recorder, self._dice(), cookie, self.window)
            )
        for agent in self.staff:
            agent.session.start()
        await self.until(lambda: all(agent.is_settled for agent in self.staff), "the agents are there")
        for number in range(1, self.conversations + 1):
            self.visitors.append(await self.another(number))
        first = self.visitors[0]
        name, way_in = f"{first.name}-again", (first.conversation, first.machine.token or "")
        self.visitors.append(Visitor(name, self.site, self.recorder, self._dice(), *way_in, self.window))
        for visitor in self.visitors:
            visitor.session.start()
        await self.until(self._all_answered, "every conversation has its agent")
        self._measure("baseline")

    async def another(self, number: int) -> Visitor:
        """A new conversation."""
        name = f"visitor-{self.seed}-{number}"
        return await open_visitor(name, self.site, self.recorder, self._dice(), self.window)

    def talk(self) -> None:
        """Have everybody write until `hush`."""
        self._talk = asyncio.create_task(self._chatter())

    async def hush(self) -> None:
        """Nobody writes anything new."""
        if self._talk is not None:
            self._talk.cancel()
            await asyncio.gather(self._talk, return_exceptions=True)
            self._talk = None

    async def heal(self) -> None:
        """End the fault; from now on everything has to come together."""
        await self.deployment.heal()
        self.healed_at = time.monotonic()
        for person in self.people:
            person.session.thaw()
            person.session.hurry()

    async def settle(self) -> None:
        """Wait until everybody shows what the database holds; how long it took is in `convergence`."""
        missing = {visitor.conversation for visitor in self.visitors}
        while missing and time.monotonic() - self.healed_at < MOST_SECONDS:
            heads = await asyncio.to_thread(self.deployment.database.heads)
            for conversation in missing & heads.keys():
                if self._agree(conversation, *heads[conversation]):
                    missing.discard(conversation)
                    self.convergence.append(time.monotonic() - self.healed_at)
            await asyncio.sleep(0.1)
        self.convergence += [float("inf")] * len(missing)
        for person in self.people:
            person.finish()
        self._measure("healed")

    async def close(self) -> None:
        """Everybody goes."""
        await self.hush()
        await asyncio.gather(*(person.session.close() for person in self.people))
        self.recorder.close()

    async def end(self) -> None:
        """The visitors are done, so that the agents have room for others; after `judge`."""
        for visitor in self.visitors:
            bearer = f"Bearer {visitor.machine.token}"
            path = f"/api/chat/conversations/{visitor.conversation}/end"
            answer = await self.site.post_json(path, {}, Authorization=bearer)
            assert answer.status == 200, answer.body

    def judge(self) -> tuple[Dump, list[Violation]]:
        """The database of these conversations, and every promise that was not kept."""
        dump = self.deployment.database.dump(visitor.conversation for visitor in self.visitors)
        frames = "\n".join(str(visitor.machine.streams) for visitor in self.visitors)
        log = self.deployment.log.read_text(encoding="utf-8", errors="replace")
        evidence = {"frames": frames, "logs": log, "Redis": self.deployment.heard_by_redis()}
        return dump, check(self.recorder.history(), dump, evidence)

    async def until(self, is_so: Callable[[], bool], what: str, seconds: float = OPENING_SECONDS) -> None:
        """Wait for a condition; raises `NotReached`."""
        deadline = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > deadline:
                raise NotReached(f"{what}: not after {seconds:.0f} s; {self.deployment.log}")
            await asyncio.sleep(0.02)

    # --- Inside ---------------------------------------------------------------------------------------

    def _dice(self) -> Random:
        return Random(self.chance.getrandbits(64))

    def _all_answered(self) -> bool:
        held = {conversation for agent in self.staff for conversation in agent.mine}
        return all(visitor.is_settled and visitor.conversation in held for visitor in self.visitors)

    async def _chatter(self) -> None:
        """Somebody writes, again and again; now and then an agent writes a note, or a visitor a card's number."""
        while True:
            await asyncio.sleep(self.chance.expovariate(len(self.people) / self.pace))
            person = self.chance.choice(self.people)
            if len(person.machine.outbox) >= MOST_UNSENT:
                # Nobody goes on for ever while nothing gets through.
                continue
            if isinstance(person, Visitor):
                planted = PLANTED if self.chance.random() < 0.03 else ""
                person.say(person.conversation, planted=planted)
            elif isinstance(person, Agent) and person.mine:
                person.say(self.chance.choice(person.mine), internal=self.chance.random() < 0.2)

    def _agree(self, conversation: str, seq: int, pub_seq: int) -> bool:
        """Whether nobody has anything left to send, and whoever sees this conversation sees all of it."""
        for person in self.people:
            stream = person.machine.streams.get(conversation)
            head = pub_seq if person.role == "visitor" else seq
            if not person.is_settled or (stream is not None and stream.last != head):
                return False
        return True

    def _measure(self, phase: str) -> None:
        connections = self.deployment.database.connections()
        for name, used in self.deployment.resources().items():
            self.recorder.note(
                "resources", "machine", process=name, phase=phase, connections=connections, **used
            )


Break = Callable[[Scene], Awaitable[None]]
