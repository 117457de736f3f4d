"""A ranked index in memory: terms to articles, and the best articles for the concepts of a query.

No clock, no threads, no database: whoever owns an index feeds it and guards it. The same documents give
the same answers in the same order, in whatever order they came.
"""

from __future__ import annotations

import math
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest

from faq.core.analysis import FULL_WEIGHT, AnalysedDocument
from faq.core.chinese import gist
from faq.core.phrases import PhraseBook
from faq.core.query import Concept, Lexicon, concepts
from faq.core.synonyms import SynonymBook
from faq.core.text import normalise_query
from faq.core.vocabulary import Vocabulary

# A posting is one number: the slot of the document, then the weight of the term in it.
_WEIGHT_BITS = 8
_WEIGHT_MASK = FULL_WEIGHT
# Postings read for one query before the commonest terms are left out, so that no query is slow.
MOST_POSTINGS = 120_000
MOST_CONCEPTS = 32
CANDIDATES = 60
# Articles that score less than this share of the best one are no answer.
WORTH_SHOWING = 0.12
# Documents added to the count of a small help center, so that one chance word does not outweigh all else.
IMAGINED_DOCUMENTS = 20
# The share of its score that an article keeps however little of the query it answers.
ANY_ANSWER = 0.3
# What an article gains whose whole title is asked for.
TITLE_ANSWERED = 0.3
# What an answer in the other language counts beside one in the page's own.
OTHER_LANGUAGE = 0.6


@dataclass(frozen=True)
class Match:
    """A document that answers, how well, and the terms that made it answer (to be marked)."""

    key: str
    score: float
    terms: tuple[str, ...]


class Index:
    """Documents of one language by key."""

    def __init__(self, synonyms: SynonymBook | None = None) -> None:
        self._postings: dict[str, array[int]] = {}
        self._phrase_postings: dict[str, array[int]] = {}
        self._keys: list[str | None] = []
        self._titles: list[tuple[str, ...]] = []
        self._slots: dict[str, int] = {}
        self._dead: set[int] = set()
        self._vocabulary = Vocabulary()
        self._phrases = PhraseBook()
        self.use_synonyms(synonyms or SynonymBook())

    def __len__(self) -> int:
        return len(self._slots)

    @property
    def dead_count(self) -> int:
        """Replaced and removed documents that still take room; many of them call for a fresh index."""
        return len(self._dead)

    def use_synonyms(self, synonyms: SynonymBook) -> None:
        """Read queries with these rules from now on."""
        self._lexicon = Lexicon(self._postings, self._vocabulary, self._phrases, synonyms)

    def add(self, key: str, document: AnalysedDocument) -> None:
        """Put a document in, in place of what had its key."""
        self.remove(key)
        slot = len(self._keys)
        self._keys.append(key)
        self._titles.append(document.title)
        self._slots[key] = slot
        for term, weight in document.terms.items():
            postings = self._postings.get(term)
            if postings is None:
                postings = self._postings[term] = array("I")
                self._vocabulary.add(term)
            postings.append(slot << _WEIGHT_BITS | weight)
        for phrase in document.phrases:
            self._phrases.add(phrase)
            postings = self._phrase_postings.setdefault(phrase.text, array("I"))
            postings.append(slot << _WEIGHT_BITS | phrase.weight)

    def remove(self, key: str) -> None:
        """Take a document out; nothing happens when it is not there."""
        slot = self._slots.pop(key, None)
        if slot is not None:
            self._keys[slot] = None
            self._dead.add(slot)

    def search(self, text: str, limit: int = 20) -> list[Match]:
        """The best documents for what somebody typed, best first; empty when nothing fits."""
        asked = concepts(normalise_query(text), self._lexicon)
        weighed = self._weigh(asked)
        best = self._candidates(weighed)
        return worth_showing(self._match(slot, score, weighed) for slot, score in best)[:limit]

    def _weigh(self, asked: Iterable[Concept]) -> list[_Weighed]:
        """The concepts with their rarity, the most telling first, as far as the budget goes."""
        found = [w for w in map(self._with_rarity, asked) if w.factor > 0]
        found.sort(key=lambda weighed: (-weighed.factor, weighed.size))
        kept, left = [], MOST_POSTINGS
        for weighed in found[:MOST_CONCEPTS]:
            if weighed.size <= left or not kept:
                kept.append(weighed)
                left -= weighed.size
        return kept

    def _with_rarity(self, concept: Concept) -> _Weighed:
        sources = [(self._postings[t], w, t) for t, w in concept.terms.items() if t in self._postings]
        sources += [(self._phrase_postings[p], w, p) for p, w in concept.phrases.items()]
        sources.sort(key=lambda source: (-source[1], source[2]))
        frequency = max((self._living(postings) * weight for postings, weight, _term in sources), default=0.0)
        factor = concept.weight * self._rarity(frequency) if frequency else 0.0
        return _Weighed(concept, sources, factor, sum(len(postings) for postings, _w, _t in sources))

    def _rarity(self, frequency: float) -> float:
        total = len(self._slots) + IMAGINED_DOCUMENTS
        return math.log(1 + total / (frequency + IMAGINED_DOCUMENTS / 8))

    def _living(self, postings: array[int]) -> int:
        return len(postings) - sum(1 for slot in self._dead if _weight_in(postings, slot))

    def _candidates(self, weighed: list[_Weighed]) -> list[tuple[int, float]]:
        scores = [0.0] * len(self._keys)
        is_found = bytearray(len(self._keys))
        for asked in weighed:
            asked.add_to(scores, None if asked.concept.is_support else is_found)
        for slot in self._dead:
            is_found[slot] = 0
        found = [(-score, slot) for slot, score in enumerate(scores) if is_found[slot]]
        return [(slot, -score) for score, slot in nsmallest(CANDIDATES, found)]

    def _match(self, slot: int, score: float, weighed: list[_Weighed]) -> Match:
        """The final score: documents that answer more of what was asked come first."""
        terms: dict[str, None] = {}
        answered = total = 0.0
        for asked in weighed:
            source = asked.best_source(slot)
            total += asked.factor
            if source:
                answered += asked.factor
                if not asked.concept.is_support:
                    terms.update(dict.fromkeys(asked.marks_for(source)))
        score *= ANY_ANSWER + (1 - ANY_ANSWER) * answered / total
        title = self._titles[slot]
        if title:
            score *= 1 + TITLE_ANSWERED * sum(term in terms for term in title) / len(title)
        return Match(self._keys[slot] or "", round(score, 6), tuple(terms))


