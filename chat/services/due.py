"""What falls due without anybody doing anything: offers, leases, idle conversations, empty desks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from chat.core.terms import EventKind, State
from chat.models import Agent, Conversation, Offer, PresenceLease
from chat.querysets import present_agents
from chat.services import ledger, routing, states
from chat.services.announcements import Notice, announce
from chat.services.clock import database_now
from chat.services.identity import forget_used
from chat.services.ledger import SYSTEM, Head

AT_ONCE = 200


def run_due() -> None:
    """Do everything that is due; each conversation in a transaction of its own."""
    now = database_now()
    _expire_offers(now)
    _withdraw_from_absent(now)
    _requeue_abandoned(now)
    _leave_without_anybody(now)
    _warn_idle(now)
    _close_idle(now)


def tidy() -> None:
    """Remove what nobody needs any more; once a minute is enough."""
    now = database_now()
    PresenceLease.objects.filter(expires_at__lt=now - settings.CHAT_TIMINGS.requeue_after).delete()
    forget_used(now)


def _expire_offers(now: datetime) -> None:
    overdue = Offer.objects.filter(outcome=Offer.Outcome.PENDING, expires_at__lte=now)
    for offer in overdue.values_list("pk", flat=True)[:AT_ONCE]:
        routing.miss(offer)


def _withdraw_from_absent(now: datetime) -> None:
    """Who isn't there can't take what was offered to them."""
    there = present_agents(now).filter(pk=OuterRef("agent"))
    absent = Offer.objects.filter(~Exists(there), outcome=Offer.Outcome.PENDING)
    keys = list(absent.values_list("pk", flat=True)[:AT_ONCE])
    if keys:
        with transaction.atomic():
            routing.withdraw_offers(Offer.objects.filter(pk__in=keys))


def _requeue_abandoned(now: datetime) -> None:
    """Conversations of agents who have been gone too long go back to their old place in the queue."""
    since = now - settings.CHAT_TIMINGS.requeue_after
    leases = PresenceLease.objects.filter(agent=OuterRef("agent"), expires_at__gt=since)
    abandoned = Conversation.objects.filter(~Exists(leases), state=State.ACTIVE)

    def back(head: Head) -> None:
        states.requeue(head, now, reason="agent_gone")

    _each(abandoned.values_list("pk", flat=True)[:AT_ONCE], back, State.ACTIVE)


def _leave_without_anybody(now: datetime) -> None:
    """Nobody is on duty for them: what waits becomes a left message, and somebody answers later."""
    since = now - settings.CHAT_TIMINGS.nobody_after
    long = Conversation.objects.filter(state=State.WAITING, queue_at__lte=since, changed_at__lte=since)
    waiting = list(long.values_list("pk", "topic", "language")[:AT_ONCE])
    if not waiting:
        return
    agents = list(present_agents(now))
    alone = [key for key, topic, language in waiting if not _is_served(topic, language, agents)]

    def leave(head: Head) -> None:
        states.leave_as_message(head, now, reason="nobody_on_duty")

    _each(alone, leave, State.WAITING)


def _warn_idle(now: datetime) -> None:
    """The visitor has said nothing for long: say that the conversation will end."""
    idle = _unanswered(now - settings.CHAT_TIMINGS.idle_warning).filter(warned_at=None)

    def warn(head: Head) -> None:
        head.add(EventKind.STATE, SYSTEM, now, data={"state": State.ACTIVE, "reason": "idle_warning"})
        Conversation.objects.filter(pk=head.pk).update(warned_at=now)

    _each(idle.values_list("pk", flat=True)[:AT_ONCE], warn, State.ACTIVE)


def _close_idle(now: datetime) -> None:
    idle = _unanswered(now - settings.CHAT_TIMINGS.idle_close).exclude(warned_at=None)

    def close(head: Head) -> None:
        states.close(head, now, reason="idle")

    _each(idle.values_list("pk", flat=True)[:AT_ONCE], close, State.ACTIVE)


def _unanswered(since: datetime) -> QuerySet[Conversation]:
    """Active conversations in which the agent spoke last, and before `since`."""
    answered = Q(visitor_wrote_at=None) | Q(visitor_wrote_at__lt=F("agent_wrote_at"))
    return Conversation.objects.filter(answered, state=State.ACTIVE, agent_wrote_at__lte=since)


def _is_served(topic: str, language: str, agents: Iterable[Agent]) -> bool:
    """Whether one of these agents answers such conversations."""
    return any(
        (not topic or not agent.topics or topic in agent.topics)
        and (not agent.languages or language in agent.languages)
        for agent in agents
    )


def _each(keys: Iterable[int], change: Callable[[Head], None], state: State) -> None:
    """Change each conversation under its lock, if it still is in `state`."""
    for key in list(keys):
        with transaction.atomic():
            head = ledger.lock([key]).get(key)
            if head is None or head.state != state:
                continue
            agent = head.agent_id
            change(head)
            ledger.write([head])
            agents = (agent,) if agent else ()
            announce(Notice(key, tuple(head.records), state=True, agents=agents, queue=True))
