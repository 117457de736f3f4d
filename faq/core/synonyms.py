"""What customers say and what the articles say: rules that editors keep as data, matched before any cutting.

A phrase matches when all its space-separated parts occur: Chinese parts as characters next to each other
(what people say in between does not count), words of other scripts in any of their forms, one typo allowed.
A Chinese phrase of one part also matches by its sound: typed as pinyin, abbreviated, or in wrong characters.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from faq.core import sounds
from faq.core.chinese import SHORTEST_PHRASE_GIST, gist
from faq.core.english import is_stop_word, stem
from faq.core.sounds import Syllables
from faq.core.text import Run, normalise, runs, word_parts
from faq.core.vocabulary import Vocabulary

EXPAND = "expand"
REPLACE = "replace"
# How sure it is that a phrase was meant, by how it was found.
SAID = 1.0
SOUNDED = 0.8
# In wrong characters a short phrase sounds like too many others.
SHORTEST_MISHEARD = 3
SHORTEST_ABBREVIATED = 2
LONGEST_SOUNDED = 12


@dataclass(frozen=True)
class SynonymRule:
    """One editor's rule: `phrases` also mean `terms` (expand) or are written as `terms` (replace)."""

    kind: str
    phrases: tuple[str, ...]
    terms: str


@dataclass(frozen=True)
class Expansion:
    """What a query also asks for because of a phrase in it, and how sure it is that the phrase was meant."""

    phrase: str
    terms: str
    sureness: float


@dataclass(frozen=True)
class _Pattern:
    phrase: str
    parts: tuple[str, ...]
    stems: frozenset[str]
    terms: str

    @property
    def size(self) -> int:
        return sum(map(len, self.parts)) + sum(map(len, self.stems))

    def says_no_more_than(self, other: _Pattern) -> bool:
        """Whether everything this pattern asks for is asked for by the other too."""
        covered = all(any(part in longer for longer in other.parts) for part in self.parts)
        return covered and self.stems <= other.stems


