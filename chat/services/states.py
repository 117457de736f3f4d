"""Changing where a conversation is, under its lock, with the event that tells so."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chat.core.lifecycle import check
from chat.core.terms import EventKind, State
from chat.models import Assignment, Conversation, Offer
from chat.services.ledger import SYSTEM, Author, Head


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
    _end_assignment(head, now, reason)
    head.closed_at = now
    change(head, State.CLOSED, now, reason=reason, author=author, closed_at=now, close_reason=reason)


def leave_as_message(head: Head, now: datetime, *, reason: str) -> None:
    """Keep a conversation for whoever has time later."""
    change(head, State.MESSAGE, now, reason=reason, **_without_agent(head, now, reason))


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
    _end_assignment(head, now, reason)
    head.agent_id = None
    head.assign_rev += 1
    return {"agent": None, "assign_rev": head.assign_rev}


def _end_assignment(head: Head, now: datetime, reason: str) -> None:
    Assignment.objects.filter(conversation=head.pk, ended_at=None).update(
        ended_at=now, end_reason=reason[:40]
    )
