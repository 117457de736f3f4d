"""Texts that nobody has confirmed yet, in the order in which they were written. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.protocol_client.actions import Frame


@dataclass(slots=True)
class Outgoing:
    """A text on its way."""

    conversation: str
    mid: str
    text: str
    internal: bool = False
    rev: int | None = None
    is_in_flight: bool = False
    was_sent: bool = False
    not_before: float = 0.0
    sent_at: float = 0.0

    def frame(self, *, is_agent: bool) -> Frame:
        """The text as the wire has it."""
        frame: Frame = {"type": "send", "conversation": self.conversation, "mid": self.mid, "text": self.text}
        if is_agent:
            frame["visibility"] = "internal" if self.internal else "public"
            if self.rev is not None:
                frame["rev"] = self.rev
        return frame


class Outbox:
    """Keeps texts in order for each conversation; at most `window` of one are on their way at once.

    With a window of one, a text that is refused for the moment can't be overtaken by the next one.
    """

    def __init__(self, window: int) -> None:
        self._window = window
        self.resends = 0
        self._waiting: dict[str, Outgoing] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Outgoing]:
        return iter(list(self._waiting.values()))

    def add(self, outgoing: Outgoing) -> None:
        """Keep a text until somebody says what became of it."""
        self._waiting[outgoing.mid] = outgoing

    def get(self, mid: str | None) -> Outgoing | None:
        """The text with this mid, if it still waits."""
        return self._waiting.get(mid or "")

    def remove(self, mid: str | None) -> Outgoing | None:
        """Forget a text; it is settled."""
        return self._waiting.pop(mid or "", None)

    def due(self, now: float) -> Iterator[Outgoing]:
        """Texts whose turn it is, oldest first; each is marked as being on its way."""
        in_flight: dict[str, int] = {}
        blocked: set[str] = set()
        for one in self:
            count = in_flight.get(one.conversation, 0)
            if one.is_in_flight:
                in_flight[one.conversation] = count + 1
            elif one.conversation in blocked or one.not_before > now or count >= self._window:
                blocked.add(one.conversation)
            else:
                in_flight[one.conversation] = count + 1
                self.resends += one.was_sent
                one.is_in_flight = one.was_sent = True
                one.sent_at = now
                yield one

    def overdue(self, sent_before: float) -> list[Outgoing]:
        """Texts sent before that moment and not answered since; they are not on their way any more."""
        late = [one for one in self if one.is_in_flight and one.sent_at < sent_before]
        for one in late:
            one.is_in_flight = False
        return late

    def put_back(self, not_before: float = 0.0) -> list[Outgoing]:
        """Nothing is on its way any more; returns what was."""
        lost = [one for one in self if one.is_in_flight]
        for one in lost:
            one.is_in_flight, one.not_before = False, not_before
        return lost
