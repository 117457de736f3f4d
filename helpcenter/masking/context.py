"""Words around a number that say what it is: an amount, a time, an order, and so no secret."""

import re

# Right after the number: what it counts.
_UNIT = re.compile(
    r"\s?(?:元|块|圆|万(?!一)|千|百|亿|年|月|日|号(?!码)|天|周|个|小时|分钟|分(?![享别析])|秒|"
    r"点(?![了击不进开])|次|笔|条|张|位|楼|室|"
    r"版|岁|折|积分|倍|%|‰|°|(?:rmb|cny|usd|hkd|eur|gbp|jpy|dollars?|yuan|euros?|pounds?|bucks|"
    r"seconds?|secs?|minutes?|mins?|"
    r"hours?|hrs?|days?|weeks?|months?|years?|times?|points?|am|pm|px|kb|mb|gb|km|kg|"
    r"characters?|digits?|letters?|people|users?|"
    r"k)(?![a-z]))"
)
# Right before the number: what it is called. The last such word before a number names it.
_LABEL = re.compile(
    r"(?:尾号|末尾|末四位|后四位|前六位|订单|单号|编号|流水|序列|金额|余额|额度|限额|错误|报错|"
    r"代码|版本|机型|型号|系统|"
    r"电话|热线|号码|手机|来电|拨打|拨|致电|发件|发送方|来自|客服|工号|房间|邮编|邮政|快递|"
    r"运单|票号|航班|车次|发票|商户|"
    r"转账?了?|付款?了?|支付了?|充值?了?|提现了?|花了|收到了?钱|买了?|扣了?款?|退款?了?|打了|"
    r"存了|消费了?|价格|单价|共|约|账号|帐号|账户|"
    r"用户名|昵称|邮箱|微信|qq|uid|区号|型|等了|"
    r"\b(?:order|ticket|case|ref|reference|tracking|invoice|transaction|error|status|http|"
    r"version|build|model|android|ios|"
    r"iphone|windows|hotline|phone|call|called|dial|dialled|ext|extension|room|flat|zip|"
    r"postcode|postal|amount|"
    r"balance|limit|total|paid|pay|payment of|sent|send|transferred|transfer|spent|withdrew|"
    r"withdraw|charged|refund|"
    r"refunded|bought|cost|costs|price|ending(?: in| with)?|ends(?: in| with)?|last (?:four|4)|"
    r"from|since|until|at|in|by|"
    r"about|around|over|under|waited|user|username|account|acct|id|merchant|flight|seat|year|"
    r"branch|ip|port|page|step|no)\b)"
    r"[\s:=#'\"“”「」(\-]{0,3}(?:号码?|码|是|为|了|的|:|=|is\b|was\b|of\b|#|no\.?|"
    r"number)?[\s:=#'\"“”「」(\-]{0,3}$"
)
_CURRENCY = re.compile(r"[¥￥$€£₿#@]\s?$")
_ATTACHED_BEFORE = re.compile(r"(?:[0-9][.,:/\-]|[a-z_][\-_/#.]?|[/\\=&?])$")
_ATTACHED_AFTER = re.compile(r"[.,:/\-][0-9]|[a-z_@]|[/\\]")
_CODE_PREFIX = re.compile(r"(?<![a-z0-9])g-$")
# Numbers that call a bank or a carrier, and eight digits or four that are a date or a year.
_PUBLIC = re.compile(
    r"95[0-9]{3,4}|96[0-9]{3,4}|1(?:0000|0001|0010|0086|0099|0016|2[0-9]{3})|(?:400|800)[0-9]{4,7}|106[0-9]+"
)
_DATE = re.compile(r"(?:19|20)[0-9]{2}(?:(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])?)?")


def has_unit(lower: str, end: int) -> bool:
    """Whether a unit follows: 5000 元, 1200 seconds, 6 位."""
    return _UNIT.match(lower, end) is not None


def has_label(lower: str, start: int, low: int = 0) -> bool:
    """Whether the words right before (but after offset `low`) name an order, an amount, a phone or so."""
    before = lower[max(low, start - 28) : start]
    return _LABEL.search(before) is not None or _CURRENCY.search(before) is not None


def is_attached(lower: str, start: int, end: int, low: int = 0) -> bool:
    """Whether the number is a part of something longer (after offset `low`): a time, a decimal, a version."""
    before = lower[max(low, start - 3) : start]
    # G-482913 is how one large sender writes its codes.
    if _CODE_PREFIX.search(before):
        before = ""
    return _ATTACHED_BEFORE.search(before) is not None or _ATTACHED_AFTER.match(lower, end) is not None


def is_well_known(digits: str) -> bool:
    """Whether the digits are a public short number, a year or a date."""
    return _PUBLIC.fullmatch(digits) is not None or _DATE.fullmatch(digits) is not None
