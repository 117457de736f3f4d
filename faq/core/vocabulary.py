"""The terms of an index and the ways to get to one: a beginning, another form, a typo, a sound."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from rapidfuzz import process
from rapidfuzz.distance import OSA

from faq.core import sounds
from faq.core.english import stem
from faq.core.sounds import Syllables

SHORTEST_TYPO = 4
SHORTEST_DOUBLE_TYPO = 8
# How much of two words must be the same at their beginning for them to be about the same thing.
SHORTEST_SHARED, SHARED_PART = 5, 0.6
LONGEST_SOUNDED = 5
MOST_FOUND = 24


class Vocabulary:
    """Every term that some document holds; terms are only ever added."""

    def __init__(self) -> None:
        self._words = _SortedTerms()
        self._sound_keys = _SortedTerms()
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        self._by_length: dict[int, list[str]] = defaultdict(list)
        self._by_sound: dict[str, list[str]] = defaultdict(list)

    def add(self, term: str) -> None:
        """Take in a term that is not yet there."""
        if sounds.is_chinese(term):
            self._add_sounds(term)
            return
        self._words.add(term)
        self._by_stem[stem(term)].append(term)
        self._by_length[len(term)].append(term)

    def forms(self, word: str) -> list[str]:
        """Terms with the same stem."""
        return self._by_stem.get(stem(word), [])

    def starting_with(self, beginning: str) -> list[str]:
        """Words that begin so, the shortest first."""
        return sorted(self._words.starting_with(beginning), key=lambda word: (len(word), word))[:MOST_FOUND]

    def misspelt(self, word: str) -> dict[str, int]:
        """Words one edit away (two for long words), with the number of edits; none for short words."""
        if len(word) < SHORTEST_TYPO or word.isdigit():
            return {}
        most = 2 if len(word) >= SHORTEST_DOUBLE_TYPO else 1
        lengths = range(len(word) - most, len(word) + most + 1)
        near = [candidate for length in lengths for candidate in self._by_length.get(length, ())]
        found = process.extract(word, near, scorer=OSA.distance, score_cutoff=most, limit=MOST_FOUND)
        return {candidate: int(edits) for candidate, edits, _place in found}

    def related(self, word: str) -> list[str]:
        """Words that share a long beginning with this one: impersonation, impersonator."""
        shared = max(SHORTEST_SHARED, round(len(word) * SHARED_PART))
        return self.starting_with(word[:shared]) if len(word) > shared else []

    def misspelt_beginning(self, beginning: str) -> list[str]:
        """Words whose beginning is one edit away from what was typed so far."""
        if len(beginning) <= SHORTEST_TYPO:
            return []
        near = [w for w in self._words.starting_with(beginning[:2]) if len(w) >= len(beginning)]
        heads = [word[: len(beginning)] for word in near]
        found = process.extract(beginning, heads, scorer=OSA.distance, score_cutoff=1, limit=MOST_FOUND)
        return [near[place] for _head, _edits, place in found]

    def sounding_like(self, syllables: Syllables) -> dict[str, bool]:
        """Terms of the same sound (True) or of one that is easily confused with it (False)."""
        found = self._by_sound.get(sounds.sound_key(syllables), ())
        return {term: syllables in sounds.readings(term) for term in found}

    def starting_to_sound_like(self, syllables: Syllables) -> list[str]:
        """Terms that sound so as far as the last, unfinished syllable goes; the first few in order."""
        key = sounds.sound_key(syllables)
        found: list[str] = []
        for longer in self._sound_keys.starting_with(key):
            if len(found) < MOST_FOUND and longer.count(" ") == key.count(" "):
                found += (term for term in self._by_sound[longer] if _begins_to_sound(term, syllables))
        return found[:MOST_FOUND]

    def _add_sounds(self, term: str) -> None:
        if len(term) > LONGEST_SOUNDED:
            return
        for key in {sounds.sound_key(reading) for reading in sounds.readings(term)}:
            if key not in self._by_sound:
                self._sound_keys.add(key)
            self._by_sound[key].append(term)


class _SortedTerms:
    """Strings in order; sorted again only when something was added."""

    def __init__(self) -> None:
        self._terms: list[str] = []
        self._is_sorted = True

    def add(self, term: str) -> None:
        self._terms.append(term)
        self._is_sorted = False

    def starting_with(self, beginning: str) -> Iterator[str]:
        if not self._is_sorted:
            self._terms.sort()
            self._is_sorted = True
        for place in range(bisect_left(self._terms, beginning), len(self._terms)):
            if not self._terms[place].startswith(beginning):
                return
            yield self._terms[place]


def _begins_to_sound(term: str, syllables: Syllables) -> bool:
    last = len(syllables) - 1
    readings = sounds.readings(term)
    return any(r[:last] == syllables[:last] and r[last].startswith(syllables[last]) for r in readings)
