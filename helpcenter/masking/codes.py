"""One-time codes: numbers that stand with a word for a code, or alone after one."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from .context import has_label, has_unit, is_attached, is_well_known
from .findings import Hit, Taken
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
_ERROR_WORDS = re.compile(
    r"\b(?:says|shows|mean|means|message|displays|error|fail|fails|failed|try (?:again )?later)\b"
)
_SAID_LINK = re.compile(r"[a-z:=#\-是为你]")
LINK_BEFORE = re.compile(r"(?:是|为|:|=|\bis\b|\bit's\b|\bwas\b)[\s\"'“「【\[(*]{0,3}$")
DENIAL = re.compile(
    r"没|未|无法|不到|不了|不来|不对|不能|收不|错|失败|过期|超时|\bno\b|\bnot\b|n't\b|never|"
    r"without|wrong|expire|fail|invalid|missing|wait"
)
LINK_BACK = re.compile(
    r"[^0-9a-z*\n\u4e00-\u9fff]{0,4}(?:(?:这个?|那个?|就|才|而?是|为|作为|我|你|您|的|收到的?|"
    r"刚|发来的?|登[录陆]|支付|手机|短信|转账|付款|topay|"
    r"that's|it's|this is|is|was|as|the|my|your|our|a|an|this|that|login|sms|text|topay|payment|"
    r"for)[^0-9a-z*\n\u4e00-\u9fff]{0,3}){0,7}|"
    r" (?:is|was|as) (?:my|your|our|the|a)(?: [a-z]{1,12}){0,2} "
)
# Possessive, so that a long text of such words is read once.
_ONLY_FILLER = re.compile(
    r"(?:[\W_]|验证码|在这|如下|客服|收到|谢谢|请看|就是|这个|那个|[是的这那给你您好了码哈哦吧呢啊喏]|"
    r"thanks|thank|please|okay|it's|code|here|this|its|the|yes|got|you|one|it|is|my|go|ok|hi|s)*+"
)
_NOT_A_CODE = re.compile(r"[¥￥$€£%°]")
_LONGEST_LONE_TEXT = 48
_USUAL_SIZE = 6


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
        left = words[place - 1] if place else None
        right = words[place][0] if place < len(words) else None
        if _follows(lower, left, start, end) or _precedes(lower, start, end, right):
            yield Hit("code", start, end)
    for _, end in words:
        for pattern in (_CHINESE_NUMBER, _MIXED_CODE):
            found = pattern.match(folded.plain, end)
            if found and not taken.overlaps(*found.span(found.lastindex or 0)):
                yield Hit("code", *found.span(found.lastindex or 0))


def _follows(lower: str, word: tuple[int, int] | None, start: int, end: int) -> bool:
    """Whether the number is the code that the word before it speaks of."""
    if word is None or start - word[1] > _REACH or has_unit(lower, end):
        return False
    word_end = word[1]
    between = lower[word_end:start]
    if lower[slice(*word)] == "code" and end - start < _USUAL_SIZE and _is_error_code(lower, *word):
        return False
    if _BARE_LINK.fullmatch(between):
        return not _is_part(lower, start, end, between)
    if "*" in between or is_attached(lower, start, end):
        return False
    if LINK_BEFORE.search(between):
        return not has_label(lower, start, word_end)
    digits = re.sub(r"[^0-9]", "", lower[start:end])
    return not (has_label(lower, start, word_end) or is_well_known(digits) or DENIAL.search(between))


def _is_error_code(lower: str, word_start: int, word_end: int) -> bool:
    """Whether the sentence is about what an app says: its codes have four or five digits."""
    return _ERROR_WORDS.search(lower[max(0, word_start - 30) : word_end + 40]) is not None


def _is_part(lower: str, start: int, end: int, between: str) -> bool:
    """Whether it is a time, an amount, or a date or short number in a sentence that denies the code."""
    if re.match(r"[.:/\-][0-9]|[a-z_@]", lower[end : end + 2]) or re.search(r"[¥￥$€£]", between):
        return True
    if not is_well_known(lower[start:end]) or _SAID_LINK.search(between):
        return False
    return "," in between or DENIAL.search(lower[max(0, start - 24) : end + 12]) is not None


def _precedes(lower: str, start: int, end: int, word_start: int | None) -> bool:
    """Whether the number comes first and the word says what it was ("482913 is my code")."""
    if word_start is None or word_start - end > _REACH or not LINK_BACK.fullmatch(lower, end, word_start):
        return False
    digits = re.sub(r"[^0-9]", "", lower[start:end])
    if is_attached(lower, start, end) or has_label(lower, start) or has_unit(lower, end):
        return False
    return not is_well_known(digits) or "是" in lower[end:word_start] or " is " in lower[end:word_start]


def lone_code(folded: Folded) -> Iterator[Hit]:
    """The number of a text after a word for a code: all it says, or six digits without a name."""
    lower = folded.lower
    if len(lower) > _LONGEST_LONE_TEXT or "*" in lower:
        return
    numbers = list(_NUMBER.finditer(lower))
    if len(numbers) != 1:
        return
    start, end = numbers[0].span()
    rest = lower[:start] + " " + lower[end:]
    if _NOT_A_CODE.search(rest):
        return
    digits = re.sub(r"[^0-9]", "", lower[start:end])
    named = has_label(lower, start) or has_unit(lower, end) or is_attached(lower, start, end)
    if _ONLY_FILLER.fullmatch(rest) or (len(digits) == _USUAL_SIZE and not named):
        yield Hit("code", start, end)
