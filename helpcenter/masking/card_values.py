"""Card verification values and expiry dates, after their words or beside a card's number."""

import re
from collections.abc import Iterator, Sequence

from .codes import DENIAL, LINK_BACK, LINK_BEFORE
from .context import has_label, has_unit, is_attached
from .findings import SHORT_HIDDEN, Hit, Taken

CVV_WORDS = re.compile(
    r"(?<![a-z])(?:cvv2?|cvc2?|cvn2?|csc)(?![a-z])|安全码|签名[条栏][^0-9*\n]{0,4}[三3后]?位?|"
    r"(?:背面|卡背|背后|后面|反面)[^0-9*\n]{0,6}[三四34后末][位个]|"
    r"security (?:code|number)|(?:three|four|3|4)[ -]digits? (?:code )?(?:on|at|from) the (?:back|front)"
)
# These may also be a code by text message, which is longer.
_ALSO_FOR_LOGIN = frozenset(("安全码", "security code", "security number"))
_EXPIRY_WORDS = re.compile(
    r"有效[期至]|到期|失效|expir[a-z]{0,6}|\bexp\b|valid (?:thru|until|to|through)|good thru"
)
_EXPIRY = re.compile(r"(?<![0-9*])(?:0?[1-9]|1[0-2])\s?/\s?(?:20)?[2-4][0-9](?![0-9])")
_EXPIRY_NAMED = re.compile(
    r"[^0-9*\n]{0,12}((?:20)?[2-4][0-9]\s?年\s?(?:0?[1-9]|1[0-2])\s?月?|(?:0?[1-9]|"
    r"1[0-2])\s?月\s?/?\s?(?:20)?[2-4][0-9]\s?年?|"
    r"(?:0?[1-9]|1[0-2])[ /\-.]{0,3}(?:20)?[2-4][0-9]|20[2-4][0-9][ /\-.]{1,3}(?:0?[1-9]|1[0-2]))(?![0-9])"
)
_VALUE = re.compile(
    r"(?<![0-9*.,/¥￥$€£#@])(?<![0-9*][ \-])(?:[0-9]{3,4}|"
    r"[0-9] [0-9] [0-9](?: [0-9])?)(?![0-9*/])(?![.:\-][0-9*])"
)
_VALUE_AT_CARD = re.compile(
    r"(?<![0-9*.,:¥￥$€£#@])(?:[0-9]{3,4}|[0-9] [0-9] [0-9](?: [0-9])?)(?![0-9*/])(?![.:\-][0-9*])"
)
_NEAR_CARD = 40


def verification_values(lower: str, cards: Sequence[Hit], taken: Taken) -> list[Hit]:
    """Three or four digits after a word for the CVV or near a card, and expiry dates near either.

    `taken` are all other numbers: the last group of a spaced card is no CVV.
    """
    hits = list(_named_values(lower))
    for card in cards:
        hits.extend(_values_near(lower, card, size=4 if lower.startswith(("34", "37"), card.start) else 3))
    anchors = [*cards, *hits]
    for anchor in anchors:
        hits.extend(_expiries_near(lower, anchor))
    return [hit for hit in hits if not taken.overlaps(hit.start, hit.end)]


def _named_values(lower: str) -> Iterator[Hit]:
    for word in CVV_WORDS.finditer(lower):
        match = _VALUE.search(lower, word.end(), word.end() + 24)
        if match and not _is_no_value(lower, word, match):
            yield Hit("cvv", *match.span(), SHORT_HIDDEN)
            continue
        before = lower[max(0, word.start() - 24) : word.start()]
        for earlier in _VALUE.finditer(before):
            if LINK_BACK.fullmatch(before, earlier.end()) and not has_label(before, earlier.start()):
                offset = word.start() - len(before)
                yield Hit("cvv", offset + earlier.start(), offset + earlier.end(), SHORT_HIDDEN)


def _is_no_value(lower: str, word: re.Match[str], match: re.Match[str]) -> bool:
    between = lower[word.end() : match.start()]
    if "*" in between or (word.group() in _ALSO_FOR_LOGIN and len(match.group()) != 3):
        return True
    if has_unit(lower, match.end()) or is_attached(lower, *match.span(), word.end()):
        return True
    if has_label(lower, match.start(), word.end()):
        return True
    return DENIAL.search(between) is not None and not LINK_BEFORE.search(between)


def _values_near(lower: str, card: Hit, *, size: int) -> Iterator[Hit]:
    for low, high in ((max(0, card.start - _NEAR_CARD), card.start), (card.end, card.end + _NEAR_CARD)):
        for match in _VALUE_AT_CARD.finditer(lower, low, high):
            digits = match.group().replace(" ", "")
            if len(digits) == size and not (has_unit(lower, match.end()) or has_label(lower, match.start())):
                yield Hit("cvv", *match.span(), SHORT_HIDDEN)


def _expiries_near(lower: str, anchor: Hit) -> Iterator[Hit]:
    low, high = max(0, anchor.start - _NEAR_CARD), min(len(lower), anchor.end + _NEAR_CARD)
    for match in _EXPIRY.finditer(lower, low, high):
        yield Hit("cvv", *match.span(), SHORT_HIDDEN)
    for word in _EXPIRY_WORDS.finditer(lower, low, high):
        if date := _EXPIRY_NAMED.match(lower, word.end()):
            yield Hit("cvv", *date.span(1), SHORT_HIDDEN)
