"""One-time codes, card verification values and expiry dates."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from .context import has_label, has_unit, is_attached, is_well_known
from .findings import SHORT_HIDDEN, Hit, Taken
from .folding import Folded

_C = r"[码碼]"
_OTHER_CODES = """
error promo coupon discount zip postal post area country status qr bar source response invite
invitation referral swift branch product gift sort reference tracking result exit http bank merchant
voucher currency city booking ticket pin colour color dress python
"""
_NO_OTHER_CODE = "".join(f"(?<!{word} )" for word in _OTHER_CODES.split())
CODE_WORDS = re.compile(
    rf"[验驗]\s?[证證]\s?{_C}|[校检]\s?[验驗]\s?{_C}|[动動]\s?[态態]\s?(?:{_C}|密{_C}|口令)|"
    rf"短\s?信\s?(?:{_C}|密{_C}|口令)|"
    rf"[确確][认認]{_C}|认证{_C}|授权{_C}|登[录陆]{_C}|安全{_C}|一次性(?:密{_C}|口令|{_C})|令牌{_C}?|"
    r"\b(?:one[- ]?time (?:password|passcode|code|pin)|verification (?:code|number|pin)|(?:2fa|"
    r"mfa|otp|totp)(?: ?codes?)?|"
    r"(?:v|verify ?|auth ?|sms ?|text )codes?(?![a-z])|"
    rf"{_NO_OTHER_CODE}codes?(?![a-z]))"
)
CVV_WORDS = re.compile(
    r"(?<![a-z])(?:cvv2?|cvc2?|cvn2?|csc)(?![a-z])|安全码|签名[条栏][^0-9*\n]{0,4}[三3后]?位?|"
    r"(?:背面|卡背|背后|后面|反面)[^0-9*\n]{0,6}[三四34后末][位个]|"
    r"security (?:code|number)|(?:three|four|3|4)[ -]digits? (?:code )?(?:on|at|from) the (?:back|front)"
)
# These may also be a code by text message, which is longer.
_ALSO_FOR_LOGIN = frozenset(("安全码", "security code", "security number"))
# Digits as they are typed for a code: in one piece or cut evenly, all with the same separator.
_NUMBER = re.compile(
    r"(?<![0-9*])(?<![0-9][ \-])(?:[0-9]{4,8}|[0-9]{3}([ \-])[0-9]{3}|[0-9]{4}([ \-])[0-9]{4}|"
    r"[0-9]{2}(?:([ \-])[0-9]{2}(?:\3[0-9]{2}){0,2})|"
    r"[0-9](?:([ \-.,])[0-9](?:\4[0-9]){2,6}))(?![0-9*])(?![ \-][0-9*])|"
    r"(?<![0-9*])(?<![0-9]-)[0-9]{4,8}(?![0-9*])(?!-[0-9])"
)
_CHINESE_NUMBER = re.compile(
    r"[^0-9a-z*\n。!?]{0,6}[是为:]\s{0,2}([零〇一二三四五六七八九幺两]{4,8})(?![零〇一二三四五六七八九幺两十百千万])"
)
_MIXED_CODE = re.compile(
    r"[^0-9A-Za-z*\n]{0,6}(?:[是为:=]|"
    r"[iI][sS]\b)[\s\"'“「【\[(]{0,3}((?=[A-Z]*-?[0-9])(?:[A-Z]-)?[A-Z0-9]{4,8})(?![A-Za-z0-9\-*])|"
    r"\s{0,2}((?=[0-9]*[A-Z][0-9]*[A-Z])(?=[A-Z]*[0-9][A-Z]*[0-9])[A-Z0-9]{5,8})(?![A-Za-z0-9\-*])"
)
_REACH = 30

# Between the words and the number: a bare link, or one right before the number.
_BARE_LINK = re.compile(
    r"[\s:=\-\"'“”「『【\[(<,#>*]{0,4}(?:是|为|is|was|number|no\.?|发你|给你)?[\s:=\-\"'“”「『【\[(<*]{0,4}"
)
_LINK_BEFORE = re.compile(r"(?:是|为|:|=|\bis\b|\bit's\b|\bwas\b)[\s\"'“「【\[(*]{0,3}$")
_DENIAL = re.compile(
    r"没|未|无法|不到|不了|不来|不对|不能|收不|错|失败|过期|超时|\bno\b|\bnot\b|n't\b|never|"
    r"without|wrong|expire|fail|invalid|missing|wait"
)
_LINK_BACK = re.compile(
    r"[^0-9a-z*\n\u4e00-\u9fff]{0,4}(?:(?:这个?|那个?|就|才|而?是|为|作为|我|你|您|的|收到的?|"
    r"刚|发来的?|登[录陆]|支付|手机|短信|转账|付款|topay|"
    r"is|was|as|the|my|your|our|a|an|this|that|login|sms|text|topay|payment|"
    r"for)[^0-9a-z*\n\u4e00-\u9fff]{0,3}){0,7}|"
    r" (?:is|was|as) (?:my|your|our|the|a)(?: [a-z]{1,12}){0,2} "
)
# Possessive, so that a long text of such words is read once.
_ONLY_FILLER = re.compile(
    r"(?:[\W_]|验证码|在这|如下|客服|收到|谢谢|请看|就是|这个|那个|[是的这那给你您好了码哈哦吧呢啊喏]|"
    r"thanks|thank|please|okay|it's|code|here|this|its|the|yes|got|you|one|it|is|my|go|ok|hi|s)*+"
)
_NOT_A_CODE = re.compile(r"[¥￥$€£%°]")
_LONGEST_LONE_TEXT = 40

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


def code_words(folded: Folded) -> list[tuple[int, int]]:
    """Where the text speaks of a one-time code."""
    return [match.span() for match in CODE_WORDS.finditer(folded.lower)]


def codes(folded: Folded, words: Sequence[tuple[int, int]], taken: Taken) -> Iterator[Hit]:
    """Numbers of 4 to 8 digits that belong to one of the `words` for a one-time code, before or after it."""
    lower = folded.lower
    if not words:
        return
    ends = [end for _, end in words]
    for match in _NUMBER.finditer(lower):
        start, end = match.span()
        if taken.overlaps(start, end):
            continue
        place = bisect_right(ends, start)
        left = ends[place - 1] if place else None
        right = words[place][0] if place < len(words) else None
        if _follows(lower, left, start, end) or _precedes(lower, start, end, right):
            yield Hit("code", start, end)
    for _, end in words:
        for pattern in (_CHINESE_NUMBER, _MIXED_CODE):
            found = pattern.match(folded.plain, end)
            if found and not taken.overlaps(*found.span(found.lastindex or 0)):
                yield Hit("code", *found.span(found.lastindex or 0))


def _follows(lower: str, word_end: int | None, start: int, end: int) -> bool:
    """Whether the number is the code that the word before it speaks of."""
    if word_end is None or start - word_end > _REACH:
        return False
    between = lower[word_end:start]
    if has_unit(lower, end):
        return False
    if _BARE_LINK.fullmatch(between):
        return not _is_part(lower, start, end, between)
    if "*" in between or is_attached(lower, start, end):
        return False
    if _LINK_BEFORE.search(between):
        return not has_label(lower, start, word_end)
    digits = re.sub(r"[^0-9]", "", lower[start:end])
    return not (has_label(lower, start, word_end) or is_well_known(digits) or _DENIAL.search(between))


def _is_part(lower: str, start: int, end: int, between: str) -> bool:
    """A number right behind the word may be a time or an amount, and a bare date without a link is no code."""
    if re.match(r"[.:/\-][0-9]|[a-z_@]", lower[end : end + 2]) or re.search(r"[¥￥$€£]", between):
        return True
    linked = re.search(r"[a-z:=#\-是为你]", between) is not None
    return not linked and is_well_known(lower[start:end]) and len(lower[start:end]) != 6


def _precedes(lower: str, start: int, end: int, word_start: int | None) -> bool:
    """Whether the number comes first and the word says what it was ("482913 is my code")."""
    if word_start is None or word_start - end > _REACH or not _LINK_BACK.fullmatch(lower, end, word_start):
        return False
    digits = re.sub(r"[^0-9]", "", lower[start:end])
    if is_attached(lower, start, end) or has_label(lower, start) or has_unit(lower, end):
        return False
    return not is_well_known(digits) or "是" in lower[end:word_start] or " is " in lower[end:word_start]


def lone_code(folded: Folded) -> Iterator[Hit]:
    """A number of 4 to 8 digits that is all the text says; for texts that follow a word for a code."""
    numbers = list(_NUMBER.finditer(folded.lower))
    if len(numbers) != 1:
        return
    start, end = numbers[0].span()
    rest = folded.lower[:start] + " " + folded.lower[end:]
    if len(rest) > _LONGEST_LONE_TEXT or "*" in rest or _NOT_A_CODE.search(rest):
        return
    if _ONLY_FILLER.fullmatch(rest):
        yield Hit("code", start, end)


def verification_values(folded: Folded, cards: Sequence[Hit], taken: Taken) -> list[Hit]:
    """Three or four digits after a word for the CVV or near a card, and expiry dates near either.

    `taken` are all other numbers: the last group of a spaced card is no CVV.
    """
    lower = folded.lower
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
        for match in _VALUE.finditer(before):
            if _LINK_BACK.fullmatch(before, match.end()) and not has_label(before, match.start()):
                offset = word.start() - len(before)
                yield Hit("cvv", offset + match.start(), offset + match.end(), SHORT_HIDDEN)


def _is_no_value(lower: str, word: re.Match[str], match: re.Match[str]) -> bool:
    between = lower[word.end() : match.start()]
    if (
        "*" in between
        or "\n\n" in between
        or has_unit(lower, match.end())
        or is_attached(lower, *match.span(), word.end())
    ):
        return True
    if word.group() in _ALSO_FOR_LOGIN and len(match.group()) != 3:
        return True
    return has_label(lower, match.start(), word.end()) or bool(
        _DENIAL.search(between) and not _LINK_BEFORE.search(between)
    )


def _values_near(lower: str, card: Hit, *, size: int) -> Iterator[Hit]:
    low, high = max(0, card.start - _NEAR_CARD), min(len(lower), card.end + _NEAR_CARD)
    for low, high in ((low, card.start), (card.end, high)):
        for match in _VALUE_AT_CARD.finditer(lower, low, high):
            digits = match.group().replace(" ", "")
            if len(digits) == size and not (has_unit(lower, match.end()) or has_label(lower, match.start())):
                yield Hit("cvv", *match.span(), SHORT_HIDDEN)


def _expiries_near(lower: str, anchor: Hit) -> Iterator[Hit]:
    low, high = max(0, anchor.start - _NEAR_CARD), min(len(lower), anchor.end + _NEAR_CARD)
    for match in _EXPIRY.finditer(lower, low, high):
        yield Hit("cvv", *match.span(), SHORT_HIDDEN)
    for word in _EXPIRY_WORDS.finditer(lower, low, high):
        if match := _EXPIRY_NAMED.match(lower, word.end()):
            yield Hit("cvv", *match.span(1), SHORT_HIDDEN)
