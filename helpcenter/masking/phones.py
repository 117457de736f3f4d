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
_MONEY = re.compile(r"\s{0,2}(?:[.,][0-9]|[\u4e00-\u9fff]{0,2}(?:元|币|镑|铢|盾)|块|圆|万|亿|rmb|cny|usd|cnh|hkd|%|分|积分|points)")

_ABROAD = re.compile(r"(?<![0-9A-Za-z+*])(\+|00)[ ]?([0-9](?:[ \-.()]{0,3}[0-9]){7,14})(?![ \-.,]?[0-9*])")
# Country code -> how many digits follow it. Freephone numbers are service lines, nobody's own.
_NATIONAL: dict[str, tuple[int, ...]] = {
    "1": (10,), "7": (10,), "20": (10,), "27": (9,), "31": (9,), "32": (9,), "33": (9,), "34": (9,), "39": (9, 10),
    "41": (9,), "43": (10, 11), "44": (10,), "45": (8,), "46": (9,), "47": (8,), "48": (9,), "49": (10, 11), "52": (10,),
    "54": (10, 11), "55": (10, 11), "56": (9,), "57": (10,), "60": (9, 10), "61": (9,), "62": (9, 10, 11, 12),
    "63": (10,), "64": (8, 9, 10), "65": (8,), "66": (9,), "81": (10,), "82": (9, 10), "84": (9,), "90": (10,),
    "91": (10,), "92": (10,), "94": (9,), "95": (8, 9, 10), "234": (10,), "254": (9,), "351": (9,), "353": (9,),
    "358": (9, 10), "380": (9,), "420": (9,), "852": (8,), "853": (8,), "855": (8, 9), "856": (9, 10), "880": (10,),
    "886": (9,), "966": (9,), "971": (9,), "972": (9,), "977": (10,), "998": (9,),
}  # fmt: skip
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
    return any(len(digits) - size in _NATIONAL.get(digits[:size], ()) for size in (1, 2, 3))
