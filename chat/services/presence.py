"""Who is there: leases by the database's clock, never the end of a connection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from chat.core.terms import Status
from chat.models import Agent, Offer, PresenceLease
from chat.services import routing
from chat.services.announcements import Notice, announce
from chat.services.clock import database_now


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer as its agent sees it."""

    conversation: UUID
    expires_at: datetime
    summary: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AgentSnapshot:
    """What a desk shows of its agent."""

    status: str
    offers: list[OfferView]


def beat(agent: int, connection: UUID) -> None:
    """Prolong the lease of one open desk; the first one makes its agent present."""
    until = database_now() + settings.CHAT_TIMINGS.lease
    if PresenceLease.objects.filter(pk=connection).update(expires_at=until):
        return
    PresenceLease.objects.create(pk=connection, agent_id=agent, expires_at=until)
    announce(Notice(queue=True))
    routing.run()


def choose(agent: int, status: Status) -> None:
    """Be online, away or offline; offers that wait for somebody who goes are given to others."""
    with transaction.atomic():
        Agent.objects.filter(pk=agent).update(status=status, misses=0)
        if status != Status.ONLINE:
            routing.withdraw_offers(Offer.objects.filter(agent=agent))
        announce(Notice(agents=(agent,), queue=True))
    routing.run()


def snapshot(agent: int) -> AgentSnapshot:
    """The status and pending offers of an agent."""
    status = Agent.objects.values_list("status", flat=True).get(pk=agent)
    pending = Offer.objects.filter(agent=agent, outcome=Offer.Outcome.PENDING).select_related("conversation")
    offers = [
        OfferView(offer.conversation.public_id, offer.expires_at, routing.summary(offer.conversation))
        for offer in pending.order_by("made_at")
    ]
    return AgentSnapshot(status, offers)
