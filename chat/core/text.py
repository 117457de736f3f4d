"""Cleaning what people type before it is looked at. Pure."""

from __future__ import annotations

import re
import unicodedata

from chat.core.terms import MAX_TEXT, Nack

# Control characters but tab and newline, lone surrogates, and signs that turn the direction of what follows.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85")
# Blanks, the signs that Unicode says to show as nothing, and the empty braille cell.
_INVISIBLE = re.compile(
    r"[\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800"
    r"\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    r"\U000e0000-\U000e0fff]*"
)


class TextRefused(ValueError):
    """A text that can't be sent: `code` is `EMPTY` or `TOO_LONG`."""

    def __init__(self, code: Nack) -> None:
        super().__init__(code)
        self.code = code


def clean_text(text: str) -> str:
    """The text in NFC, without control characters and blank ends; raises `TextRefused`."""
    if not text.isprintable():
        text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    text = text.strip()
    if not text or _INVISIBLE.fullmatch(text):
        raise TextRefused(Nack.EMPTY)
    if len(text) > MAX_TEXT:
        raise TextRefused(Nack.TOO_LONG)
    return text
