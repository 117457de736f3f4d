"""Digits in a folded text: where they stand, which belong together, and what stands around them."""

import re
from typing import NamedTuple

from .folding import Folded

# Digits, and stars of what was masked before, with at most three separators between groups.
_RUN = re.compile(r"[0-9*]+(?:[ \t\r\n\-./_·|,]{1,3}[0-9*]+)*")
_DIGITS = re.compile(r"[0-9]+")
# A mobile number's digits, and the longest card's. More in one piece are none of what is looked for, as a
# number begins and ends with a group.
SHORTEST, LONGEST = 11, 19
_SEPARATORS_AND_STARS = "* \t\r\n-./_·|,"

# Letters in front of a number make it a reference (SF1390…, TP2026…), unless they say that it is a card.
_REFERENCE_PREFIX = re.compile(r"(?:^|[^A-Za-z])([A-Z]{1,4})$")
_NUMBER_WORDS = frozenset(
    ("CARD", "VISA", "PAN", "NO", "NR", "NUM", "AMEX", "JCB", "ID", "TEL", "CALL", "ACCT", "CVV")
)


class Group(NamedTuple):
    """Digits that touch: `plain[start:end]`; `offset` is the place of the first one in the run's `digits`."""

    start: int
    end: int
    offset: int

    @property
    def size(self) -> int:
        """How many digits."""
        return self.end - self.start


class Run:
    """Groups of digits with nothing but separators between them.

    `digits` are all of them without separators; a number starts with a group and ends with one.
    """

    def __init__(self, plain: str, spans: list[tuple[int, int]]) -> None:
        self.plain = plain
        self.digits = "".join([plain[start:end] for start, end in spans])
        self.groups: list[Group] = []
        self._ending_at: dict[int, int] = {}
        offset = 0
        for index, (start, end) in enumerate(spans):
            self.groups.append(Group(start, end, offset))
            offset += end - start
            self._ending_at[offset] = index

    def last_group(self, first: int, size: int) -> int | None:
        """Index of the group that `size` digits from group `first` on end with; None if inside one."""
        return self._ending_at.get(self.groups[first].offset + size)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Offsets in the folded text of groups `first` to `last`."""
        return self.groups[first].start, self.groups[last].end

    def gap_before(self, index: int) -> str:
        """The separators between group `index` and the one before it; empty for the first."""
        if index == 0:
            return ""
        return self.plain[self.groups[index - 1].end : self.groups[index].start]

    def is_fraction(self, index: int) -> bool:
        """Whether the group is what follows a decimal point (0.4111111111111111)."""
        return self.gap_before(index) == "." and self.groups[index - 1].size <= 3


def runs(folded: Folded) -> tuple[list[Run], list[tuple[int, int]]]:
    """Runs long enough for a phone's number, and where numbers carry a mask already (138****1234)."""
    found: list[Run] = []
    masked: list[tuple[int, int]] = []
    for match in _RUN.finditer(folded.plain):
        written = match.group()
        if "*" in written and "*" in written.strip(_SEPARATORS_AND_STARS):
            masked.append(match.span())
        elif len(written) >= SHORTEST and not (len(written) > LONGEST and written.isdigit()):
            found.append(
                Run(folded.plain, [digits.span() for digits in _DIGITS.finditer(folded.plain, *match.span())])
            )
    return found, masked


def is_reference(plain: str, start: int) -> bool:
    """Whether capital letters stand right before the number, as in tracking and order numbers."""
    if start == 0 or not plain[start - 1].isascii():
        return False
    match = _REFERENCE_PREFIX.search(plain[max(0, start - 8) : start])
    return match is not None and match.group(1) not in _NUMBER_WORDS


def hide_digits(stretch: str, *, first: int, last: int) -> str:
    """Star all digits (and a check letter X) but the `first` and `last` ones; keep separators."""
    places = [index for index, character in enumerate(stretch) if character.isdigit() or character in "xX"]
    hidden = frozenset(places[first : len(places) - last])
    return "".join("*" if index in hidden else character for index, character in enumerate(stretch))
