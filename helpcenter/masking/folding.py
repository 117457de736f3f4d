"""The text as the rules read it: one spelling for digits, dashes and spaces, nothing invisible."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

# All but these stay what they are when folded, and most texts hold few of these.
_UNUSUAL = re.compile(r"([^\t\n\r -~\u4e00-\u9fff])")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Letters that show nothing: Hangul fillers hide between digits as well as a zero-width space does.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")
_DASHES = frozenset("\u2212\u30fc\uff70")
_INVISIBLE_CATEGORIES = frozenset(("Cf", "Cc", "Mn", "Me"))


@dataclass(frozen=True, slots=True)
class Folded:
    """The folded text, with the way back to the original.

    `plain` keeps the case, `lower` does not; both have the same length, and `origins[i]` is the index in the
    original of the character that became `plain[i]`.
    """

    plain: str
    lower: str
    origins: Sequence[int]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original text of `plain[start:end]` (which must not be empty)."""
        return self.origins[start], self.origins[end - 1] + 1


def fold(text: str) -> Folded:
    """Fold full-width, circled and other scripts' digits, dashes and spaces; drop what can't be seen."""
    if text.isascii() and (text.isprintable() or not _CONTROLS.search(text)):
        return Folded(text, text.lower(), range(len(text)))
    parts = _UNUSUAL.split(text)
    if len(parts) > 1:
        folded = list(map(_fold_character, parts[1::2]))
        if "" in folded or len("".join(folded)) != len(folded):
            return _fold_to_other_length(text)
        parts[1::2] = folded
    joined = "".join(parts)
    return Folded(joined, _lower(joined), range(len(text)))


def _fold_to_other_length(text: str) -> Folded:
    pieces = list(map(_fold_character, text))
    joined = "".join(pieces)
    origins = [index for index, piece in enumerate(pieces) for _ in piece]
    return Folded(joined, _lower(joined), origins)


def _lower(text: str) -> str:
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    # A few letters grow when lowered, which would shift every offset after them.
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    if character in "\t\n\r":
        return character
    category = unicodedata.category(character)
    if category in _INVISIBLE_CATEGORIES or character in _BLANK_LETTERS:
        return ""
    if category == "Pd" or character in _DASHES:
        return "-"
    if category in ("Zs", "Zl", "Zp") or character == "\u2800":
        return " "
    digit = unicodedata.digit(character, None)
    return str(digit) if digit is not None else unicodedata.normalize("NFKC", character)
