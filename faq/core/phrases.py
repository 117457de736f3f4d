"""The Chinese phrases of titles, keywords and headings: found by first letters or as a whole inside a query."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator

from faq.core.analysis import Phrase
from faq.core.chinese import gist
from faq.core.sounds import Syllables

MOST_CANDIDATES = 300
# How good an abbreviation is that begins in the middle of a phrase.
INNER_QUALITY = 0.8


class PhraseBook:
    """Every phrase of an index; phrases are only ever added."""

    def __init__(self) -> None:
        self._phrases: list[Phrase] = []
        self._known: set[str] = set()
        self._by_gist: dict[str, list[str]] = defaultdict(list)
        self._initials = ""
        self._starts: list[int] = []
        self._is_joined = True

    def add(self, phrase: Phrase) -> None:
        """Take in a phrase unless it is there."""
        if phrase.text in self._known:
            return
        self._known.add(phrase.text)
        self._phrases.append(phrase)
        self._by_gist[gist(phrase.text)].append(phrase.text)
        self._is_joined = False

    def within(self, said: str) -> dict[str, float]:
        """Phrases whose gist stands in a text, with the share of the text that it is; only the longest."""
        found: dict[str, float] = {}
        taken: list[tuple[int, int]] = []
        for size in range(len(said), 1, -1):
            for start in range(len(said) - size + 1):
                texts = self._by_gist.get(said[start : start + size])
                if texts and not any(a <= start and start + size <= b for a, b in taken):
                    taken.append((start, start + size))
                    found.update(dict.fromkeys(texts, size / len(said)))
        return found

    def abbreviated(self, pieces: Syllables) -> Iterator[tuple[Phrase, str, float]]:
        """Phrases with a part that `pieces` (beginnings of syllables) abbreviate: phrase, part, quality to 1."""
        self._join()
        wanted = "".join(piece[0] for piece in pieces)
        place, seen = self._initials.find(wanted), 0
        while place >= 0 and seen < MOST_CANDIDATES:
            seen += 1
            number = bisect_right(self._starts, place) - 1
            phrase, offset = self._phrases[number], place - self._starts[number]
            syllables = phrase.syllables[offset : offset + len(pieces)]
            if all(map(str.startswith, syllables, pieces)):
                yield phrase, phrase.text[offset : offset + len(pieces)], _quality(phrase, offset, len(pieces))
            place = self._initials.find(wanted, place + 1)

    def _join(self) -> None:
        """Put the first letters of all phrases into one string: searching it takes microseconds."""
        if self._is_joined:
            return
        lines, position, self._starts = [], 0, []
        for phrase in self._phrases:
            lines.append("".join(syllable[0] for syllable in phrase.syllables))
            self._starts.append(position)
            position += len(lines[-1]) + 1
        self._initials = "\n".join(lines)
        self._is_joined = True


def _quality(phrase: Phrase, offset: int, length: int) -> float:
    share = length / len(phrase.syllables)
    return (0.6 + 0.4 * share) * (INNER_QUALITY if offset else 1.0)
