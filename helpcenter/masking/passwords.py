"""Passwords and PINs: what follows their words, or is said to be one."""

import re
from collections.abc import Iterator

from .context import has_unit
from .findings import Hit, Taken
from .folding import Folded

PASSWORD_WORDS = re.compile(
    r"密\s?[码碼]|(?:支付|登录|登陆|交易|解锁)口令|"
    r"(?<![a-z])(?:pass ?words?|passwd|pwd|pass ?phrase|pass ?code|(?:sim |card |atm |"
    r"payment )?pin(?![a-z])(?: ?(?:code|number))?|"
    r"pass(?=\s?[:=]))(?![a-z])"
)
# The value itself: digits cut by spaces or dashes, or anything typed without a space.
_VALUE = r"(?P<value>[0-9](?:[ \-.]?[0-9]){3,7}(?![ \-.]?[0-9])(?![!-~])|[!-~]{4,})"
_QUOTES = r"[\s\"'“”‘’「」『』《【\[(<,\-]{0,4}"
_RIGHT_AFTER = re.compile(rf"\s?(?:码|code|number)?{_QUOTES}{_VALUE}")
_LINKED = re.compile(
    r"(?P<between>[^0-9*\n。!?;:=]{0,24}?)"
    rf"(?P<link>是|为|叫|成|用|到|填|写|说|报|试|设|输入?|:|=|->|→|\bis\b|\bwas\b|\bto\b|\bas\b|\bbe\b|"
    rf"'s\b)[了过]?(?:我的?)?(?:生日)?[\s:=]{{0,3}}{_QUOTES}{_VALUE}"
)
_BEFORE = re.compile(
    r"(?<![!-~])(?P<value>[!-~]{4,64}?)[\"'”」』》】\])>]{0,2}\s{0,2},?\s?"
    r"(?:(?:这|那)?(?:就)?(?:是|为|才是)(?:我|你|您|他|她)?(?:们)?的?(?:topay|账[户号]|"
    r"帐[户号]|支付|登[录陆]|交易|取款|旧|新|原|银行卡|钱包|的){0,3}|"
    r"(?:is|was|as) (?:my|the|our|your|his|her)(?: [a-z]+){0,3} )$"
)
_TYPED_BEFORE = re.compile(
    r"(?:输入?|填写?|用)[了过]?\s?(?P<value>[!-~]{4,64})\s?(?:这个|的)?(?:支付|登[录陆]|交易|取款|银行卡|钱包){0,2}$"
)
_ALTERNATIVE = re.compile(
    rf"[\s\"'”」』】)]{{0,2}}(?:或者?是?|还是|就是|要么是?|和|以及|、|/|,|\bor\b|\band\b){_QUOTES}{_VALUE}"
)
_MOST_ALTERNATIVES = 5
_BEFORE_ENDS = tuple("是为我你您他她们的y号户付录陆易款旧新原卡包 ")
_LABELS_BETWEEN = re.compile(
    r"额度|限额|余额|转账|充值|提现|付款|扣款|错误|提示|报错|代码|编号|订单|单号|时间|电话|"
    r"手机|号码|尾号|卡号|热线|客服|次数|拨打|金额|版本|系统|客户端|型号|账[号户]|帐[号户]|"
    r"用户|邮箱|微信|昵称|名字|姓名|链接|网址|地址|日期|页面|\b(?:error|order|ticket|phone|"
    r"number is|account|email|e-mail|link|url|version|"
    r"device|username|user name|log ?in|time|date|amount|name|hotline|call)\b"
)
_NO_VALUE = re.compile(
    r".*\*\*\*.*|https?:.*|www\..*|[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?|"
    r"(?:19|20)[0-9]{2}[\-/.][0-9]{1,2}[\-/.][0-9]{1,2}|[0-9]{1,2}/[0-9]{1,2}(?:/[0-9]{2,4})?|"
    r"(?:400|800)[ \-]?[0-9]{3}[ \-]?[0-9]{4}|"
    r"[0-9]+(?:,[0-9]{3})*\.[0-9]{2}|[¥$€£].*|v?[0-9]+\.[0-9]+(?:\.[0-9]+)*|[0-9]+[\-~][0-9]+|"
    r"(?:iphone|ipad|android|ios|mate|mi|redmi|oppo|vivo|honor|huawei|samsung|galaxy|pixel|windows|win|macos|"
    r"chrome|safari|v|version)[\-_ ]?[0-9]{0,2}(?:\.[0-9]+)*[a-z]{0,3}|"
    r"(?:error|err|e|code|no)[\-_ ]?[0-9]{1,6}|"
    r"wifi|wi-fi|app|topay|wechat|weixin|qq|vip[0-9]?|2fa|mfa|otp|sms|id|faceid|touchid"
)
_PUBLIC_NUMBER = re.compile(r"95[0-9]{3,4}|1(?:0010|0086|0000|0099|10|2306|2315|2377)|(?:19|20)[0-9]{2}")
# Words that people say of a password; a value of letters alone must be none of them.
_SAID_OF_IT = """
about accepted access across after again all already also always anything app asked asking back
because been before being blank blocked both broken but called case changed chrome code common
complex compromised correct correctly could different does doesn't done down easy either email empty
enabled enough error even ever every everywhere exactly expired expiring face failed failing fine
for forgotten four from gone good google hacked hard have having here hidden how important incorrect
insecure instead into invalid just keeping known later leaked letters like locked long lost made
mandatory maybe missing mixed more must needed never not nothing null numbers okay old once only
optional other passed please possible probably protected public really refused rejected remembered
required reset right safe same saved secret secure sent set short shown similar simple six something
sometimes somewhere still stolen stored strong stuck sure taken that the then there they this three
through too topay touch true typed undefined unknown unsafe unsure until used valid very visible
weak what when where whether which while with without working wrong yes yet your
"""
_COMMON_WORDS = frozenset(_SAID_OF_IT.split())
_WORD_ENDINGS = ("ing", "able", "ible", "tion", "ly", "n't")
_CLOSING = ".,;:!?)]}>'\"…"


