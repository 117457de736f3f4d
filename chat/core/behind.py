"""The order of a person's texts when some of them could not be written. Pure.

What they sent later waits until what failed is sent again, so their texts keep their order although the database
came back between them.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

# A text that nobody sends again holds up its author no longer than this.
BEHIND_SECONDS = 30.0
MOST_OWED = 100


class Text(NamedTuple):
    """A text by who wrote it where, and by its number; one without a number can't be sent again."""

    author: Hashable
    mid: str | None


@dataclass(slots=True)
class Owed:
    """Texts of one author that were refused, oldest first, and until when, in seconds, we wait for them.

    `turned_away` are later ones that came since the oldest was last tried.
    """

    mids: list[str] = field(default_factory=list)
    until: float = 0.0
    turned_away: set[str] = field(default_factory=set)


class Behind:
    """Authors some of whose texts could not be written. Used by one thread."""

    def __init__(self) -> None:
        self._owed: dict[Hashable, Owed] = {}

    def __bool__(self) -> bool:
        return bool(self._owed)

    def admit(self, texts: Sequence[Text], now: float) -> list[bool]:
        """Which of these may be written now: what is owed, in its order, and after that anything.

        Whoever sends a later text a second time without what they owe has it, or has given it up.
        """
        turn: dict[Hashable, int] = {}
        return [self._may(text, turn, now) for text in texts]

    def _may(self, text: Text, turn: dict[Hashable, int], now: float) -> bool:
        owed = self._owed.get(text.author)
        if owed is None or owed.until <= now:
            self._owed.pop(text.author, None)
            return True
        at = turn.get(text.author, 0)
        is_next = at >= len(owed.mids) or text.mid == owed.mids[at]
        if not is_next:
            if text.mid is None or text.mid not in owed.turned_away:
                owed.turned_away.update({text.mid} if text.mid else ())
                return False
            found = owed.mids.index(text.mid, at) if text.mid in owed.mids[at:] else len(owed.mids)
            del owed.mids[at:found]
        owed.turned_away.clear()
        turn[text.author] = at + 1
        return True

    def note(
        self, texts: Sequence[Text], admitted: Sequence[bool], failed: Sequence[bool], now: float
    ) -> None:
        """Remember what could not be written, and that what was owed has been."""
        for text, was_tried, has_failed in zip(texts, admitted, failed, strict=True):
            owed = self._owed.get(text.author)
            if has_failed and text.mid:
                owed = owed or self._owed.setdefault(text.author, Owed())
                if was_tried:
                    owed.until = now + BEHIND_SECONDS
                if text.mid not in owed.mids and len(owed.mids) < MOST_OWED:
                    owed.mids.append(text.mid)
            elif owed is not None and not has_failed:
                if text.mid in owed.mids:
                    owed.mids.remove(text.mid)
                if not owed.mids:
                    del self._owed[text.author]
