"""What a text must hold before a rule can find anything in it: cheap looks that spare the rules' own.

Every function here may say yes to a text without a secret, but never no to one that a rule would hide
something in: most messages hold nothing, and this is what they pay for masking. Tests hold that against the
rules themselves.
"""

import re

from .keys import ENGLISH_WORDS, PART_OF_PHRASE

# The shortest phone number from abroad, its country's code included.
_DIGITS_OF_A_NUMBER = 8
DIGITS_OF_A_CODE = 4
_SHORTEST_SEED = 17
_SHORTEST_KEY = 32
_HEX_DIGITS_OF_A_KEY = 64

_EVERY_BYTE = bytes(range(256))
_DIGITS = b"0123456789"
_NO_DIGITS = bytes(set(_EVERY_BYTE) - set(_DIGITS))
_VISIBLE = bytes(range(0x21, 0x7F))
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def _marking(characters: bytes) -> bytes:
    """A table for bytes.translate: the characters become 1, the others 0."""
    return bytes(byte in characters for byte in _EVERY_BYTE)


_AS_TOKEN = _marking(_LETTERS + _DIGITS + b"+/=_-")
_AS_HEX = _marking(_DIGITS + b"abcdefABCDEF \n-")
_AS_VISIBLE = _marking(_VISIBLE)
_TOKEN = b"\1" * _SHORTEST_KEY
_HEX = b"\1" * _HEX_DIGITS_OF_A_KEY
_TYPED_VALUE = b"\1" * 4
_ROW_OF_WORDS = b"\1" * PART_OF_PHRASE

# One of these is in every word that the rules for codes, passwords and card values know.
_CHINESE_PARTS = re.compile(r"[码碼令面背]|签名")
_ENGLISH_PARTS = (
    "code",
    "pass",
    "pin",
    "pwd",
    "otp",
    "2fa",
    "mfa",
    "verification",
    "security",
    "cvv",
    "cvc",
    "cvn",
    "csc",
    "digit",
)
_CHINESE_DIGITS = re.compile(r"[零〇一二三四五六七八九幺两]{4}")
_WORD = re.compile(r"[a-z]{2,12}")
# Nine characters or more that a number with its separators, its plus and its brackets consists of.
_STRETCH = re.compile(r"[0-9*+][0-9* \t\r\n\-./_·|,()]{7,}[0-9*]")
_LONE_CHINESE = re.compile(r"[ \t\n,、][\u4e00-\u9fff][ \t\n,、]")


def count_digits(plain: str) -> int:
    """How many digits a folded text holds."""
    return len(plain.encode("utf-8", "surrogatepass").translate(None, _NO_DIGITS))


def may_hold_number(plain: str) -> bool:
    """Whether enough digits for a card, an identity or a phone number stand close together."""
    return count_digits(plain) >= _DIGITS_OF_A_NUMBER and _STRETCH.search(plain) is not None


def speaks_of_secrets(lower: str) -> bool:
    """Whether the text may speak of a code, a password or a card's verification value."""
    for part in _ENGLISH_PARTS:
        if part in lower:
            return True
    if lower.isascii():
        return False
    return _CHINESE_PARTS.search(lower) is not None


def may_hold_value(lower: str) -> bool:
    """Whether something that could be a code or a password stands in the text: digits or four signs in a row."""
    raw = lower.encode("utf-8", "surrogatepass")
    if len(raw) > len(raw.translate(None, _DIGITS)) or _TYPED_VALUE in raw.translate(_AS_VISIBLE):
        return True
    return _CHINESE_DIGITS.search(lower) is not None


def may_hold_seed(lower: str) -> bool:
    """Whether a row of listed words, or of single Chinese characters, may stand in the text."""
    if len(lower) < _SHORTEST_SEED:
        return False
    listed = bytes(map(ENGLISH_WORDS.__contains__, _WORD.findall(lower)))
    if _ROW_OF_WORDS in listed:
        return True
    return not lower.isascii() and _LONE_CHINESE.search(lower) is not None


def may_hold_key(plain: str) -> bool:
    """Whether a token or a row of hex digits as long as a key, or a block that begins like one, stands there."""
    if "BEGIN" in plain:
        return True
    if len(plain) < _SHORTEST_KEY:
        return False
    raw = plain.encode("utf-8", "surrogatepass")
    return _TOKEN in raw.translate(_AS_TOKEN) or _HEX in raw.translate(_AS_HEX)
