"""Who is offered to whom. Pure: what is known goes in, pairs come out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# An urgent conversation counts as if it had waited so much longer: it overtakes, and nobody starves.
URGENT_LEAD = timedelta(minutes=30)
ALARM_HOPS = 3


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation in the queue.

    `declined_by` are agents who did not take it, `wanted_agent` the one it was transferred to.
    """

    id: int
    topic: str
    language: str
    queue_at: datetime
    urgent: bool = False
    declined_by: frozenset[int] = frozenset()
    wanted_agent: int | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """An agent as routing sees them; no topics or languages means all of them. `load` counts offers too."""

    id: int
    topics: frozenset[str]
    languages: frozenset[str]
    capacity: int
    load: int
    idle_since: datetime
    is_online: bool

    def serves(self, waiting: Waiting) -> bool:
        """Whether this agent answers such conversations."""
        knows_topic = not waiting.topic or not self.topics or waiting.topic in self.topics
        return knows_topic and (not self.languages or waiting.language in self.languages)

    @property
    def has_room(self) -> bool:
        """Whether one more fits."""
        return self.is_online and self.load < self.capacity


def in_order(waiting: Iterable[Waiting], urgent_lead: timedelta = URGENT_LEAD) -> list[Waiting]:
    """The queue: who has waited longest first, the urgent as if for `urgent_lead` longer."""
    return sorted(waiting, key=lambda one: (_rank(one, urgent_lead), one.id))


def choose(
    waiting: Iterable[Waiting], desks: Iterable[Desk], *, urgent_lead: timedelta = URGENT_LEAD
) -> list[tuple[int, int]]:
    """Pairs of conversation and agent, in the queue's order; no agent gets more than fits.

    A conversation that nobody can take now holds up none of the later ones.
    """
    online = {desk.id: desk for desk in desks if desk.is_online}
    room = sum(max(0, desk.capacity - desk.load) for desk in online.values())
    pairs: list[tuple[int, int]] = []
    for one in in_order(waiting, urgent_lead):
        if len(pairs) == room:
            break
        desk = _best(one, online.values())
        if desk is not None:
            pairs.append((one.id, desk.id))
            online[desk.id] = replace(desk, load=desk.load + 1)
    return pairs


def place(waiting: Iterable[Waiting], urgent_lead: timedelta = URGENT_LEAD) -> dict[int, int]:
    """For each conversation its place, from 1, among those of its language: they wait for the same people."""
    counts: dict[str, int] = {}
    places = {}
    for one in in_order(waiting, urgent_lead):
        counts[one.language] = places[one.id] = counts.get(one.language, 0) + 1
    return places


def needs_alarm(hops: int) -> bool:
    """Whether so many agents let it go by that a supervisor has to look."""
    return hops >= ALARM_HOPS


def _rank(one: Waiting, urgent_lead: timedelta) -> datetime:
    return one.queue_at - urgent_lead if one.urgent else one.queue_at


def _best(one: Waiting, online: Iterable[Desk]) -> Desk | None:
    """The least busy agent who serves it and has room, then the one who has been idle longest."""
    able = [desk for desk in online if desk.serves(one)]
    # Who was handed to somebody waits for them while they are there, even when they are full.
    wanted = [desk for desk in able if desk.id == one.wanted_agent]
    free = [desk for desk in wanted or able if desk.has_room]
    # Those who let it go by are asked again only when nobody else has room.
    fresh = [desk for desk in free if desk.id not in one.declined_by]
    return min(fresh or free, key=lambda desk: (desk.load, desk.idle_since, desk.id), default=None)
