"""Payment card numbers and resident identity numbers."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import accumulate

from stdnum.cn import ric

from .findings import Hit, Taken
from .numbers import Run, hide_digits, is_reference

# First four digits (from, to) and the lengths of such numbers. The last rows are Chinese debit cards older
# than the 62 range.
_ISSUERS: tuple[tuple[int, int, tuple[int, ...]], ...] = (
    (2200, 2204, (16,)),
    (2221, 2720, (16,)),
    (3000, 3059, (14, 16, 19)),
    (3090, 3099, (14, 16, 19)),
    (3400, 3499, (15,)),
    (3528, 3589, (16, 17, 18, 19)),
    (3600, 3699, (14, 16, 19)),
    (3700, 3799, (15,)),
    (3800, 3999, (14, 16, 19)),
    (4000, 4999, (13, 16, 18, 19)),
    (5000, 5099, (16, 17, 18, 19)),
    (5100, 5599, (16,)),
    (5600, 5899, (16, 17, 18, 19)),
    (6000, 6099, (16, 17, 18, 19)),
    (6200, 6399, (16, 17, 18, 19)),
    (6440, 6599, (16, 17, 18, 19)),
    (6700, 6999, (16, 17, 18, 19)),
    (8100, 8199, (16, 17, 18, 19)),
    (9000, 9009, (16, 17, 18, 19)),
    (9400, 9409, (16, 17, 18, 19)),
    (9558, 9559, (16, 17, 18, 19)),
    (9660, 9669, (16, 17, 18, 19)),
    (9792, 9792, (16,)),
    (9840, 9849, (16, 17, 18, 19)),
)
_LENGTHS = {str(prefix): lengths for low, high, lengths in _ISSUERS for prefix in range(low, high + 1)}
_SHORTEST = 13

# A rare prefix is an order's number when a word says so; one number in ten passes the Luhn check by chance.
_RARE_PREFIXES = ("2", "30", "36", "38", "39", "50", "56", "57", "58", "60", "63", "67", "68", "69", "9")
_ORDER_WORDS = re.compile(
    r"(?:单号|编号|流水号?|序列号|运单|快递|订单|order|tracking|invoice|serial|reference|ref)[^0-9]{0,6}$"
)
_PROVINCE_CODES = """
11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81
82 83
"""
_PROVINCES = frozenset(_PROVINCE_CODES.split())
_CENTURIES = ("18", "19", "20")
_CHECK_LETTER = re.compile(r"[ \-.]{0,3}[xX](?![A-Za-z0-9])")
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


class LuhnSums:
    """Running sums over a run's digits, so that any stretch of it is checked in constant time."""

    def __init__(self, digits: str) -> None:
        values = [ord(digit) - 48 for digit in digits]
        self._sums = tuple(
            (
                0,
                *accumulate(
                    _DOUBLED[value] if index % 2 == parity else value for index, value in enumerate(values)
                ),
            )
            for parity in (0, 1)
        )

    def holds(self, start: int, end: int) -> bool:
        """Whether digits[start:end] pass the Luhn check (every second one from the right counts double)."""
        sums = self._sums[end % 2]
        return (sums[end] - sums[start]) % 10 == 0


def resident_ids(run: Run) -> list[Hit]:
    """Resident identity numbers: 17 digits and a check character, X included."""
    hits: list[Hit] = []
    for first, group in enumerate(run.groups):
        province, century = (run.digits[group.offset + place : group.offset + place + 2] for place in (0, 6))
        if province not in _PROVINCES or century not in _CENTURIES:
            continue
        end = _end_of_resident_id(run, first)
        if end and not (hits and hits[-1].overlaps(group.start, end)):
            hits.append(
                Hit(
                    "resident_id",
                    group.start,
                    end,
                    hide_digits(run.plain[group.start : end], first=3, last=4),
                )
            )
    return hits


def _end_of_resident_id(run: Run, first: int) -> int:
    """Offset in the text after the identity number that starts with group `first`, or 0."""
    offset = run.groups[first].offset
    last = run.last_group(first, 18)
    if last is not None and _is_resident_id(run.digits[offset : offset + 18]):
        return run.groups[last].end
    last = run.last_group(first, 17)
    if last is None or not _is_resident_id(run.digits[offset : offset + 17] + "X"):
        return 0
    letter = _CHECK_LETTER.match(run.plain, run.groups[last].end)
    return letter.end() if letter else 0


def _is_resident_id(number: str) -> bool:
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return ric.calc_check_digit(number) == number[-1]


def cards(run: Run, identities: Sequence[Hit]) -> list[Hit]:
    """Card numbers in any grouping, outside of the identity numbers."""
    if len(run.digits) < _SHORTEST:
        return []
    spans = list(_card_spans(run))
    if not spans:
        return []
    taken = Taken((hit.start, hit.end) for hit in identities)
    spans = [span for span in spans if not taken.overlaps(*run.span(*span))]
    whole = (0, len(run.groups) - 1)
    if whole in spans:
        return [_card(run, *whole)]
    # A number written in one piece is the likelier card than one put together across spaces.
    solid = [_card(run, first, last) for first, last in spans if first == last]
    taken = Taken((hit.start, hit.end) for hit in solid)
    cut = [_card(run, first, last) for first, last in spans if first != last]
    return solid + [hit for hit in cut if not taken.overlaps(hit.start, hit.end)]


def _card(run: Run, first: int, last: int) -> Hit:
    start, end = run.span(first, last)
    return Hit("card", start, end, hide_digits(run.plain[start:end], first=6, last=4))


def _card_spans(run: Run) -> Iterator[tuple[int, int]]:
    """First and last group of everything with an issuer's prefix and length that passes the Luhn check."""
    spans = [
        (first, last, size)
        for first, group in enumerate(run.groups)
        for size in _LENGTHS.get(run.digits[group.offset : group.offset + 4], ())
        if (last := run.last_group(first, size)) is not None
    ]
    if not spans:
        return
    sums = LuhnSums(run.digits)
    for first, last, size in spans:
        start = run.groups[first].offset
        if sums.holds(start, start + size) and not _is_other_number(run, first):
            yield first, last


def _is_other_number(run: Run, first: int) -> bool:
    """Decimal fractions, references with letters, and rare prefixes right after a word for orders."""
    group = run.groups[first]
    if run.is_fraction(first) or is_reference(run.plain, group.start):
        return True
    before = run.plain[max(0, group.start - 20) : group.start].lower()
    return run.digits.startswith(_RARE_PREFIXES, group.offset) and _ORDER_WORDS.search(before) is not None
