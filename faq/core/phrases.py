"""The Chinese phrases of titles, keywords and headings: found by first letters or whole inside a query."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from faq.core import chinese, sounds
from faq.core.analysis import LONGEST_PHRASE, Phrase
from faq.core.sounds import Syllables

MOST_CANDIDATES = 300
# How good an abbreviation is that begins in the middle of a phrase.
INNER_QUALITY = 0.8
SHORTEST_WORD, LONGEST_WORD = 2, 4
MOST_WORDS = 24
# The longest abbreviation that is taken apart, and the longest in which a letter may belong to no word.
LONGEST_ABBREVIATION, LONGEST_SKIPPED = 12, 7


class PhraseBook:
    """Every phrase of an index; phrases are only ever added."""

    def __init__(self) -> None:
        self._phrases: list[Phrase] = []
        self._known: set[str] = set()
        self._by_gist: dict[str, list[str]] = defaultdict(list)
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        self._words_by_initials: dict[str, dict[str, None]] = defaultdict(dict)
        self._initials = ""
        self._starts: list[int] = []
        self._is_joined = True

    def add(self, phrase: Phrase) -> None:
        """Take in a phrase unless it is there."""
        if phrase.text in self._known:
            return
        self._known.add(phrase.text)
        self._phrases.append(phrase)
        places = chinese.gist_places(phrase.text, chinese.SHORTEST_PHRASE_GIST)
        self._by_gist["".join(phrase.text[p] for p in places)].append(phrase.text)
        self._by_sound[sounds.sound_key(tuple(phrase.syllables[p] for p in places))].append(phrase.text)
        self._add_words(phrase)
        self._is_joined = False

    def within(self, said: str) -> dict[str, float]:
        """Phrases whose gist stands in a text, with the share of the text that it is; only the longest."""
        return _longest(self._by_gist, len(said), lambda start, end: said[start:end])

    def sounding_within(self, syllables: Syllables) -> dict[str, float]:
        """The same for what a text sounds like."""
        keys = [sounds.confusable(syllable) for syllable in syllables]
        return _longest(self._by_sound, len(keys), lambda start, end: " ".join(keys[start:end]))

    def abbreviated(self, pieces: Syllables) -> Iterator[tuple[Phrase, str, float]]:
        """Phrases with a part that `pieces` (beginnings of syllables) abbreviate: phrase, part, quality."""
        self._join()
        wanted = "".join(piece[0] for piece in pieces)
        place, seen = self._initials.find(wanted), 0
        while place >= 0 and seen < MOST_CANDIDATES:
            seen += 1
            number = bisect_right(self._starts, place) - 1
            phrase, offset = self._phrases[number], place - self._starts[number]
            syllables = phrase.syllables[offset : offset + len(pieces)]
            if all(map(str.startswith, syllables, pieces)):
                part = phrase.text[offset : offset + len(pieces)]
                yield phrase, part, _quality(phrase, offset, len(pieces))
            place = self._initials.find(wanted, place + 1)

    def words_abbreviated(self, letters: str) -> list[list[str]]:
        """Words whose first letters make up `letters` one after the other: for each word, what it may be.

        At most one letter may belong to no word.
        """
        return (self._split(letters, may_skip=True) or []) if len(letters) <= LONGEST_ABBREVIATION else []

    def _split(self, letters: str, *, may_skip: bool) -> list[list[str]] | None:
        """The fewest words for all letters, without one where that must be; None when there are none."""
        if not letters:
            return []
        ways = []
        for size in range(SHORTEST_WORD, min(LONGEST_WORD, len(letters)) + 1):
            words = self._words_by_initials.get(letters[:size])
            rest = self._split(letters[size:], may_skip=may_skip) if words else None
            if words and rest is not None:
                ways.append([list(words)[:MOST_WORDS], *rest])
        if not ways and may_skip and len(letters) <= LONGEST_SKIPPED:
            return self._split(letters[1:], may_skip=False)
        return min(ways, key=len, default=None)

    def _add_words(self, phrase: Phrase) -> None:
        """The phrase's words and pairs of characters by their first letters."""
        spans = {(start, start + len(word)) for word, start in chinese.words(phrase.text)}
        spans |= {(start, start + SHORTEST_WORD) for start in range(len(phrase.text) - 1)}
        for start, end in sorted(spans):
            if SHORTEST_WORD <= end - start <= LONGEST_WORD:
                initials = "".join(syllable[0] for syllable in phrase.syllables[start:end])
                self._words_by_initials[initials][phrase.text[start:end]] = None

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


def _longest(
    known: Mapping[str, list[str]], length: int, part: Callable[[int, int], str]
) -> dict[str, float]:
    """The known phrases among all parts of something `length` long, none inside another."""
    found: dict[str, float] = {}
    taken: list[tuple[int, int]] = []
    for size in range(min(length, LONGEST_PHRASE), 1, -1):
        for start in range(length - size + 1):
            end = start + size
            texts = known.get(part(start, end))
            if texts and not any(a <= start and end <= b for a, b in taken):
                taken.append((start, end))
                found.update(dict.fromkeys(texts, size / length))
    return found


def _quality(phrase: Phrase, offset: int, length: int) -> float:
    share = length / len(phrase.syllables)
    return (0.6 + 0.4 * share) * (INNER_QUALITY if offset else 1.0)
