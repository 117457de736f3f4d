"""Digits in a folded text: where they stand, which belong together, and what stands around them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from .folding import Folded

# Digits, and stars of what was masked before, with at most three separators between groups.
_RUN = re.compile(r"[0-9*]+(?:[ \t\r\n\-./_·|,]{1,3}[0-9*]+)*")
_DIGITS = re.compile(r"[0-9]+")

# Letters in front of a number make it a reference (SF1390…, TP2026…), unless they say that it is a card.
_REFERENCE_PREFIX = re.compile(r"(?:^|[^A-Za-z])([A-Z]{1,4})$")
_NUMBER_WORDS = frozenset(("CARD", "VISA", "PAN", "NO", "NR", "NUM", "AMEX", "JCB", "ID", "TEL", "CALL", "ACCT", "CVV"))


@dataclass(frozen=True, slots=True)
class Group:
    """Digits that touch: `plain[start:end]`."""

    start: int
    end: int

    @property
    def size(self) -> int:
        """How many digits."""
        return self.end - self.start


@dataclass(frozen=True)
class Run:
    """Groups of digits with nothing but separators between them."""

    plain: str
    groups: tuple[Group, ...]

    @cached_property
    def digits(self) -> str:
        """All digits of the run, without separators."""
        return "".join(self.plain[group.start : group.end] for group in self.groups)

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Index in `digits` at which each group begins, and one more: the number of digits."""
        offsets = [0]
        for group in self.groups:
            offsets.append(offsets[-1] + group.size)
        return tuple(offsets)

    def windows(self, shortest: int, longest: int) -> Iterator[tuple[int, int]]:
        """Pairs (first, last) of groups that hold between `shortest` and `longest` digits together."""
        offsets = self.offsets
        for first in range(len(self.groups)):
            for last in range(first, len(self.groups)):
                size = offsets[last + 1] - offsets[first]
                if size > longest:
                    break
                if size >= shortest:
                    yield first, last

    def digits_of(self, first: int, last: int) -> str:
        """The digits of groups `first` to `last`, both included."""
        return self.digits[self.offsets[first] : self.offsets[last + 1]]

    def gap_before(self, index: int) -> str:
        """The separators between group `index` and the one before it; empty for the first."""
        if index == 0:
            return ""
        return self.plain[self.groups[index - 1].end : self.groups[index].start]

    def is_fraction(self, index: int) -> bool:
        """Whether the group is what follows a decimal point (0.4111111111111111)."""
        return self.gap_before(index) == "." and self.groups[index - 1].size <= 3


def runs(folded: Folded) -> list[Run]:
    """All runs of digits, but for numbers that carry a mask already (138****1234)."""
    found = []
    for match in _RUN.finditer(folded.plain):
        if "*" in match.group().strip("* \t\r\n-./_·|,"):
            continue
        groups = tuple(Group(*digits.span()) for digits in _DIGITS.finditer(folded.plain, *match.span()))
        if groups:
            found.append(Run(folded.plain, groups))
    return found


def is_reference(plain: str, start: int) -> bool:
    """Whether capital letters stand right before the number, as in tracking and order numbers."""
    if start == 0 or not plain[start - 1].isascii():
        return False
    match = _REFERENCE_PREFIX.search(plain[max(0, start - 8) : start])
    return match is not None and match.group(1) not in _NUMBER_WORDS


def hide_digits(stretch: str, *, first: int, last: int) -> str:
    """Star all digits (and a check letter X) of the stretch but the `first` and `last` ones; keep separators."""
    places = [index for index, character in enumerate(stretch) if character.isdigit() or character in "xX"]
    hidden = frozenset(places[first : len(places) - last])
    return "".join("*" if index in hidden else character for index, character in enumerate(stretch))
