"""What a result shows of an article: the title and the best stretch of its text, with what matched marked.

Marks are found in the original text, so a match through pinyin, traditional characters, another form or a
synonym marks the characters it stands for. Parts are plain text; whoever renders them escapes them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from faq.core.sounds import is_chinese
from faq.core.text import Folded, fold, joined, runs, word_parts

SHORTEST_EXCERPT = 60
LONGEST_EXCERPT = 80
# How far before a match an excerpt may begin when no clause begins near it, in characters.
LEAD = 12
CUT = "…"

_CLAUSE_END = re.compile(r"[。！？；，：!?;]+[”’」』）)]*\s*|[.,:](?:\s+|$)|\s*\n\s*")
_SENTENCE_END = re.compile(r"[。！？!?.；;]\s*[”’」』）)]*\s*$|\n\s*$|^\s*$")
_BORDER = re.compile(r"(?<=[。！？；，、：!?;,.:）)\s])|(?=[（(\s])")
_LOOSE_ENDS = " \n\t，、,；;：:"

Part = tuple[str, bool]


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    term: str


def marked(text: str, terms: Collection[str]) -> list[Part]:
    """The whole text in parts, each with whether it is one of the terms."""
    return _parts(text, _marks(text, terms))


def excerpt(text: str, terms: Collection[str]) -> list[Part]:
    """The stretch of 60 to 80 characters with most of the terms, cut at a border of words or clauses."""
    marks = _marks(text, terms)
    start, end = max(_windows(text, marks), key=lambda window: _worth(text, marks, *window))
    body = text[start:end]
    inside = [
        _Mark(mark.start - start, min(mark.end, end) - start, mark.term)
        for mark in marks
        if start <= mark.start < end
    ]
    parts = _parts(re.sub(r"\s", " ", body.rstrip(_LOOSE_ENDS)), inside)
    if start and not _SENTENCE_END.search(text[:start]):
        parts.insert(0, (CUT, False))
    if end < len(text.rstrip()) and not _SENTENCE_END.search(body):
        parts.append((CUT, False))
    return _together(parts)


def _marks(text: str, terms: Collection[str]) -> list[_Mark]:
    """Where terms stand in the original text, in order and without overlaps."""
    folded = fold(text)
    wanted = set(terms)
    spans = {*_chinese_marks(folded.text, wanted), *_word_marks(folded.text, wanted)}
    marks: list[_Mark] = []
    for start, end, term in sorted(spans, key=_longest_first):
        if not marks or folded.origins[end - 1] >= marks[-1].end:
            begin = max(folded.origins[start], marks[-1].end if marks else 0)
            marks.append(_Mark(begin, _end_in_original(folded, end), term))
    return marks


def _longest_first(span: tuple[int, int, str]) -> tuple[int, int]:
    return span[0], -span[1]


def _end_in_original(folded: Folded, end: int) -> int:
    return folded.origins[end - 1] + 1


def _chinese_marks(folded: str, wanted: set[str]) -> Iterator[tuple[int, int, str]]:
    chinese = [term for term in wanted if is_chinese(term)]
    has_words = any(len(term) > 1 and term in folded for term in chinese)
    for term in chinese:
        if len(term) == 1 and has_words:
            continue
        place = folded.find(term)
        while place >= 0:
            yield place, place + len(term), term
            place = folded.find(term, place + 1)


def _word_marks(folded: str, wanted: set[str]) -> Iterator[tuple[int, int, str]]:
    if all(map(is_chinese, wanted)):
        return
    for run in runs(folded):
        if run.is_han:
            continue
        if run.text in wanted or joined(run) in wanted:
            yield run.start, run.end, joined(run)
        else:
            yield from ((part.start, part.end, part.text) for part in word_parts(run) if part.text in wanted)


def _windows(text: str, marks: list[_Mark]) -> Iterator[tuple[int, int]]:
    clauses = [0, *(match.end() for match in _CLAUSE_END.finditer(text) if match.end() < len(text))]
    yield 0, _cut(text, 0)
    for start in clauses:
        if any(start <= mark.start < start + LONGEST_EXCERPT for mark in marks):
            yield _filled(text, start, clauses)
    for mark in marks:
        borders = [m.start() for m in _BORDER.finditer(text, max(0, mark.start - LEAD), mark.start + 1)]
        start = borders[0] if borders else mark.start
        yield start, _cut(text, start)


def _filled(text: str, start: int, clauses: list[int]) -> tuple[int, int]:
    """A window from a clause on, begun earlier where the text ends too soon."""
    end = _cut(text, start)
    earlier = [clause for clause in clauses if clause < start and end - clause <= LONGEST_EXCERPT]
    if end - start < SHORTEST_EXCERPT and earlier:
        return earlier[0], end
    return start, end


def _cut(text: str, start: int) -> int:
    """Where a stretch from `start` ends: after a sentence if possible, then a clause, then a word."""
    longest = start + LONGEST_EXCERPT
    if longest >= len(text):
        return len(text)
    clauses = [m.end() for m in _CLAUSE_END.finditer(text, start + SHORTEST_EXCERPT - 1, longest)]
    sentences = [end for end in clauses if _SENTENCE_END.search(text[start:end])]
    if sentences or clauses:
        return (sentences or clauses)[-1]
    borders = [m.start() for m in _BORDER.finditer(text, start + SHORTEST_EXCERPT, longest + 1)]
    if borders and borders[-1] <= longest:
        return borders[-1]
    return longest


def _worth(text: str, marks: list[_Mark], start: int, end: int) -> tuple[int, bool, int, int]:
    """How good a stretch is: what it answers, whether it begins with a sentence, how often, how early."""
    inside = [mark for mark in marks if start <= mark.start and mark.end <= end]
    answered = sum(len(term) for term in {mark.term for mark in inside})
    return answered, _SENTENCE_END.search(text[:start]) is not None, len(inside), -start


def _parts(text: str, marks: list[_Mark]) -> list[Part]:
    parts: list[Part] = []
    place = 0
    for mark in marks:
        parts += [(text[place : mark.start], False), (text[mark.start : mark.end], True)]
        place = mark.end
    return _together([*parts, (text[place:], False)])


def _together(parts: list[Part]) -> list[Part]:
    """Neighbours of one sort as one part; no empty parts."""
    kept: list[Part] = []
    for text, is_mark in parts:
        if kept and kept[-1][1] == is_mark:
            kept[-1] = (kept[-1][0] + text, is_mark)
        elif text:
            kept.append((text, is_mark))
    return kept
