"""How long things may take, by default. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


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
