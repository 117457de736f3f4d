"""Payment card numbers and resident identity numbers."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import accumulate

from stdnum.cn import ric

from .findings import Hit
from .numbers import Run, hide_digits, is_reference

# Lengths that an issuer's prefix goes with. The last lines are Chinese debit cards older than the 62 range.
_ISSUERS: tuple[tuple[re.Pattern[str], frozenset[int]], ...] = tuple(
    (re.compile(prefix), frozenset(lengths))
    for prefix, lengths in (
        ("4", (13, 16, 18, 19)),
        ("5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", (16,)),
        ("3[47]", (15,)),
        ("62|81", (16, 17, 18, 19)),
        ("35[2-8]", (16, 17, 18, 19)),
        ("6011|64[4-9]|65", (16, 17, 18, 19)),
        ("30[0-5]|309|3[689]", (14, 16, 19)),
        ("50|5[6-8]|6[0378]", (16, 17, 18, 19)),
        ("220[0-4]|9792", (16,)),
        ("955[89]|6[09]|9[04]0|984|966", (16, 17, 18, 19)),
    )
)
_ORDER_WORDS = re.compile(r"(?:单号|编号|流水号?|序列号|运单|快递|订单|order|tracking|invoice|serial|reference|ref)[^0-9]{0,6}$")
_WEAK_PREFIX = re.compile(r"2|3[0689]|5[0678]|6[036789]|81|9")
_PROVINCES = frozenset(
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83".split()
)
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


class LuhnSums:
    """Running sums over a run's digits, so that any stretch of it is checked in constant time."""

    def __init__(self, digits: str) -> None:
        values = [ord(digit) - 48 for digit in digits]
        self._sums = tuple(
            (0, *accumulate(_DOUBLED[value] if index % 2 == parity else value for index, value in enumerate(values)))
            for parity in (0, 1)
        )

    def holds(self, start: int, end: int) -> bool:
        """Whether digits[start:end] pass the Luhn check (every second one from the right counts double)."""
        sums = self._sums[end % 2]
        return (sums[end] - sums[start]) % 10 == 0


def resident_ids(run: Run) -> list[Hit]:
    """Resident identity numbers: 17 digits and a check character, X included."""
    hits: list[Hit] = []
    for first, last in run.windows(17, 18):
        start, end = run.groups[first].start, run.groups[last].end
        number = run.digits_of(first, last)
        if len(number) == 17:
            end = _end_of_check_letter(run.plain, end)
            number += "X"
        if end and not any(hit.overlaps(start, end) for hit in hits) and _is_resident_id(number):
            hits.append(Hit("resident_id", start, end, hide_digits(run.plain[start:end], first=3, last=4)))
    return hits


def _end_of_check_letter(plain: str, end: int) -> int:
    """Offset after the X that ends the number (perhaps after a separator), or 0 without one."""
    match = re.compile(r"[ \-.]?[xX](?![A-Za-z0-9])").match(plain, end)
    return match.end() if match else 0


def _is_resident_id(number: str) -> bool:
    if number[:2] not in _PROVINCES or number[6:8] not in ("18", "19", "20"):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return ric.calc_check_digit(number) == number[-1]


def cards(run: Run, taken: list[Hit]) -> list[Hit]:
    """Card numbers in any grouping, outside of what is `taken`."""
    if len(run.digits) < 13:
        return []
    spans = list(_card_windows(run, taken))
    whole = (0, len(run.groups) - 1)
    if whole in spans:
        return [_card(run, *whole)]
    # A number written in one piece is the likelier card than one put together across spaces.
    solid = [span for span in spans if span[0] == span[1]]
    hits = [_card(run, *span) for span in solid]
    rest = [_card(run, *span) for span in spans if span[0] != span[1]]
    return hits + [hit for hit in rest if not any(card.overlaps(hit.start, hit.end) for card in hits)]


def _card(run: Run, first: int, last: int) -> Hit:
    start, end = run.groups[first].start, run.groups[last].end
    return Hit("card", start, end, hide_digits(run.plain[start:end], first=6, last=4))


def _card_windows(run: Run, taken: list[Hit]) -> Iterator[tuple[int, int]]:
    sums = LuhnSums(run.digits)
    for first, last in run.windows(13, 19):
        start, end = run.offsets[first], run.offsets[last + 1]
        if not sums.holds(start, end) or not _has_issuer(run.digits, start, end - start):
            continue
        place, stop = run.groups[first].start, run.groups[last].end
        if any(hit.overlaps(place, stop) for hit in taken) or _is_other_number(run, first, start):
            continue
        yield first, last


def _has_issuer(digits: str, start: int, size: int) -> bool:
    return any(size in lengths and prefix.match(digits, start) for prefix, lengths in _ISSUERS)


def _is_other_number(run: Run, first: int, start: int) -> bool:
    """Decimal fractions, references with letters, and rare prefixes right after a word for orders."""
    place = run.groups[first].start
    if run.is_fraction(first) or is_reference(run.plain, place):
        return True
    before = run.plain[max(0, place - 20) : place].lower()
    return bool(_WEAK_PREFIX.match(run.digits, start) and _ORDER_WORDS.search(before))
