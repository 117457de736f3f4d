"""Mobile numbers: mainland ones in any usual grouping, others only with a plus or 00 and a known country."""

import re
from collections.abc import Iterator

from .findings import Hit, Taken
from .numbers import Run, is_reference

_MOBILE = re.compile(r"((?:00|0)?86|)(1[3-9][0-9]{9})")
# How people cut eleven digits; others are rather an amount next to a date.
_GROUPINGS = frozenset(
    ((11,), (3, 4, 4), (3, 8), (7, 4), (4, 4, 3), (4, 3, 4), (3, 3, 5), (3, 5, 3), (5, 6), (6, 5), (1,) * 11)
)
_MONEY = re.compile(
    r"\s{0,2}(?:[.,][0-9]|[\u4e00-\u9fff]{0,2}(?:元|币|镑|铢|盾)|块|圆|万|亿|rmb|cny|usd|cnh|"
    r"hkd|%|分|积分|points)"
)

_ABROAD = re.compile(r"(?<![0-9A-Za-z+*])(\+|00)[ ]?([0-9](?:[ \-.()]{0,3}[0-9]){7,14})(?![ \-.,]?[0-9*])")
# How the rule begins, found faster.
_LEADING_ZEROS = re.compile(r"00(?<![0-9A-Za-z+*]00)")
# How many digits follow the country code -> country codes.
_BY_LENGTH = {
    8: "45 47 64 65 95 852 853 855",
    9: "27 31 32 33 34 39 41 46 48 56 60 61 62 64 66 82 84 94 95 254 351 353 358 380 420"
    " 855 856 886 966 971 972 998",
    10: "1 7 20 39 43 44 49 52 54 55 57 60 62 63 64 81 82 90 91 92 95 234 358 856 880 977",
    11: "43 49 54 55 62",
    12: "62",
}
_NATIONAL = {(code, size) for size, codes in _BY_LENGTH.items() for code in codes.split()}
# Freephone numbers are service lines, nobody's own.
_FREEPHONE = re.compile(r"1(?:800|833|844|855|866|877|888)|44(?:800|808)|65800|852800|61180")


def mobiles(run: Run, taken: Taken) -> list[Hit]:
    """Mainland mobile numbers of the run, with or without 86, outside of what is `taken`."""
    hits: list[Hit] = []
    for first, group in enumerate(run.groups):
        match = _MOBILE.match(run.digits, group.offset)
        last = run.last_group(first, match.end() - match.start()) if match else None
        if match is None or last is None or not _is_grouped_like_a_mobile(run, first, last, len(match[1])):
            continue
        start, end = run.span(first, last)
        if not (hits and hits[-1].overlaps(start, end)) and not _is_other(run, first, end, taken):
            hits.append(Hit("phone", start, end, f"{match[1]} {match[2][:3]}****{match[2][-4:]}".lstrip()))
    return hits


def _is_grouped_like_a_mobile(run: Run, first: int, last: int, code_size: int) -> bool:
    sizes = [group.size for group in run.groups[first : last + 1]]
    if code_size and sizes[0] == code_size:
        sizes = sizes[1:]
    elif code_size:
        sizes[0] -= code_size
    return tuple(sizes) in _GROUPINGS


def _is_other(run: Run, first: int, end: int, taken: Taken) -> bool:
    start = run.groups[first].start
    if taken.overlaps(start, end) or run.is_fraction(first):
        return True
    return is_reference(run.plain, start) or _is_money(run.plain, end)


def _is_money(plain: str, end: int) -> bool:
    return _MONEY.match(plain[end : end + 12].lower()) is not None


def abroad(plain: str) -> Iterator[Hit]:
    """Numbers written with + or 00 and a country code whose length is right for that country."""
    if "+" not in plain and not _LEADING_ZEROS.search(plain):
        return
    for match in _ABROAD.finditer(plain):
        written = match.group(2)
        # Without the plus only a number that is cut like a phone number is one; others are references.
        if match.group(1) == "00" and written.isdigit():
            continue
        digits = re.sub(r"[^0-9]", "", written.replace("(0)", ""))
        if _is_phone_abroad(digits) and not _is_money(plain, match.end()):
            shown = 4 if len(digits) > 10 else 2
            yield Hit("phone", match.start(2), match.end(2), f"{digits[:3]}****{digits[-shown:]}")


def _is_phone_abroad(digits: str) -> bool:
    if _FREEPHONE.match(digits):
        return False
    return any((digits[:size], len(digits) - size) in _NATIONAL for size in (1, 2, 3))
