"""Changing where a conversation is, under its lock, with the event that tells so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F

from chat.core.lifecycle import check
from chat.core.terms import EventKind, Nack, State
from chat.models import Agent, Assignment, Conversation, Offer
from chat.services.ledger import SYSTEM, Author, Head
from chat.services.refusal import Refused

# Reasons that agents give for themselves; customers hear of the end only.
INTERNAL = ("no_answer", "duplicate", "spam", "other")
ENDED = "ended"


def requeue(
    head: Head, now: datetime, *, reason: str, queue_at: datetime | None = None, **values: Any
) -> None:
    """Put a conversation back into the queue, at its old place unless `queue_at` says otherwise."""
    values |= _without_agent(head, now, reason)
    if queue_at is not None:
        values["queue_at"] = queue_at
    change(head, State.WAITING, now, reason=reason, closed_at=None, **values)


def close(head: Head, now: datetime, *, reason: str, author: Author = SYSTEM) -> None:
    """End a conversation; its last agent stays on record."""
    end_assignment(head, now, reason)
    head.closed_at = now
    shown = ENDED if reason in INTERNAL else reason
    change(head, State.CLOSED, now, reason=shown, author=author, closed_at=now, close_reason=reason)


def leave_as_message(head: Head, now: datetime, *, reason: str) -> None:
    """Keep a conversation for whoever has time later."""
    change(head, State.MESSAGE, now, reason=reason, **_without_agent(head, now, reason))


def assign(head: Head, taker: Agent, now: datetime, *, reopens: bool = False) -> int:
    """Make a locked agent the one who answers, with the events that tell so; the new assignment's number.

    Raises `Refused` (`TAKEN`) when the row is not as the lock found it.
    """
    check(State(head.state), State.ACTIVE)
    values = {"closed_at": None, "close_reason": ""} if reopens else {}
    changed = Conversation.objects.filter(pk=head.pk, state=head.state, assign_rev=head.assign_rev).update(
        state=State.ACTIVE,
        agent=taker,
        assign_rev=F("assign_rev") + 1,
        wanted_agent=None,
        # How long the visitor has been silent counts from what this agent says.
        agent_wrote_at=None,
        warned_at=None,
        hops=0,
        **values,
    )
    if changed != 1:
        raise Refused(Nack.TAKEN)
    end_assignment(head, now, "taken_over")
    head.state, head.agent_id, head.assign_rev = State.ACTIVE, taker.pk, head.assign_rev + 1
    Assignment.objects.create(conversation_id=head.pk, agent=taker, started_at=now)
    if reopens:
        head.closed_at = None
        data = {"state": State.ACTIVE, "reason": "reopened", "rev": head.assign_rev}
        head.add(EventKind.STATE, SYSTEM, now, data=data)
    shown = {"name": taker.name, "verify_code": taker.verify_code}
    head.add(EventKind.ASSIGNED, SYSTEM, now, data={"agent": shown, "rev": head.assign_rev})
    return head.assign_rev


def holder(head: Head) -> int | None:
    """Whose desk shows it as theirs: who answers, or to whom it is offered."""
    if head.state != State.OFFERED:
        return head.agent_id
    pending = Offer.objects.filter(conversation=head.pk, outcome=Offer.Outcome.PENDING)
    return pending.values_list("agent", flat=True).first()


def end_assignment(head: Head, now: datetime, reason: str) -> None:
    """Whoever answered does so no more; nothing when nobody did."""
    Assignment.objects.filter(conversation=head.pk, ended_at=None).update(
        ended_at=now, end_reason=reason[:40]
    )


def change(
    head: Head,
    state: State,
    now: datetime,
    *,
    reason: str,
    author: Author = SYSTEM,
    public: bool = True,
    **values: Any,
) -> None:
    """Set the state with further columns, and add the event; the caller writes the head."""
    check(State(head.state), state)
    if head.state == State.OFFERED and state != State.OFFERED:
        Offer.objects.filter(conversation=head.pk, outcome=Offer.Outcome.PENDING).update(
            outcome=Offer.Outcome.WITHDRAWN
        )
    head.state = state
    Conversation.objects.filter(pk=head.pk).update(state=state, **values)
    head.add(
        EventKind.STATE,
        author,
        now,
        public=public,
        data={"state": state, "reason": reason, "rev": head.assign_rev},
    )


def _without_agent(head: Head, now: datetime, reason: str) -> dict[str, Any]:
    """End the assignment, if there is one; the columns that say so."""
    if head.agent_id is None:
        return {}
    end_assignment(head, now, reason)
    head.agent_id = None
    head.assign_rev += 1
    return {"agent": None, "assign_rev": head.assign_rev}
