"""The life of a conversation: where it may go, who may write, what falls due. Pure.

Every moment is by the one clock that all share, the database's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from chat.core.presence import Timings, has_gone
from chat.core.terms import AuthorKind, State

# From and to, with the reasons for which it happens. An agent who closes may name another one.
TRANSITIONS: dict[tuple[State, State], tuple[str, ...]] = {
    (State.WAITING, State.OFFERED): ("chosen",),
    (State.WAITING, State.ACTIVE): ("taken",),
    (State.WAITING, State.WAITING): ("transferred",),
    (State.WAITING, State.MESSAGE): ("visitor", "nobody_on_duty"),
    (State.WAITING, State.CLOSED): ("visitor", "solved"),
    (State.OFFERED, State.WAITING): ("declined", "missed", "withdrawn", "transferred"),
    (State.OFFERED, State.ACTIVE): ("accepted",),
    (State.OFFERED, State.MESSAGE): ("visitor",),
    (State.OFFERED, State.CLOSED): ("visitor", "solved"),
    (State.ACTIVE, State.WAITING): ("agent_gone", "transferred"),
    (State.ACTIVE, State.ACTIVE): ("taken_over",),
    (State.ACTIVE, State.CLOSED): ("visitor", "solved", "idle"),
    (State.MESSAGE, State.ACTIVE): ("taken",),
    (State.MESSAGE, State.WAITING): ("transferred",),
    (State.MESSAGE, State.CLOSED): ("visitor", "solved"),
    (State.CLOSED, State.WAITING): ("reopened",),
    (State.CLOSED, State.ACTIVE): ("reopened",),
}


class NotAllowed(Exception):
    """A conversation can't go from one state to the other."""

    def __init__(self, before: State, after: State) -> None:
        super().__init__(f"{before} → {after}")
        self.before, self.after = before, after


class Reaction(StrEnum):
    """What becomes of a visitor's text."""

    APPEND = "append"
    REOPEN = "reopen"
    REFUSE = "refuse"


class Due(StrEnum):
    """Something that happens to a conversation without anybody doing anything."""

    OFFER_EXPIRED = "offer_expired"
    AGENT_GONE = "agent_gone"
    NOBODY_ON_DUTY = "nobody_on_duty"
    MAY_LEAVE_MESSAGE = "may_leave_message"
    IDLE_WARNING = "idle_warning"
    IDLE_CLOSE = "idle_close"


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides about what is due.

    `nobody_since` is since when no agent on duty has served its topic and language, None while one does;
    `changed_at` is the last event; `lease_expires` is of the agent who answers.
    """

    state: State
    queue_at: datetime
    changed_at: datetime
    offer_expires: datetime | None = None
    nobody_since: datetime | None = None
    lease_expires: datetime | None = None
    agent_wrote_at: datetime | None = None
    visitor_wrote_at: datetime | None = None
    warned_at: datetime | None = None


def check(before: State, after: State) -> None:
    """Raise `NotAllowed` unless a conversation may go from one state to the other."""
    if (before, after) not in TRANSITIONS:
        raise NotAllowed(before, after)


def can_write(state: State, author: AuthorKind, *, is_assignee: bool = False) -> bool:
    """Whether an author's text, shown to the visitor, is added in this state.

    A left message waits for an answer from whoever has time. A visitor's text may reopen what is closed:
    that is for `on_visitor_message` to say.
    """
    if author != AuthorKind.AGENT:
        return state != State.CLOSED
    return state == State.MESSAGE or (state == State.ACTIVE and is_assignee)


def on_visitor_message(
    state: State, closed_at: datetime | None, now: datetime, reopen: timedelta = Timings.reopen
) -> Reaction:
    """What becomes of a visitor's text; what is closed reopens for as long as `reopen`."""
    if state != State.CLOSED:
        return Reaction.APPEND
    is_over = closed_at is not None and now - closed_at > reopen
    return Reaction.REFUSE if is_over else Reaction.REOPEN


def due(facts: Facts, now: datetime, timings: Timings) -> list[Due]:
    """What is due for one conversation now; nothing once it is closed or left as a message."""
    if facts.state == State.ACTIVE:
        return _due_while_active(facts, now, timings)
    if facts.state not in (State.WAITING, State.OFFERED):
        return []
    found = []
    if facts.state == State.OFFERED and _is_past(facts.offer_expires, now):
        found.append(Due.OFFER_EXPIRED)
    if facts.state == State.WAITING and _is_alone(facts, now - timings.nobody_after):
        found.append(Due.NOBODY_ON_DUTY)
    if facts.queue_at <= now - timings.leave_message_after:
        found.append(Due.MAY_LEAVE_MESSAGE)
    return found


def _due_while_active(facts: Facts, now: datetime, timings: Timings) -> list[Due]:
    if has_gone(facts.lease_expires, now, timings.requeue_after):
        # The visitor isn't to blame for the silence.
        return [Due.AGENT_GONE]
    said, answered, warned = facts.agent_wrote_at, facts.visitor_wrote_at, facts.warned_at
    if said is None or (answered is not None and answered >= said):
        return []
    if warned is None or warned < said:
        return [Due.IDLE_WARNING] if said <= now - timings.idle_warning else []
    # Nobody is closed without having had the time to answer the warning, even after a standstill.
    time_to_answer = timings.idle_close - timings.idle_warning
    is_over = said <= now - timings.idle_close and warned <= now - time_to_answer
    return [Due.IDLE_CLOSE] if is_over else []


def _is_alone(facts: Facts, since: datetime) -> bool:
    """Who has just written or come back into the queue waits as long as everybody."""
    return _is_past(facts.nobody_since, since) and max(facts.queue_at, facts.changed_at) <= since


def _is_past(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now
