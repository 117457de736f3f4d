"""An article's text as the terms that search stores: made once when it is published, read by every process.

A term weighs more in the title than in the keywords, summary, headings and body, in that order. Chinese
gives words and pairs of neighbouring characters, so that a word that is cut differently is still found.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from faq.core import chinese, english, sounds
from faq.core.text import Run, joined, normalise, runs, word_parts

# Raise it when stored documents must be analysed again.
ANALYSIS_VERSION = 1
FULL_WEIGHT = 255
LONGEST_TERM = 40
LONGEST_PHRASE = 24


@dataclass(frozen=True)
class SearchText:
    """What an article offers to search; `boost` below 1 puts it behind others that match as well."""

    title: str
    summary: str = ""
    keywords: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    body: str = ""
    boost: float = 1.0


@dataclass(frozen=True)
class Phrase:
    """A stretch of Chinese that people may abbreviate by first letters or type as a whole."""

    text: str
    syllables: tuple[str, ...]
    weight: int


@dataclass(frozen=True)
class AnalysedDocument:
    """The terms of an article with a weight of 1 to 255 each, and its phrases."""

    terms: dict[str, int]
    phrases: tuple[Phrase, ...] = ()
    title: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """A compact form for a JSON column; terms never hold a space."""
        return {
            "terms": " ".join(self.terms),
            "weights": base64.b64encode(bytes(self.terms.values())).decode(),
            "phrases": [[p.text, " ".join(p.syllables), p.weight] for p in self.phrases],
            "title": " ".join(self.title),
        }

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> AnalysedDocument:
        """The document behind `as_json`; raises `KeyError` or `ValueError` when it is something else."""
        weights = base64.b64decode(stored["weights"])
        terms = dict(zip(stored["terms"].split(), weights, strict=True))
        phrases = tuple(Phrase(text, tuple(said.split()), weight) for text, said, weight in stored["phrases"])
        return cls(terms, phrases, tuple(stored["title"].split()))


@dataclass(frozen=True)
class _Field:
    """How much a field says, and how soon repeating a term stops adding to it (0: at once)."""

    share: float
    damping: float
    single_characters: bool = True
    phrase_weight: float = 0.0


_TITLE = _Field(1.0, 0.0, phrase_weight=1.0)
_KEYWORDS = _Field(0.7, 0.0, phrase_weight=0.9)
_SUMMARY = _Field(0.4, 0.3)
_HEADINGS = _Field(0.35, 0.3, phrase_weight=0.4)
_BODY = _Field(0.4, 1.0, single_characters=False)
# A term counts for something wherever it stands; a term in every field need not be in all to count fully.
_FLOOR = 0.15
_ENOUGH = 2.0


@dataclass
class _Tally:
    terms: dict[str, float] = field(default_factory=dict)
    phrases: dict[str, float] = field(default_factory=dict)

    def add(self, texts: Iterable[str], kind: _Field) -> None:
        counts: Counter[str] = Counter()
        for text in texts:
            found = list(runs(normalise(text)))
            for run in found:
                counts.update(run_terms(run, single_characters=kind.single_characters))
            if kind.phrase_weight:
                self._add_phrases(found, kind.phrase_weight)
        for term, count in counts.items():
            self.terms[term] = self.terms.get(term, 0.0) + kind.share * count / (count + kind.damping)

    def _add_phrases(self, found: list[Run], weight: float) -> None:
        for run in found:
            if run.is_han and len(run.text) > 1:
                text = run.text[:LONGEST_PHRASE]
                self.phrases[text] = max(weight, self.phrases.get(text, 0.0))


def analyse(text: SearchText) -> AnalysedDocument:
    """The terms and phrases of an article."""
    tally = _Tally()
    tally.add([text.title], _TITLE)
    tally.add(text.keywords, _KEYWORDS)
    tally.add([text.summary], _SUMMARY)
    tally.add(text.headings, _HEADINGS)
    tally.add([text.body], _BODY)
    scale = text.boost / _ENOUGH
    terms = {term: _stored_weight((_FLOOR + share) * scale) for term, share in tally.terms.items()}
    phrases = (
        Phrase(phrase, tuple(sounds.phrase_syllables(phrase)), _stored_weight(weight * text.boost))
        for phrase, weight in tally.phrases.items()
    )
    return AnalysedDocument(terms, tuple(phrases), tuple(telling_words(text.title)))


def telling_words(text: str) -> list[str]:
    """The words of a text that say what it is about, each once."""
    found: dict[str, None] = {}
    for run in runs(normalise(text)):
        words = [word for word, _start in chinese.words(run.text)] if run.is_han else [joined(run)]
        is_stop_word = chinese.is_stop_word if run.is_han else english.is_stop_word
        found.update((word, None) for word in words if len(word) > 1 and not is_stop_word(word))
    return list(found)


def telling_terms(text: str) -> list[str]:
    """Every term of a text but its stop words; for comparing two short texts."""
    terms = (term for run in runs(normalise(text)) for term in run_terms(run))
    return [term for term in terms if not chinese.is_stop_word(term) and not english.is_stop_word(term)]


def run_terms(run: Run, *, single_characters: bool = True) -> Iterator[str]:
    """The terms of one run, each occurrence once however it was found."""
    if run.is_han:
        spans = {(start, start + len(word)) for word, start in chinese.words(run.text)}
        spans |= {(start, start + 2) for start in range(len(run.text) - 1)}
        if single_characters:
            spans |= {(start, start + 1) for start in range(len(run.text))}
        shortest = 1 if single_characters else 2
        yield from (run.text[a:b] for a, b in sorted(spans) if shortest <= b - a <= LONGEST_TERM)
        return
    parts = word_parts(run)
    yield from (part.text[:LONGEST_TERM] for part in parts)
    if len(parts) > 1:
        yield joined(run)[:LONGEST_TERM]


def _stored_weight(share: float) -> int:
    return max(1, min(FULL_WEIGHT, round(share * FULL_WEIGHT)))
