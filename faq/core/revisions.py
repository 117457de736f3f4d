"""What changed between two texts, by paragraphs and within them by words or Chinese characters; pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, ADDED, REMOVED = "same", "added", "removed"
# A Chinese character, a word, a run of spaces or one other sign; together they are the whole text again.
HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
TOKEN = re.compile(rf"{HAN}|\w+?(?={HAN})|\w+|\s+|[^\w\s]")
# Less alike than this, two paragraphs are easier to read one after the other than mixed.
ALIKE = 0.5
# Comparing takes time that grows with the square of the length; longer paragraphs are shown whole.
MOST_TOKENS = 2000


@dataclass(frozen=True)
class Part:
    """A stretch of text that stayed, came or went (`kind` is `same`, `added` or `removed`)."""

    kind: str
    text: str


Paragraph = tuple[Part, ...]
Opcode = tuple[str, int, int, int, int]


def compare(old: str, new: str) -> list[Paragraph]:
    """The paragraphs (lines) of both texts in reading order, each in parts.

    The parts that aren't `added` are the old text again, those that aren't `removed` the new one.
    """
    before, after = _lines(old), _lines(new)
    paragraphs: list[Paragraph] = []
    for tag, i1, i2, j1, j2 in _opcodes(before, after):
        if tag == "equal":
            paragraphs += [(Part(SAME, line),) for line in before[i1:i2]]
        else:
            paragraphs += _changed(before[i1:i2], after[j1:j2])
    return paragraphs


def is_changed(paragraph: Paragraph) -> bool:
    """Whether anything in a paragraph came or went."""
    return any(part.kind != SAME for part in paragraph)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n") if text else []


def _opcodes(before: Sequence[str], after: Sequence[str]) -> Sequence[Opcode]:
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def _changed(before: list[str], after: list[str]) -> list[Paragraph]:
    """Lines that were replaced: line by line where there are as many, else all that went, then what came."""
    if len(before) != len(after):
        return [*_whole(REMOVED, before), *_whole(ADDED, after)]
    return [paragraph for old, new in zip(before, after, strict=True) for paragraph in _line(old, new)]


def _whole(kind: str, lines: list[str]) -> Iterator[Paragraph]:
    return ((Part(kind, line),) for line in lines)


def _line(old: str, new: str) -> list[Paragraph]:
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    apart: list[Paragraph] = [(Part(REMOVED, old),), (Part(ADDED, new),)]
    if max(len(before), len(after)) > MOST_TOKENS:
        return apart
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < ALIKE:
        return apart
    return [tuple(_parts(before, after, matcher.get_opcodes()))]


def _parts(before: list[str], after: list[str], opcodes: Sequence[Opcode]) -> Iterator[Part]:
    for tag, i1, i2, j1, j2 in opcodes:
        if tag == "equal":
            yield Part(SAME, "".join(before[i1:i2]))
            continue
        if i1 < i2:
            yield Part(REMOVED, "".join(before[i1:i2]))
        if j1 < j2:
            yield Part(ADDED, "".join(after[j1:j2]))
