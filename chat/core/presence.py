"""Who is there, and how long things may take by default. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from chat.core.terms import Status

# Who lets so many offers in a row run out isn't looking.
MISSES_TO_AWAY = 2


@dataclass(frozen=True)
class Timings:
    """The times of routing, presence and the life of a conversation; each is a setting."""

    beat: timedelta = timedelta(seconds=20)
    lease: timedelta = timedelta(seconds=45)
    offer: timedelta = timedelta(seconds=30)
    requeue_after: timedelta = timedelta(seconds=30)
    leave_message_after: timedelta = timedelta(seconds=180)
    nobody_after: timedelta = timedelta(seconds=60)
    idle_warning: timedelta = timedelta(minutes=10)
    idle_close: timedelta = timedelta(minutes=20)
    reopen: timedelta = timedelta(hours=24)
    unread_mail: timedelta = timedelta(minutes=3)


def is_present(status: Status, lease_expires: datetime | None, now: datetime) -> bool:
    """Whether an agent gets offers: they chose to be online, and a lease of theirs is alive."""
    return status == Status.ONLINE and lease_expires is not None and lease_expires > now


def has_gone(lease_expires: datetime | None, now: datetime, requeue_after: timedelta) -> bool:
    """Whether an agent, whatever they chose, has been away from every desk too long to keep conversations."""
    return lease_expires is None or lease_expires <= now - requeue_after


def next_misses(misses: int) -> tuple[int, bool]:
    """After one more offer has run out: the new count, and whether the agent is set away (counting anew)."""
    goes_away = misses + 1 >= MISSES_TO_AWAY
    return (0 if goes_away else misses + 1), goes_away