def passwords(folded: Folded, *, code_words: Taken, taken: Taken, masked: Taken) -> Iterator[Hit]:
    """Values of passwords and PINs.

    `code_words` are where a code is meant ("one-time password"); `taken` are card, identity and phone
    numbers, which stay what they are unless the text calls them a password; `masked` are hidden already.
    """
    for word in PASSWORD_WORDS.finditer(folded.lower):
        if code_words.overlaps(*word.span()):
            continue
        hit = _value_after(folded, word.end(), taken, masked) or _value_before(folded, word.start())
        if hit:
            yield hit
            yield from _alternatives(folded.lower, hit.end, taken)


def _value_after(folded: Folded, word_end: int, taken: Taken, masked: Taken) -> Hit | None:
    lower = folded.lower
    if match := _RIGHT_AFTER.match(lower, word_end):
        start, end = _trimmed(lower, *match.span("value"))
        if _could_be_secret(lower, start, end) and not taken.overlaps(start, end):
            return Hit("password", start, end)
    match = _LINKED.match(lower, word_end)
    if match is None or _LABELS_BETWEEN.search(match["between"]):
        return None
    start, end = _trimmed(lower, *match.span("value"))
    if masked.overlaps(start, end):
        return None
    if _could_be_secret(lower, start, end) or _is_named_word(folded, match, start, end):
        return Hit("password", start, end)
    return None


def _alternatives(lower: str, end: int, taken: Taken) -> Iterator[Hit]:
    """More values after the first one: "123456 or 654321"."""
    for _ in range(_MOST_ALTERNATIVES):
        match = _ALTERNATIVE.match(lower, end)
        if match is None:
            return
        start, end = _trimmed(lower, *match.span("value"))
        if not _could_be_secret(lower, start, end) or taken.overlaps(start, end):
            return
        yield Hit("password", start, end)


def _value_before(folded: Folded, word_start: int) -> Hit | None:
    low = max(0, word_start - 110)
    before = folded.lower[low:word_start]
    match = _BEFORE.search(before) if before.endswith(_BEFORE_ENDS) else None
    match = match or _TYPED_BEFORE.search(before)
    if match is None:
        return None
    start, end = _trimmed(folded.lower, low + match.start("value"), low + match.end("value"))
    return Hit("password", start, end) if _could_be_secret(folded.lower, start, end) else None


def _trimmed(lower: str, start: int, end: int) -> tuple[int, int]:
    """Leave out the punctuation that ends the sentence, and stop where an earlier mask stands."""
    while end > start and lower[end - 1] in _CLOSING:
        end -= 1
    return start, end


def _could_be_secret(lower: str, start: int, end: int) -> bool:
    value = lower[start:end]
    if len(value) < 4 or not any(character.isdigit() for character in value) or _NO_VALUE.fullmatch(value):
        return False
    return not (value.isdigit() and (has_unit(lower, end) or _PUBLIC_NUMBER.fullmatch(value)))


def _is_named_word(folded: Folded, match: re.Match[str], start: int, end: int) -> bool:
    """A value without digits: only right after "is" or a colon, and not what people say about a password."""
    value = folded.lower[start:end]
    if (
        len(value) < 5
        or match["link"] not in ("是", "为", "叫", "成", ":", "=", "is", "was", "'s")
        or _NO_VALUE.fullmatch(value)
    ):
        return False
    if (
        value in _COMMON_WORDS
        or value.endswith(_WORD_ENDINGS)
        or not any(character.isalpha() for character in value)
    ):
        return False
    if not value.isalpha():
        return bool(re.search(r"[^a-z'\-]", value)) and "*" not in value
    mixed_case = re.search("[a-z][A-Z]", folded.plain[start:end]) is not None
    return (
        mixed_case
        or re.match(r"[\s\"'”」』》】)]{0,3}(?:$|[.,;!?\n]|[吗吧了呢的])", folded.lower[end : end + 5])
        is not None
    )
