"""Every text that search touches in one form: width, case, accents, invisible characters, simplified Chinese.

The folded text remembers which character of the original stands behind each of its own, so that a match
can be marked in what people read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import opencc

QUERY_MAX_CHARS = 200
# Twice the room, since folding drops characters; what lies beyond cannot change the first 200.
_RAW_QUERY_MAX_CHARS = 1000
MOST_REMEMBERED_CHARACTERS = 40_000
APOSTROPHES = "'’ʼ"

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<han>[{HAN}]+)|(?P<word>[^\W_{HAN}]+(?:[-.&][^\W_{HAN}]+)*)")
_WORD_PART = re.compile(r"[^-.&]+")

_to_simplified = opencc.OpenCC("t2s").convert
_from_taiwan = opencc.OpenCC("tw2sp").convert


@dataclass(frozen=True)
class Folded:
    """A folded text; `origins[i]` is the place in the original of what `text[i]` stands for."""

    text: str
    origins: Sequence[int]


@dataclass(frozen=True)
class Run:
    """A stretch of Chinese characters or a word of another script, with its place in the folded text."""

    text: str
    start: int
    is_han: bool

    @property
    def end(self) -> int:
        """The place after the last character."""
        return self.start + len(self.text)


def fold(text: str) -> Folded:
    """Fold a text for comparing and keep the way back to its characters."""
    pieces = list(map(_table.__getitem__, text))
    folded = "".join(pieces)
    if len(folded) == len(text) and "" not in pieces:
        return Folded(simplified(folded), range(len(text)))
    origins = [place for place, piece in enumerate(pieces) for _character in piece]
    return Folded(simplified(folded), origins)


def normalise(text: str) -> str:
    """The folded text alone."""
    return simplified("".join(map(_table.__getitem__, text)))


def normalise_query(text: str) -> str:
    """What somebody typed, folded, with single spaces, at most `QUERY_MAX_CHARS` long."""
    return " ".join(normalise(text[:_RAW_QUERY_MAX_CHARS]).split())[:QUERY_MAX_CHARS]


def is_searchable(text: str) -> bool:
    """Whether a text holds anything to look for; punctuation alone does not."""
    return next(runs(normalise_query(text)), None) is not None


def simplified(text: str) -> str:
    """Traditional characters as simplified ones, never longer or shorter than the text."""
    if text.isascii():
        return text
    converted = _to_simplified(text)
    if len(converted) == len(text):
        return converted
    return "".join(one if len(one) == 1 else old for old, one in ((c, _to_simplified(c)) for c in text))


def mainland_wording(text: str) -> str | None:
    """The text with Taiwan's words as the mainland says them (網路 → 网络), or None when nothing differs."""
    if text.isascii():
        return None
    converted = normalise(_from_taiwan(text))
    return converted if converted != normalise(text) else None


def runs(folded: str) -> Iterator[Run]:
    """The stretches of a folded text that can be searched; everything else only separates them."""
    for match in _RUN.finditer(folded):
        yield Run(match.group(), match.start(), match.lastgroup == "han")


def word_parts(run: Run) -> list[Run]:
    """The parts of a hyphenated word, with their places; the word itself when it has only one."""
    return [Run(m.group(), run.start + m.start(), False) for m in _WORD_PART.finditer(run.text)]


def joined(run: Run) -> str:
    """A hyphenated word written as one: wi-fi → wifi."""
    return "".join(part.text for part in word_parts(run))


class _FoldingTable(dict[str, str]):
    """What each character folds to, worked out when it is first met."""

    def __missing__(self, character: str) -> str:
        folded = _fold_character(character)
        if len(self) < MOST_REMEMBERED_CHARACTERS:
            self[character] = folded
        return folded


def _fold_character(character: str) -> str:
    if character in APOSTROPHES:
        return ""
    category = unicodedata.category(character)
    if category in ("Cf", "Cs", "Co", "Mn", "Me"):
        return ""
    if category[0] in "CZ":
        return " "
    decomposed = unicodedata.normalize("NFKD", character)
    bare = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFKC", bare).casefold()


_table = _FoldingTable()