@dataclass(frozen=True)
class _Weighed:
    """A concept with the postings that answer it, the best ones first."""

    concept: Concept
    sources: list[tuple[array[int], float, str]]
    factor: float
    size: int

    def add_to(self, scores: list[float], is_found: bytearray | None) -> None:
        """Add what the concept is worth to every document that answers it."""
        for slot, worth in self._worths():
            scores[slot] += worth
            if is_found is not None:
                is_found[slot] = 1

    def _worths(self) -> Iterable[tuple[int, float]]:
        if len(self.sources) == 1:
            postings, weight, _term = self.sources[0]
            unit = self.factor * weight / FULL_WEIGHT
            return [(p >> _WEIGHT_BITS, unit * (p & _WEIGHT_MASK)) for p in postings]
        best: dict[int, float] = defaultdict(float)
        for postings, weight, _term in self.sources:
            unit = self.factor * weight / FULL_WEIGHT
            for p in postings:
                worth = unit * (p & _WEIGHT_MASK)
                if worth > best[p >> _WEIGHT_BITS]:
                    best[p >> _WEIGHT_BITS] = worth
        return best.items()

    def best_source(self, slot: int) -> str | None:
        """The term or phrase by which a document answers best."""
        found = ((weight * _weight_in(postings, slot), term) for postings, weight, term in self.sources)
        best = max(found, default=(0.0, ""))
        return best[1] if best[0] > 0 else None

    def marks_for(self, source: str) -> tuple[str, ...]:
        """What to mark of a term or phrase: of a phrase, what it is about."""
        if source in self.concept.phrases:
            return self.concept.marks or (gist(source),)
        return (source,)


def _weight_in(postings: array[int], slot: int) -> int:
    """The weight of a term in the document of a slot, 0 when it is not there (slots only grow)."""
    place = bisect_left(postings, slot << _WEIGHT_BITS)
    if place < len(postings) and postings[place] >> _WEIGHT_BITS == slot:
        return postings[place] & _WEIGHT_MASK
    return 0


def merged(own: Iterable[Match], other: Iterable[Match]) -> list[Match]:
    """The answers of the page's language and of the other one as one ranking, each document once."""
    found = {match.key: match for match in own}
    for match in other:
        score, terms = match.score * OTHER_LANGUAGE, match.terms
        if match.key in found:
            score, terms = score + found[match.key].score, found[match.key].terms + terms
        found[match.key] = Match(match.key, round(score, 6), terms)
    return worth_showing(found.values())


def worth_showing(matches: Iterable[Match]) -> list[Match]:
    """The matches best first, without those that are nothing beside the best one."""
    ranked = sorted(matches, key=lambda match: (-match.score, match.key))
    return [match for match in ranked if match.score >= ranked[0].score * WORTH_SHOWING]