class SynonymBook:
    """The rules of one language, ready to be applied."""

    def __init__(self, rules: Iterable[SynonymRule] = ()) -> None:
        self._replacements: dict[str, str] = {}
        # By what a query must hold at all for them: Chinese, words of other scripts, or both.
        self._chinese: list[_Pattern] = []
        self._other: list[_Pattern] = []
        self._mixed: list[_Pattern] = []
        self._by_sound: dict[str, list[_Pattern]] = defaultdict(list)
        self._by_initials: dict[str, list[_Pattern]] = defaultdict(list)
        self._words: set[str] = set()
        self._vocabulary = Vocabulary()
        for rule in rules:
            for phrase in filter(None, map(normalise, rule.phrases)):
                self._add(rule, " ".join(phrase.split()))
        longest_first = sorted(self._replacements, key=lambda phrase: (-len(phrase), phrase))
        self._replaceable = re.compile("|".join(map(_whole, longest_first))) if longest_first else None

    def rewrite(self, normalised: str) -> str:
        """A normalised text in the articles' spelling."""
        if self._replaceable is None:
            return normalised
        return self._replaceable.sub(lambda match: self._replacements[match.group()], normalised)

    def expansions(self, normalised: str) -> list[Expansion]:
        """What a normalised text also asks for, each once.

        Of two phrases of which one holds the other, only the longer counts.
        """
        found = list(runs(normalised))
        matched = dict.fromkeys(self._said(found), SAID)
        for pattern in (*self._sounded(found), *self._abbreviated(found)):
            matched.setdefault(pattern, SOUNDED)
        kept: dict[_Pattern, float] = {}
        for pattern in sorted(matched, key=lambda pattern: -pattern.size):
            if not any(pattern.size < longer.size and pattern.says_no_more_than(longer) for longer in kept):
                kept[pattern] = matched[pattern]
        best: dict[str, Expansion] = {}
        for pattern, sureness in kept.items():
            if pattern.terms not in best or best[pattern.terms].sureness < sureness:
                best[pattern.terms] = Expansion(pattern.phrase, pattern.terms, sureness)
        return list(best.values())

    def _add(self, rule: SynonymRule, phrase: str) -> None:
        pattern = _pattern(phrase, normalise(rule.terms))
        if rule.kind == REPLACE:
            self._replacements[phrase] = pattern.terms
        elif pattern.size:
            self._like(pattern).append(pattern)
            self._learn_words(phrase)
            self._add_meant(pattern)
        if len(pattern.parts) == 1 and not pattern.stems:
            self._add_sounds(pattern, next(runs(phrase)).text)

    def _like(self, pattern: _Pattern) -> list[_Pattern]:
        if not pattern.stems:
            return self._chinese
        return self._mixed if pattern.parts else self._other

    def _add_sounds(self, pattern: _Pattern, phrase: str) -> None:
        """By the sound of the whole phrase, as pinyin is typed, and of what is left without fillers."""
        for text in dict.fromkeys((phrase, pattern.parts[0])):
            syllables = tuple(sounds.phrase_syllables(text))
            if len(syllables) >= SHORTEST_ABBREVIATED:
                self._by_sound[sounds.sound_key(syllables)].append(pattern)
                self._by_initials["".join(syllable[0] for syllable in syllables)].append(pattern)

    def _add_meant(self, pattern: _Pattern) -> None:
        """What a rule leads to may be abbreviated itself."""
        for run in runs(pattern.terms):
            if run.is_han and len(run.text) >= SHORTEST_MISHEARD:
                initials = "".join(syllable[0] for syllable in sounds.phrase_syllables(run.text))
                meant = _Pattern(run.text, (run.text,), frozenset(), run.text)
                if meant not in self._by_initials[initials]:
                    self._by_initials[initials].append(meant)

    def _learn_words(self, phrase: str) -> None:
        for word in (part.text for run in runs(phrase) if not run.is_han for part in word_parts(run)):
            if word not in self._words:
                self._words.add(word)
                self._vocabulary.add(word)

    def _said(self, found: list[Run]) -> Iterator[_Pattern]:
        raw = " ".join(run.text for run in found if run.is_han)
        said = " ".join(gist(run.text) for run in found if run.is_han)
        stems = frozenset(stem for run in found if not run.is_han for stem in self._stems(run))
        for is_said, patterns in ((raw, self._chinese), (stems, self._other), (raw and stems, self._mixed)):
            for pattern in patterns if is_said else ():
                if pattern.stems <= stems and all(part in said or part in raw for part in pattern.parts):
                    yield pattern

    def _stems(self, run: Run) -> Iterator[str]:
        """The stems of a word and, where no rule knows it, of the words it may be a misspelling of."""
        for part in word_parts(run):
            yield stem(part.text)
            if not self._vocabulary.forms(part.text) and not is_stop_word(part.text):
                likely = self._vocabulary.misspelt(part.text) or self._vocabulary.related(part.text)
                yield from map(stem, likely)

    def _sounded(self, found: list[Run]) -> Iterator[_Pattern]:
        for run in found:
            if run.is_han:
                yield from self._sounding(tuple(sounds.phrase_syllables(gist(run.text))), SHORTEST_MISHEARD)
        for letters in typed_pinyin(found):
            for syllables in sounds.spellings(letters):
                yield from self._sounding(syllables, SHORTEST_ABBREVIATED)

    def _sounding(self, syllables: Syllables, shortest: int) -> Iterator[_Pattern]:
        for start in range(len(syllables)):
            for end in range(start + shortest, min(start + LONGEST_SOUNDED, len(syllables)) + 1):
                yield from self._by_sound.get(sounds.sound_key(syllables[start:end]), ())

    def _abbreviated(self, found: list[Run]) -> Iterator[_Pattern]:
        for letters in typed_pinyin(found):
            if not any(map(sounds.is_complete, sounds.spellings(letters))):
                yield from self._by_initials.get(letters, ())


def typed_pinyin(found: list[Run]) -> list[str]:
    """The Latin words of a query, and all of them without the spaces, as pinyin may be typed."""
    words = [run.text for run in found if not run.is_han]
    return words if len(words) < 2 else [*words, "".join(words)]


def _pattern(phrase: str, terms: str) -> _Pattern:
    found = list(runs(phrase))
    parts = tuple(gist(run.text, SHORTEST_PHRASE_GIST) for run in found if run.is_han)
    stems = frozenset(stem(part.text) for run in found if not run.is_han for part in word_parts(run))
    return _Pattern(phrase, parts, stems, terms)


def _whole(phrase: str) -> str:
    """A pattern for the phrase that, in Latin script, stands for whole words only."""
    escaped = re.escape(phrase)
    return rf"(?<![a-z0-9]){escaped}(?![a-z0-9])" if phrase.isascii() else escaped
