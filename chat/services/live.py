"""What is going on right now, for supervisors: a constant number of questions, however much goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, F, Min, OuterRef, Q
from django.utils import timezone

from chat.core.terms import State
from chat.models import Agent, Conversation, PresenceLease
from chat.querysets import loads
from chat.services.clock import database_now
from chat.services.reports import Period, Report, report
from chat.services.state_views import availability

MOST_ALARMED = 20
# So often a conversation may have been offered in vain before somebody has to look.
MOST_HOPS = 3


@dataclass(frozen=True, slots=True)
class QueueRow:
    """Those who wait in one topic and language."""

    topic: str
    language: str
    count: int
    longest: timedelta


@dataclass(frozen=True, slots=True)
class AgentNow:
    """One agent at this moment; `unanswered` is how long their customer waits who has waited longest."""

    pk: int
    name: str
    presence: str
    load: int
    capacity: int
    unanswered: timedelta | None


@dataclass(slots=True)
class Live:
    """The view of now."""

    at: datetime
    waiting: int = 0
    longest: timedelta | None = None
    offered: int = 0
    active: int = 0
    left: int = 0
    oldest_left: timedelta | None = None
    queue: list[QueueRow] = field(default_factory=list)
    agents: list[AgentNow] = field(default_factory=list)
    alarmed: list[Conversation] = field(default_factory=list)
    nobody: bool = False
    is_late: bool = False
    today: Report = field(default_factory=Report)


def live() -> Live:
    """Look now."""
    now = database_now()
    made = Live(now)
    _states(made, now)
    made.queue = _queue(now)
    made.agents = _agents(now)
    made.alarmed = _alarmed(now)
    is_served = any(agent.presence == "online" for agent in made.agents)
    made.nobody = not is_served and availability()["open"]
    made.is_late = made.longest is not None and made.longest > settings.WAITING_TARGET
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    made.today = report(Period(midnight, now))
    return made


def _states(made: Live, now: datetime) -> None:
    open_ones = Conversation.objects.exclude(state=State.CLOSED).order_by()
    found = {
        state: (count, oldest, changed)
        for state, count, oldest, changed in open_ones.values_list("state").annotate(
            Count("pk"), Min("queue_at"), Min("created_at")
        )
    }
    none = (0, None, None)
    made.waiting, waiting_since, _ = found.get(State.WAITING, none)
    made.offered, offered_since, _ = found.get(State.OFFERED, none)
    made.active = found.get(State.ACTIVE, none)[0]
    made.left, _, left_since = found.get(State.MESSAGE, none)
    since = min(filter(None, (waiting_since, offered_since)), default=None)
    made.longest = now - since if since else None
    made.oldest_left = now - left_since if left_since else None


def _queue(now: datetime) -> list[QueueRow]:
    waiting = Conversation.objects.filter(state__in=(State.WAITING, State.OFFERED)).order_by()
    rows = waiting.values_list("topic", "language").annotate(Count("pk"), oldest=Min("queue_at"))
    return [
        QueueRow(topic, language, count, now - oldest)
        for topic, language, count, oldest in rows.order_by("oldest")
    ]


def _agents(now: datetime) -> list[AgentNow]:
    there = PresenceLease.objects.filter(agent=OuterRef("pk"), expires_at__gt=now)
    agents = list(
        Agent.objects.filter(user__is_active=True).annotate(is_there=Exists(there)).order_by("name")
    )
    # A customer waits for an answer where they wrote last.
    waits = Q(agent_wrote_at=None) | Q(visitor_wrote_at__gt=F("agent_wrote_at"))
    mine = Conversation.objects.filter(waits, state=State.ACTIVE, visitor_wrote_at__isnull=False).order_by()
    oldest = dict(mine.values_list("agent").annotate(Min("visitor_wrote_at")))
    counted = loads(agent.pk for agent in agents)
    return [
        AgentNow(
            agent.pk,
            agent.name,
            agent.status if agent.is_there else "offline",
            counted[agent.pk],
            agent.capacity,
            now - oldest[agent.pk] if agent.pk in oldest else None,
        )
        for agent in agents
    ]


def _alarmed(now: datetime) -> list[Conversation]:
    """Those who wait too long or were offered in vain too often, the longest first."""
    waiting = Conversation.objects.filter(state__in=(State.WAITING, State.OFFERED))
    late = Q(queue_at__lt=now - settings.WAITING_TARGET) | Q(hops__gte=MOST_HOPS)
    return list(waiting.filter(late).select_related("visitor").order_by("queue_at")[:MOST_ALARMED])
