"""One conversation as one client shows it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Event = dict[str, Any]
MOST_HELD = 64


@dataclass(slots=True)
class Stream:
    """The events in order; `rev` is the assignment under which an agent answers."""

    conversation: str
    events: list[Event] = field(default_factory=list)
    rev: int | None = None
    # The last number that the server knows has arrived.
    confirmed: int = 0
    # Since when something is known to be missing, by the machine's clock in seconds; None while nothing is.
    missing_since: float | None = None
    _held: dict[int, Event] = field(default_factory=dict)

    @property
    def last(self) -> int:
        """The last number shown."""
        return len(self.events)

    def take(self, event: Event, now: float) -> list[Event]:
        """Show what is next; keep what came early, drop what is known. Returns what is newly shown."""
        number = event["n"]
        if number <= self.last:
            return []
        if number > self.last + 1:
            self._hold(event, now)
            return []
        shown = [event]
        self.events.append(event)
        while (following := self._held.pop(self.last + 1, None)) is not None:
            self.events.append(following)
            shown.append(following)
        # There was progress: what is still missing gets its time anew.
        self.missing_since = now if self._held else None
        return shown

    def note_head(self, head: int, now: float) -> None:
        """The server has `head` events; remember since when some are missing here."""
        if head > self.last and self.missing_since is None:
            self.missing_since = now

    def forget(self) -> None:
        """Start anew: the numbers mean something else now."""
        self.events.clear()
        self._held.clear()
        self.confirmed = 0
        self.missing_since = None

    def _hold(self, event: Event, now: float) -> None:
        if len(self._held) < MOST_HELD:
            self._held[event["n"]] = event
        if self.missing_since is None:
            self.missing_since = now
