"""How much a document answers: concepts with the postings that answer them, cheap for many, exact for few.

A posting is one number: the slot of the document, then the weight of the term in it.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nlargest, nsmallest

from faq.core.analysis import FULL_WEIGHT
from faq.core.chinese import gist
from faq.core.concepts import Concept

WEIGHT_BITS = 8
_WEIGHT_MASK = FULL_WEIGHT
# Postings read to choose candidates; the commonest concepts then only order them, so no query is slow.
MOST_POSTINGS = 60_000
# Postings read for one concept, its surest answers first.
MOST_PER_CONCEPT = 20_000
MOST_CONCEPTS = 32
CANDIDATES = 60
# Articles that score less than this share of the best one are no answer.
WORTH_SHOWING = 0.03
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


@dataclass(frozen=True)
class Source:
    """A term or phrase of the index that answers a concept, as surely as `weight` says."""

    postings: array[int]
    weight: float
    term: str


@dataclass(frozen=True)
class Asked:
    """A concept with all that answers it, the surest first; `factor` is what a full answer is worth."""

    concept: Concept
    sources: list[Source]
    factor: float

    @property
    def size(self) -> int:
        """How many postings are read for it."""
        return sum(len(source.postings) for source in self.sources)

    def add_to(self, scores: list[float], is_counted: bytearray) -> None:
        """Add what the surest source is worth to every document; `is_counted` comes in and is left empty."""
        if len(self.sources) == 1:
            unit = self.factor * self.sources[0].weight / FULL_WEIGHT
            for posting in self.sources[0].postings:
                scores[posting >> WEIGHT_BITS] += unit * (posting & _WEIGHT_MASK)
            return
        for source in self.sources:
            unit = self.factor * source.weight / FULL_WEIGHT
            for posting in source.postings:
                slot = posting >> WEIGHT_BITS
                if not is_counted[slot]:
                    is_counted[slot] = 1
                    scores[slot] += unit * (posting & _WEIGHT_MASK)
        is_counted[:] = bytes(len(is_counted))

    def best(self, slot: int) -> tuple[float, str]:
        """How much (to 1) and by which term a document answers; 0 when it does not."""
        answers = ((s.weight * weight_in(s.postings, slot) / FULL_WEIGHT, s.term) for s in self.sources)
        return max(answers, default=(0.0, ""))

    def marks_for(self, term: str) -> tuple[str, ...]:
        """What to mark of a term or phrase: of a phrase, what it is about."""
        if term in self.concept.phrases:
            return self.concept.marks or (gist(term),)
        return (term,)


def weight_in(postings: array[int], slot: int) -> int:
    """The weight of a term in the document of a slot, 0 when it is not there (slots only grow)."""
    place = bisect_left(postings, slot << WEIGHT_BITS)
    if place < len(postings) and postings[place] >> WEIGHT_BITS == slot:
        return postings[place] & _WEIGHT_MASK
    return 0


def surest(sources: list[Source]) -> list[Source]:
    """The sources of one concept in order, as many as may be read."""
    kept: list[Source] = []
    left = MOST_PER_CONCEPT
    for source in sorted(sources, key=lambda source: (-source.weight, len(source.postings), source.term)):
        if len(source.postings) <= left or not kept:
            kept.append(source)
            left -= len(source.postings)
    return kept


def candidates(asked: Iterable[Asked], keys: Sequence[str | None]) -> list[int]:
    """The slots (of those with a key) that may hold the best documents, at most `CANDIDATES`."""
    scores, is_counted = [0.0] * len(keys), bytearray(len(keys))
    for one in asked:
        one.add_to(scores, is_counted)
    best = nlargest(CANDIDATES, scores)
    least = max(best[-1], best[0] * WORTH_SHOWING * ANY_ANSWER) if best else 0.0
    found = [slot for slot, score in enumerate(scores) if score >= least and keys[slot]] if least else []
    return nsmallest(CANDIDATES, found, key=lambda slot: (-scores[slot], keys[slot]))


def match(slot: int, key: str, asked: list[Asked], title: tuple[str, ...]) -> Match:
    """The final score: documents that answer more of what was asked, or that were asked by name, gain."""
    terms: dict[str, None] = {}
    score = answered = total = 0.0
    for one in asked:
        share, term = one.best(slot)
        total += one.factor
        if share:
            score += one.factor * share
            answered += one.factor
            if not one.concept.is_support:
                terms.update(dict.fromkeys(one.marks_for(term)))
    score *= ANY_ANSWER + (1 - ANY_ANSWER) * answered / total
    if title:
        score *= 1 + TITLE_ANSWERED * sum(term in terms for term in title) / len(title)
    return Match(key, round(score, 6), tuple(terms))


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
