"""Who can't wait: a lost phone, a fraud that is going on. Pure."""

from __future__ import annotations

import re

_LOST = r"(?:丢|掉|遗失|被偷|被盗|被抢|不见|lost|stolen|missing)"
_PHONE = r"(?:手机|电话|设备|sim\s?卡|phone|mobile|device)"
_FRAUD = r"被骗|诈骗|骗子|骗了|盗刷|盗用|被盗|钱被转走|陌生.{0,4}(?:登录|设备)|scam|fraud|phish|hacked|stolen money|unauthori[sz]ed"
_URGENT = re.compile(rf"{_PHONE}.{{0,12}}{_LOST}|{_LOST}.{{0,12}}{_PHONE}|{_FRAUD}", re.IGNORECASE)


def is_urgent(text: str) -> bool:
    """Whether somebody's money is in danger right now, by what they write."""
    return _URGENT.search(text[:500]) is not None
