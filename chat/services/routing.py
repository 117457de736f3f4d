"""Offering conversations to agents, and taking them: one winner, no agent above capacity.

Every pass locks the agents who are there, in one order, so passes of different processes follow each other.
Load is counted each time; a conversation is taken by an update that must change one row.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from chat.core.presence import next_misses
from chat.core.routing import Desk, Waiting, choose, needs_alarm
from chat.core.terms import Nack, State, Status
from chat.models import Agent, Conversation, Offer
from chat.querysets import loads, present_agents, waiting_for
from chat.services import ledger, states
from chat.services.announcements import Notice, announce
from chat.services.clock import database_now
from chat.services.refusal import Refused

logger = logging.getLogger(__name__)
MOST_WAITING = 500
PENDING = Offer.Outcome.PENDING
TAKEABLE = (State.WAITING, State.OFFERED, State.MESSAGE)


def run() -> int:
    """Offer what waits to those who are there; returns how many offers were made."""
    if not Conversation.objects.filter(state=State.WAITING).exists():
        return 0
    with transaction.atomic():
        now = database_now()
        desks = _desks(now)
        if not any(desk.has_room for desk in desks):
            return 0
        pairs = choose(waiting(), desks)
        # In the one order in which everybody locks them.
        ledger.lock(conversation for conversation, _ in pairs)
        return sum(_offer(conversation, agent, now) for conversation, agent in pairs)


def waiting() -> list[Waiting]:
    """The queue as far as one pass looks, the oldest first."""
    rows = list(Conversation.objects.filter(state=State.WAITING).order_by("queue_at", "pk")[:MOST_WAITING])
    let_go: dict[int, set[int]] = defaultdict(set)
    tried = Offer.objects.filter(
        conversation__in=[row.pk for row in rows], made_at__gte=F("conversation__created_at")
    )
    for conversation, agent in tried.exclude(outcome=PENDING).values_list("conversation", "agent"):
        let_go[conversation].add(agent)
    return [
        Waiting(
            row.pk,
            row.topic,
            row.language,
            row.queue_at,
            row.priority == Conversation.Priority.URGENT,
            frozenset(let_go[row.pk]),
            row.wanted_agent_id,
        )
        for row in rows
    ]


def accept(agent: int, conversation: int) -> int:
    """Take a conversation that was offered, waits or was left; returns the assignment's number.

    Raises `Refused`: `TAKEN` when somebody else was faster, `UNAVAILABLE` when there is no room left,
    `NOT_ASSIGNEE` when it is in a topic or language that this agent doesn't answer.
    """
    with transaction.atomic():
        taker = locked(agent)
        head = ledger.lock([conversation]).get(conversation)
        if head is None:
            raise Refused(Nack.TAKEN)
        if head.state == State.ACTIVE and head.agent_id == agent:
            return head.assign_rev
        now = database_now()
        offer = _check_takeable(head, taker, now)
        load = loads([agent]).get(agent, 0) - (1 if offer else 0)
        if load >= taker.capacity:
            raise Refused(Nack.UNAVAILABLE)
        rev = states.assign(head, taker, now)
        end_offers(Offer.objects.filter(conversation=conversation), Offer.Outcome.ACCEPTED if offer else None)
        Agent.objects.filter(pk=agent).update(misses=0, idle_since=now)
        ledger.write([head])
        announce(Notice(conversation, tuple(head.records), state=True, agents=(agent,), queue=True))
    return rev


def decline(agent: int, conversation: int) -> None:
    """Let an offer go by; raises `Refused` when there is none."""
    with transaction.atomic():
        Agent.objects.filter(pk=agent).update(misses=0)
        offers = Offer.objects.filter(agent=agent, conversation=conversation, outcome=PENDING)
        if not give_back(offers, Offer.Outcome.DECLINED):
            raise Refused(Nack.TAKEN)
    run()


def miss(offer: int) -> None:
    """An offer has run out: back with it, and an agent who missed two in a row is away."""
    with transaction.atomic():
        found = Offer.objects.filter(pk=offer, outcome=PENDING).first()
        if found is None:
            return
        # The agent before the conversation, as everywhere, so that nobody waits for each other.
        agent = locked(found.agent_id)
        if not give_back(Offer.objects.filter(pk=offer), Offer.Outcome.MISSED):
            return
        agent.misses, goes_away = next_misses(agent.misses)
        if goes_away:
            agent.status = Status.AWAY
        agent.save(update_fields=["misses", "status"])


def withdraw_offers(offers: QuerySet[Offer]) -> int:
    """Take back pending offers of somebody who has gone; returns how many."""
    return give_back(offers.filter(outcome=PENDING), Offer.Outcome.WITHDRAWN)


def give_back(offers: QuerySet[Offer], outcome: Offer.Outcome) -> int:
    """End pending offers; their conversations wait on at their old place. Inside a transaction."""
    ended = 0
    # All at once, in the one order in which everybody locks them.
    heads = ledger.lock(offers.filter(outcome=PENDING).values_list("conversation", flat=True))
    for offer in offers.filter(outcome=PENDING, conversation__in=heads).select_related("conversation"):
        head = heads[offer.conversation_id]
        if not Offer.objects.filter(pk=offer.pk, outcome=PENDING).update(outcome=outcome):
            continue
        hops = offer.conversation.hops + 1
        back = Conversation.objects.filter(pk=head.pk, state=State.OFFERED)
        back.update(state=State.WAITING, hops=hops, wanted_agent=None)
        if needs_alarm(hops):
            logger.warning("Conversation %s went by %d agents", offer.conversation.reference, hops)
        announce(Notice(head.pk, state=True, agents=(offer.agent_id,), queue=True))
        ended += 1
    return ended


def summary(conversation: Conversation) -> dict[str, Any]:
    """What an agent should know before taking a conversation."""
    return {
        "reference": conversation.reference,
        "topic": conversation.topic or None,
        "language": conversation.language,
        "urgent": conversation.priority == Conversation.Priority.URGENT,
        "waiting_since": conversation.queue_at.isoformat(),
        "hops": conversation.hops,
    }


def locked(agent: int) -> Agent:
    """An agent under lock, inside a transaction; always before the lock of a conversation.

    Rows that merely refer to the agent, such as a lease, may be added meanwhile.
    """
    return Agent.objects.select_for_update(no_key=True).get(pk=agent)


def _desks(now: datetime) -> list[Desk]:
    """Agents who are there, locked."""
    agents = list(present_agents(now).select_for_update(of=("self",), no_key=True).order_by("pk"))
    count = loads([agent.pk for agent in agents])
    return [
        Desk(
            agent.pk,
            frozenset(agent.topics),
            frozenset(agent.languages),
            agent.capacity,
            count.get(agent.pk, 0),
            agent.idle_since,
            is_online=True,
        )
        for agent in agents
    ]


def _offer(conversation: int, agent: int, now: datetime) -> int:
    offered = Conversation.objects.filter(pk=conversation, state=State.WAITING).update(state=State.OFFERED)
    if offered:
        Offer.objects.create(
            conversation_id=conversation,
            agent_id=agent,
            made_at=now,
            expires_at=now + settings.CHAT_TIMINGS.offer,
        )
        announce(Notice(conversation, state=True, agents=(agent,), queue=True))
    return offered


def _check_takeable(head: ledger.Head, taker: Agent, now: datetime) -> bool:
    """Whether it was offered to this agent; raises `Refused` when it is somebody else's."""
    if head.state not in TAKEABLE:
        raise Refused(Nack.TAKEN, by=_name_of(head.agent_id))
    if head.state != State.OFFERED:
        if not waiting_for(taker).filter(pk=head.pk).exists():
            raise Refused(Nack.NOT_ASSIGNEE)
        return False
    pending = Offer.objects.filter(conversation=head.pk, outcome=PENDING).first()
    if pending is None or pending.agent_id != taker.pk:
        raise Refused(Nack.TAKEN, by=_name_of(pending.agent_id if pending else None))
    if pending.expires_at <= now:
        raise Refused(Nack.TAKEN)
    return True


def end_offers(offers: QuerySet[Offer], outcome: Offer.Outcome | None = None) -> None:
    """End pending offers, as withdrawn unless said otherwise."""
    offers.filter(outcome=PENDING).update(outcome=outcome or Offer.Outcome.WITHDRAWN)


def _name_of(agent: int | None) -> str:
    name = Agent.objects.filter(pk=agent).values_list("name", flat=True).first() if agent else None
    return name or ""
