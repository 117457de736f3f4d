"""The Chinese phrases of titles, keywords and headings: found by first letters or whole inside a query."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from faq.core import chinese, sounds
from faq.core.analysis import Phrase
from faq.core.sounds import Syllables

MOST_CANDIDATES = 300
# How good an abbreviation is that begins in the middle of a phrase.
INNER_QUALITY = 0.8
SHORTEST_WORD, LONGEST_WORD = 2, 4


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
        for word, start in chinese.words(phrase.text):
            if SHORTEST_WORD <= len(word) <= LONGEST_WORD:
                syllables = phrase.syllables[start : start + len(word)]
                self._words_by_initials["".join(s[0] for s in syllables)][word] = None
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
        """Words whose first letters make up `letters` one after the other: for each word, what it may be."""
        if not letters:
            return []
        best: list[list[str]] = []
        for size in range(LONGEST_WORD, SHORTEST_WORD - 1, -1):
            words = self._words_by_initials.get(letters[:size])
            if not words or len(letters) < size:
                continue
            rest = self.words_abbreviated(letters[size:])
            if (rest or len(letters) == size) and (not best or len(rest) + 1 < len(best)):
                best = [list(words), *rest]
        return best

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
    for size in range(length, 1, -1):
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
