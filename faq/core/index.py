"""A ranked index in memory: terms to articles, and the best articles for the concepts of a query.

No clock, no threads, no database: whoever owns an index feeds it and guards it. The same documents give
the same answers in the same order, in whatever order they came.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable

from faq.core import ranking
from faq.core.analysis import AnalysedDocument
from faq.core.concepts import Concept
from faq.core.phrases import PhraseBook
from faq.core.query import Lexicon, concepts
from faq.core.ranking import WEIGHT_BITS, Asked, Match, Source, weight_in
from faq.core.synonyms import SynonymBook
from faq.core.text import normalise_query
from faq.core.vocabulary import Vocabulary

# Documents added to the count of a small help center, so that one chance word does not outweigh all else.
IMAGINED_DOCUMENTS = 20


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
        postings, place = self._postings, slot << WEIGHT_BITS
        for term, weight in document.terms.items():
            try:
                postings[term].append(place | weight)
            except KeyError:
                postings[term] = array("I", (place | weight,))
                self._vocabulary.add(term)
        for phrase in document.phrases:
            self._phrases.add(phrase)
            self._phrase_postings.setdefault(phrase.text, array("I")).append(place | phrase.weight)

    def remove(self, key: str) -> None:
        """Take a document out; nothing happens when it is not there."""
        slot = self._slots.pop(key, None)
        if slot is not None:
            self._keys[slot] = None
            self._dead.add(slot)

    def search(self, text: str, limit: int = 20, *, is_typing: bool = True) -> list[Match]:
        """The best documents for what somebody typed, best first; empty when nothing fits.

        `is_typing`: the last word may be unfinished.
        """
        asked = self._asked(concepts(normalise_query(text), self._lexicon, is_typing=is_typing))
        slots = ranking.candidates(_leading(asked), self._keys)
        found = (ranking.match(slot, self._keys[slot] or "", asked, self._titles[slot]) for slot in slots)
        return ranking.worth_showing(found)[:limit]

    def _asked(self, wanted: Iterable[Concept]) -> list[Asked]:
        """The concepts with what answers them, the most telling first."""
        found = [asked for asked in map(self._answerable, wanted) if asked.sources]
        found.sort(key=lambda asked: (-asked.factor, asked.size))
        return found[: ranking.MOST_CONCEPTS]

    def _answerable(self, concept: Concept) -> Asked:
        known, phrases = self._postings, self._phrase_postings
        sources = [
            Source(known[term], weight, term) for term, weight in concept.terms.items() if term in known
        ]
        sources += (Source(phrases[phrase], weight, phrase) for phrase, weight in concept.phrases.items())
        frequency = max((self._living(source.postings) * source.weight for source in sources), default=0.0)
        return Asked(concept, ranking.surest(sources), concept.weight * self._rarity(frequency))

    def _rarity(self, frequency: float) -> float:
        total = len(self._slots) + IMAGINED_DOCUMENTS
        return math.log(1 + total / (frequency + IMAGINED_DOCUMENTS / 8))

    def _living(self, postings: array[int]) -> int:
        return len(postings) - sum(1 for slot in self._dead if weight_in(postings, slot))


def _leading(asked: list[Asked]) -> list[Asked]:
    """The concepts by which documents are found, as far as the budget goes; the others order them."""
    kept: list[Asked] = []
    left = ranking.MOST_POSTINGS
    for one in asked:
        if not one.concept.is_support and (one.size <= left or not kept):
            kept.append(one)
            left -= one.size
    return kept
