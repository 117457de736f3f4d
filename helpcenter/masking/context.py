"""Words around a number that say what it is: an amount, a time, an order, and so no secret."""

import re

# Right after the number: what it counts.
_UNITS = r"""
元 块 圆 万(?!一) 千 百 亿 年 月 日 号(?!码) 天 周 个 小时 分钟 分(?![享别析]) 秒 点(?![了击不进开]) 次 笔 条
张 位 楼 室 版 岁 折 积分 倍 % ‰ °
"""
_ENGLISH_UNITS = """
rmb cny usd hkd eur gbp jpy dollars? yuan euros? pounds? bucks seconds? secs? minutes? mins? hours? hrs? days?
weeks? months? years? times? points? am pm px kb mb gb km kg characters? digits? letters? people users? k
"""
# Right before the number: what it is called ("order is 482913"). The last such word names it.
_NAMES = """
尾号 末尾 末四位 后四位 前六位 订单 单号 编号 流水 序列 金额 余额 额度 限额 错误 报错 代码 版本 机型 型号 系统
电话 热线 号码 手机 来电 发件 发送方 客服 工号 房间 邮编 邮政 快递 运单 票号 航班 车次 发票 商户 价格 单价
账号 帐号 账户 用户名 昵称 邮箱 微信 qq uid 区号
"""
_ENGLISH_NAMES = """
order ticket case ref reference tracking invoice transaction error status http version build model android ios
iphone windows hotline phone ext extension room flat zip postcode postal amount balance limit total cost costs
price user username account acct id merchant flight seat year branch ip port page step
"""
# Right before the number, without a link: what was done with it ("sent 482913", not "sent is 482913").
_DEEDS = """
拨打 致电 拨 来自 转账?了? 付款?了? 支付了? 充值?了? 提现了? 花了 收到了?钱 买了? 扣了?款? 退款?了? 打了 存了
消费了? 共 约 等了 型
"""
_ENGLISH_DEEDS = """
call called dial dialled paid pay sent send transferred transfer spent withdrew withdraw charged refund
refunded bought ending ends from with since until at in by about around over under waited no four
"""
_SIGNS = r"[\s:=#'\"“”「」(\-]{0,3}"
_LINK = r"(?:号码?|码|是|为|的|:|=|is\b|was\b|of\b|#|no\.?|number)?"


def _one_of(words: str) -> str:
    return "|".join(words.split())


_UNIT = re.compile(rf"\s?(?:{_one_of(_UNITS)}|(?:{_one_of(_ENGLISH_UNITS)})(?![a-z]))")
_NAMED = rf"(?:{_one_of(_NAMES)}|\b(?:{_one_of(_ENGLISH_NAMES)})\b){_SIGNS}{_LINK}{_SIGNS}"
_DONE_WITH = rf"(?:{_one_of(_DEEDS)}|\b(?:{_one_of(_ENGLISH_DEEDS)})\b){_SIGNS}(?:(?:of|in|with)\b)?{_SIGNS}"
_LABEL = re.compile(rf"(?:{_NAMED}|{_DONE_WITH})$")
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
