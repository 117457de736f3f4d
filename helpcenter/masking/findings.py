"""What was found in a text, and how overlapping finds become one."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["private_key", "seed", "resident_id", "card", "password", "code", "cvv", "phone"]

# Where finds overlap the first of these names the whole.
PRIORITY: tuple[Kind, ...] = (
    "private_key",
    "seed",
    "resident_id",
    "card",
    "password",
    "code",
    "cvv",
    "phone",
)

# One fixed mark tells no language and not how long the secret was.
HIDDEN = "******"
SHORT_HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Finding:
    """A sensitive stretch of the original text: `text[start:end]`, in characters."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Masked:
    """A text fit for storing, and what was hidden in it (offsets of the text as it was typed)."""

    text: str
    found: tuple[Finding, ...] = ()

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds that were hidden, for telling the writer why."""
        return frozenset(finding.kind for finding in self.found)


@dataclass(frozen=True, slots=True)
class Hit:
    """A find in the folded text with the characters that replace it."""

    kind: Kind
    start: int
    end: int
    mask: str = HIDDEN

    def overlaps(self, start: int, end: int) -> bool:
        """Whether this find shares a character with the stretch."""
        return self.start < end and start < self.end


class Taken:
    """Stretches that are spoken for already; asking costs the logarithm of their number."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
                continue
            self._starts.append(start)
            self._ends.append(end)

    def overlaps(self, start: int, end: int) -> bool:
        """Whether one of them shares a character with the stretch."""
        place = bisect_left(self._starts, end)
        return place > 0 and self._ends[place - 1] > start


def merged(hits: Iterable[Hit]) -> list[Hit]:
    """Join overlapping finds: a join hides everything, as no half of it may show a digit of the other."""
    ordered = sorted(hits, key=lambda hit: (hit.start, -hit.end, PRIORITY.index(hit.kind)))
    joined: list[Hit] = []
    for hit in ordered:
        if joined and joined[-1].overlaps(hit.start, hit.end):
            joined[-1] = _join(joined[-1], hit)
        else:
            joined.append(hit)
    return joined


def _join(first: Hit, second: Hit) -> Hit:
    stronger = min(first, second, key=lambda hit: PRIORITY.index(hit.kind))
    start, end = first.start, max(first.end, second.end)
    if (stronger.start, stronger.end) == (start, end) and HIDDEN not in (first.mask, second.mask):
        return stronger
    return Hit(stronger.kind, start, end)
