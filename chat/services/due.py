"""What falls due without anybody doing anything: offers, leases, idle conversations, empty desks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from chat.core.lifecycle import Due, Facts, due
from chat.core.terms import EventKind, State
from chat.models import Agent, Conversation, Offer, PresenceLease
from chat.querysets import present_agents
from chat.services import ledger, routing, states
from chat.services.announcements import Notice, announce
from chat.services.attachments import forget_drafts
from chat.services.clock import database_now
from chat.services.identity import forget_used
from chat.services.ledger import SYSTEM, Head
from chat.services.retention import forget_overdue

AT_ONCE = 200
LIVE = (State.WAITING, State.OFFERED, State.ACTIVE)
Group = tuple[str, str]

# Since when nobody has been on duty for those who wait in a topic and language. Only the one process that has
# the ticker's duty looks; when another one takes over, the time begins anew.
_alone_since: dict[Group, datetime] = {}


def run_due(now: datetime | None = None, *, requeue: bool = True, idle: bool = True) -> bool:
    """Do everything that is due; False when there is no conversation with which anything could be.

    `requeue` is False while agents may be gone only because the server was: their desks are given time to come
    back. Without `idle` nobody looks for silent conversations, for which every conversation has to be read.
    `now` is the database's time by default. Each conversation is changed in a transaction of its own.
    """
    if not Conversation.objects.filter(state__in=LIVE).exists():
        _alone_since.clear()
        return False
    now = now or database_now()
    if Offer.objects.filter(outcome=Offer.Outcome.PENDING).exists():
        _expire_offers(now)
        _withdraw_from_absent(now)
    if requeue:
        _requeue_abandoned(now)
    _leave_without_anybody(now)
    if idle:
        _warn_idle(now)
        _close_idle(now)
    return True


def forget() -> None:
    """Forget since when nobody has been on duty (tests)."""
    _alone_since.clear()


def tidy() -> None:
    """Remove what nobody needs any more; once a minute is enough."""
    now = database_now()
    PresenceLease.objects.filter(expires_at__lt=now - settings.CHAT_TIMINGS.requeue_after).delete()
    forget_used(now)
    forget_drafts(now)
    forget_overdue(now)


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
    leases = PresenceLease.objects.filter(agent=OuterRef("pk"), expires_at__gt=since)
    theirs = Conversation.objects.filter(agent=OuterRef("pk"), state=State.ACTIVE)
    # From the few agents to their conversations; the other way round every conversation would be looked at.
    gone = list(Agent.objects.filter(~Exists(leases), Exists(theirs)).values_list("pk", flat=True))
    if not gone:
        return
    abandoned = Conversation.objects.filter(agent__in=gone, state=State.ACTIVE)

    def back(head: Head) -> None:
        states.requeue(head, now, reason="agent_gone")

    _each(abandoned, Due.AGENT_GONE, now, back)


def _leave_without_anybody(now: datetime) -> None:
    """Nobody is on duty for them: what waits becomes a left message, and somebody answers later."""
    since = now - settings.CHAT_TIMINGS.nobody_after
    waiting = Conversation.objects.filter(state=State.WAITING)

    def leave(head: Head) -> None:
        states.leave_as_message(head, now, reason="nobody_on_duty")

    for topic, language in _alone(waiting, now, since):
        # Who has just written or come back into the queue waits as long as everybody.
        _each(
            waiting.filter(topic=topic, language=language, queue_at__lte=since, changed_at__lte=since),
            Due.NOBODY_ON_DUTY,
            now,
            leave,
        )


def _alone(waiting: QuerySet[Conversation], now: datetime, since: datetime) -> list[Group]:
    """The topics and languages in which people wait and nobody has been on duty ever since `since`."""
    groups = set(waiting.order_by().values_list("topic", "language").distinct())
    agents = list(present_agents(now)) if groups else []
    alone = {group for group in groups if not _is_served(*group, agents)}
    for group in _alone_since.keys() - alone:
        del _alone_since[group]
    return [group for group in alone if _alone_since.setdefault(group, now) <= since]


def _warn_idle(now: datetime) -> None:
    """The visitor has said nothing for long: say that the conversation will end."""
    unwarned = Q(warned_at=None) | Q(warned_at__lt=F("agent_wrote_at"))
    idle = _unanswered(now - settings.CHAT_TIMINGS.idle_warning).filter(unwarned)

    def warn(head: Head) -> None:
        head.add(EventKind.STATE, SYSTEM, now, data={"state": State.ACTIVE, "reason": "idle_warning"})
        Conversation.objects.filter(pk=head.pk).update(warned_at=now)

    _each(idle, Due.IDLE_WARNING, now, warn)


def _close_idle(now: datetime) -> None:
    """Nobody is closed without having been warned, and having had the time to answer, even after a standstill."""
    times = settings.CHAT_TIMINGS
    warned = Q(
        warned_at__gte=F("agent_wrote_at"), warned_at__lte=now - (times.idle_close - times.idle_warning)
    )
    idle = _unanswered(now - times.idle_close).filter(warned)

    def close(head: Head) -> None:
        states.close(head, now, reason="idle")

    _each(idle, Due.IDLE_CLOSE, now, close)


def _unanswered(since: datetime) -> QuerySet[Conversation]:
    """Active conversations in which the agent spoke last, and before `since`."""
    answered = Q(visitor_wrote_at=None) | Q(visitor_wrote_at__lt=F("agent_wrote_at"))
    return Conversation.objects.filter(answered, state=State.ACTIVE, agent_wrote_at__lte=since)


def _is_served(topic: str, language: str, agents: Sequence[Agent]) -> bool:
    """Whether one of these agents answers such conversations."""
    return any(
        (not topic or not agent.topics or topic in agent.topics)
        and (not agent.languages or language in agent.languages)
        for agent in agents
    )


def _each(found: QuerySet[Conversation], what: Due, now: datetime, change: Callable[[Head], None]) -> None:
    """Change each conversation that was found, if under its lock it still is due by the rules of `core`."""
    for key in list(found.order_by("queue_at").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            head = ledger.lock([key]).get(key)
            if head is None or what not in due(_facts(head), now, settings.CHAT_TIMINGS):
                continue
            agent = head.agent_id
            change(head)
            ledger.write([head])
            agents = (agent,) if agent else ()
            announce(Notice(key, tuple(head.records), state=True, agents=agents, queue=True))


def _facts(head: Head) -> Facts:
    """What decides about a locked conversation."""
    row = Conversation.objects.get(pk=head.pk)
    leases = (
        PresenceLease.objects.filter(agent=head.agent_id) if head.agent_id else PresenceLease.objects.none()
    )
    return Facts(
        State(row.state),
        row.queue_at,
        row.changed_at,
        nobody_since=_alone_since.get((row.topic, row.language)),
        lease_expires=leases.aggregate(last=Max("expires_at"))["last"],
        agent_wrote_at=row.agent_wrote_at,
        visitor_wrote_at=row.visitor_wrote_at,
        warned_at=row.warned_at,
    )
