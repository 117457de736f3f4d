"""Questions about agents that several services ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from chat.core.terms import State, Status
from chat.models import Agent, Assignment, Conversation, Offer, PresenceLease


def present_agents(now: datetime) -> QuerySet[Agent]:
    """Agents who chose to be online and have a live lease."""
    leases = PresenceLease.objects.filter(agent=OuterRef("pk"), expires_at__gt=now)
    return Agent.objects.filter(Exists(leases), status=Status.ONLINE, user__is_active=True)


def loads(agents: Iterable[int]) -> dict[int, int]:
    """Open conversations and pending offers of each agent, counted now."""
    agents = list(agents)
    found: dict[int, int] = defaultdict(int)
    active = Conversation.objects.filter(agent__in=agents, state=State.ACTIVE).order_by()
    for agent, count in active.values_list("agent").annotate(Count("pk")):
        found[agent] += count
    pending = Offer.objects.filter(agent__in=agents, outcome=Offer.Outcome.PENDING).order_by()
    for agent, count in pending.values_list("agent").annotate(Count("pk")):
        found[agent] += count
    return found


def readable_by(agent: Agent, *, is_supervisor: bool) -> QuerySet[Conversation]:
    """What an agent may read: their own, offered to them, waiting for such as them, ended with them.

    Supervisors may read everything.
    """
    everything = Conversation.objects.all()
    if is_supervisor:
        return everything
    offers = Offer.objects.filter(conversation=OuterRef("pk"), agent=agent, outcome=Offer.Outcome.PENDING)
    waits = _waits_for(agent)
    ended = Q(state=State.CLOSED) & Exists(
        Assignment.objects.filter(conversation=OuterRef("pk"), agent=agent)
    )
    return everything.filter(Q(agent=agent) | waits | ended | Exists(offers))


def waiting_for(agent: Agent) -> QuerySet[Conversation]:
    """What waits, live or left as a message, in a topic and language that this agent answers."""
    return Conversation.objects.filter(_waits_for(agent))


def _waits_for(agent: Agent) -> Q:
    waits = Q(state__in=(State.WAITING, State.OFFERED, State.MESSAGE))
    if agent.topics:
        waits &= Q(topic__in=[*agent.topics, ""])
    if agent.languages:
        waits &= Q(language__in=agent.languages)
    return waits
