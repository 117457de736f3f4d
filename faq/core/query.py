"""What a query asks for: concepts, each with the terms of the index that would answer it, exact ones first.

The same concept may be met by the word itself, another form, a typo, the same sound or an abbreviation;
an article counts it once, by the best it has.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from faq.core import chinese, english, sounds
from faq.core.concepts import (
    ABBREVIATED_APART,
    ABBREVIATION,
    CONFUSED_SOUND,
    EDITED_BEGINNING,
    EXPANSION,
    LARGEST_EXPANSION,
    LONG_WORD,
    LOOSE_PAIR,
    NEIGHBOURS,
    NO_WORD,
    ONE_EDIT,
    PHRASE,
    REWRITTEN,
    SAME_BEGINNING,
    SAME_SOUND,
    SAME_STEM,
    SHORTEST_FORGIVEN_PREFIX,
    SHORTEST_PREFIX,
    SINGLE_CHARACTER,
    SOUND_OF_KNOWN,
    STOP_WORD,
    TWO_EDITS,
    Concept,
    as_support,
    lightened,
    without_repetition,
)
from faq.core.phrases import PhraseBook
from faq.core.sounds import Syllables
from faq.core.synonyms import Expansion, SynonymBook
from faq.core.text import Run, joined, mainland_wording, runs, word_parts
from faq.core.vocabulary import Vocabulary


@dataclass(frozen=True)
class Lexicon:
    """What an index knows of words."""

    terms: Collection[str]
    vocabulary: Vocabulary
    phrases: PhraseBook
    synonyms: SynonymBook


def concepts(normalised: str, lexicon: Lexicon, *, is_typing: bool = True) -> list[Concept]:
    """What a normalised query asks for; `is_typing`: the last word may be unfinished."""
    reader = _Reader(lexicon)
    text = lexicon.synonyms.rewrite(normalised)
    found = reader.read(text, is_typing=is_typing)
    if text != normalised:
        found += lightened(_Reader(lexicon, is_literal=True).read(normalised, is_typing=False), REWRITTEN)
    for expansion in lexicon.synonyms.expansions(text):
        _expand(found, expansion, reader.read(expansion.terms, is_typing=False))
    other = mainland_wording(normalised)
    if other:
        found += lightened(reader.read(lexicon.synonyms.rewrite(other), is_typing=False), EXPANSION)
    return without_repetition(found)


class _Reader:
    """Finds the concepts of a text; `is_literal`: without sounds, typos and pinyin."""

    def __init__(self, lexicon: Lexicon, *, is_literal: bool = False) -> None:
        self._terms = lexicon.terms
        self._vocabulary = lexicon.vocabulary
        self._phrases = lexicon.phrases
        self._is_literal = is_literal

    def read(self, text: str, *, is_typing: bool) -> list[Concept]:
        """The concepts of a text, without its stop words unless it has nothing else."""
        found = list(runs(text))
        concepts: list[Concept] = []
        for run in found:
            if run.is_han:
                concepts += self._han(run.text)
        concepts += self._latin(text, [run for run in found if not run.is_han], is_typing=is_typing)
        concepts += self._joined_neighbours(found)
        meaningful = [concept for concept in concepts if concept.weight > STOP_WORD]
        return meaningful or concepts

    # Chinese

    def _han(self, run: str) -> list[Concept]:
        words = chinese.words(run)
        covered = {
            place
            for word, start in words
            if len(word) > 1 and word in self._terms
            for place in range(start, start + len(word))
        }
        found = [self._han_word(word) for word, start in words if len(word) > 1 and start in covered]
        found += self._neighbours(run, words, covered)
        said = chinese.gist(run)
        whole = self._phrases.within(said)
        if not self._is_literal:
            alike = self._phrases.sounding_within(tuple(sounds.phrase_syllables(said)))
            whole = {phrase: share * SAME_SOUND for phrase, share in alike.items()} | whole
        if whole:
            found.append(Concept(PHRASE, phrases=whole))
        return found

    def _han_word(self, word: str) -> Concept:
        weight = LONG_WORD if len(word) > 2 else 1.0
        concept = Concept(STOP_WORD if chinese.is_stop_word(word) else weight, {word: 1.0})
        if not chinese.is_stop_word(word):
            self._offer_sounds(concept, word, SOUND_OF_KNOWN)
        return concept

    def _neighbours(self, run: str, words: list[tuple[str, int]], covered: set[int]) -> list[Concept]:
        """Pairs of characters across words, and what is left that belongs to no known word."""
        silent = {
            place
            for word, start in words
            if chinese.is_stop_word(word)
            for place in range(start, start + len(word))
        }
        explained = set(covered)
        known_words = {(word, start) for word, start in words if start in covered}
        found = []
        for start in range(len(run) - 1):
            pair, places = run[start : start + 2], {start, start + 1}
            if places <= silent or (pair, start) in known_words:
                continue
            is_loose = not places <= covered and not places & silent
            concept = self._pair(pair, is_loose=is_loose)
            if concept.terms:
                found.append(concept)
                explained |= places if is_loose else set()
        for place, character in enumerate(run):
            if place not in explained:
                weight = STOP_WORD if place in silent else SINGLE_CHARACTER
                found.append(Concept(weight, self._known(character), is_support=len(run) > 1))
        return found

    def _pair(self, pair: str, *, is_loose: bool) -> Concept:
        concept = Concept(LOOSE_PAIR if is_loose else NEIGHBOURS, self._known(pair), is_support=not is_loose)
        if is_loose and not concept.terms:
            self._offer_sounds(concept, pair, 1.0)
        return concept

    def _offer_sounds(self, concept: Concept, word: str, factor: float) -> None:
        for reading in () if self._is_literal else sounds.readings(word):
            for term, is_same in self._vocabulary.sounding_like(reading).items():
                if term != word:
                    concept.offer(term, factor * (SAME_SOUND if is_same else CONFUSED_SOUND))

    def _known(self, term: str) -> dict[str, float]:
        return {term: 1.0} if term in self._terms else {}

    # Words of other scripts

    def _latin(self, text: str, found: list[Run], *, is_typing: bool) -> list[Concept]:
        """The concepts of all words; those that no article knows may be pinyin or misspelt."""
        concepts: list[Concept] = []
        unknown: list[Run] = []
        for run in found:
            is_last = is_typing and run.end == len(text)
            parts, whole = word_parts(run), joined(run)
            for part in parts:
                concept = self._word(part.text, is_last=is_last and part.end == run.end)
                if len(parts) > 1 and whole in self._terms:
                    concept.weight, concept.is_support = NEIGHBOURS, True
                concepts += [concept] if concept.terms else []
                if not self._vocabulary.forms(part.text):
                    unknown.append(part)
            if len(parts) > 1:
                concepts.append(Concept(1.0, self._known(whole)))
        if unknown and not self._is_literal:
            is_unfinished = is_typing and unknown[-1].end == len(text)
            concepts += self._pinyin_or_typo(unknown, concepts, is_typing=is_unfinished)
        return concepts

    def _word(self, word: str, *, is_last: bool) -> Concept:
        concept = Concept(STOP_WORD if english.is_stop_word(word) else 1.0)
        for form in self._vocabulary.forms(word):
            concept.offer(form, 1.0 if form == word else SAME_STEM)
        if self._may_be_beginning(word, is_last=is_last, is_known=bool(concept.terms)):
            for longer in self._vocabulary.starting_with(word):
                concept.offer(longer, SAME_BEGINNING)
        return concept

    def _may_be_beginning(self, word: str, *, is_last: bool, is_known: bool) -> bool:
        if is_last:
            return len(word) >= SHORTEST_PREFIX
        return not is_known and len(word) >= SHORTEST_FORGIVEN_PREFIX

    def _pinyin_or_typo(self, unknown: list[Run], known: list[Concept], *, is_typing: bool) -> list[Concept]:
        pinyin = self._pinyin([run.text for run in unknown])
        if pinyin:
            return pinyin
        begun = {term for concept in known for term in concept.terms}
        found: list[Concept] = []
        for run in unknown:
            if not any(term.startswith(run.text) for term in begun):
                found += self._misspelt(run.text, is_last=is_typing and run is unknown[-1])
        return found

    def _misspelt(self, word: str, *, is_last: bool) -> list[Concept]:
        if english.is_stop_word(word):
            return []
        concept = Concept(1.0)
        for candidate, edits in self._vocabulary.misspelt(word).items():
            concept.offer(candidate, ONE_EDIT if edits <= 1 else TWO_EDITS)
        if not concept.terms:
            for longer in self._vocabulary.misspelt_beginning(word) if is_last else ():
                concept.offer(longer, EDITED_BEGINNING)
            for related in self._vocabulary.related(word):
                concept.offer(related, EDITED_BEGINNING)
        return [concept] if concept.terms else self._run_together(word)

    def _run_together(self, word: str) -> list[Concept]:
        """Two known words written without the space between them."""
        for place in range(len(word) - SHORTEST_FORGIVEN_PREFIX + 1, SHORTEST_PREFIX, -1):
            head, tail = word[:place], word[place:]
            if head in self._terms and tail in self._terms:
                return [Concept(1.0, {head: 1.0}), Concept(1.0, {tail: 1.0})]
        return []

    def _joined_neighbours(self, found: list[Run]) -> list[Concept]:
        """Words that the articles write as one: log in, wi fi."""
        pairs = pairwise(found)
        together = (a.text + b.text for a, b in pairs if not a.is_han and not b.is_han)
        return [Concept(1.0, {word: 1.0}) for word in together if word in self._terms]

    # Pinyin

    def _pinyin(self, words: list[str]) -> list[Concept]:
        """What words sound like when they are pinyin; syllables typed one by one are read together."""
        spelt = [sounds.spellings(word) for word in words]
        if len(words) > 1 and all(spelt) and all(len(ways[0]) == 1 for ways in spelt):
            words = ["".join(words)]
        found: list[Concept] = []
        for word in words:
            found += self._spelt(word) or self._abbreviated(word)
        if found and len(words) > 1:
            found += as_support(self._spelt("".join(words)))
        return found

    def _spelt(self, letters: str) -> list[Concept]:
        best: list[Concept] = []
        for syllables in sounds.spellings(letters) if len(letters) >= SHORTEST_PREFIX else ():
            found = self._sounding(syllables)
            if _strength(found) > _strength(best):
                best = found
        return best

    def _sounding(self, syllables: Syllables) -> list[Concept]:
        """Concepts for the pairs of syllables and for longer words that sound so."""
        is_complete = sounds.is_complete(syllables)
        if len(syllables) == 1:
            return self._sound(syllables, 1.0, is_unfinished=True)
        found: list[Concept] = []
        for size, weight in ((2, LOOSE_PAIR), (3, LONG_WORD), (4, LONG_WORD)):
            for start in range(len(syllables) - size + 1):
                part = syllables[start : start + size]
                reaches_end = start + size == len(syllables)
                found += self._sound(part, weight, is_unfinished=reaches_end and not is_complete)
        whole = self._phrases.sounding_within(syllables)
        if whole:
            found.append(Concept(PHRASE, phrases=whole))
        return found

    def _sound(self, syllables: Syllables, weight: float, *, is_unfinished: bool) -> list[Concept]:
        concept = Concept(weight)
        for term, is_same in self._vocabulary.sounding_like(syllables).items():
            concept.offer(term, _likelihood(term) * (1.0 if is_same else CONFUSED_SOUND))
        for term in self._vocabulary.starting_to_sound_like(syllables) if is_unfinished else ():
            concept.offer(term, _likelihood(term) * SAME_BEGINNING)
        if any(map(chinese.is_stop_word, concept.terms)):
            concept.weight = STOP_WORD
        return [concept] if concept.terms else []

    def _abbreviated(self, letters: str) -> list[Concept]:
        concept = Concept(ABBREVIATION)
        marks: dict[str, None] = {}
        for pieces in sounds.abbreviations(letters):
            if len(pieces) < SHORTEST_PREFIX:
                continue
            for phrase, part, quality in self._phrases.abbreviated(pieces):
                concept.phrases[phrase.text] = max(quality, concept.phrases.get(phrase.text, 0.0))
                marks[part] = None
        concept.marks = tuple(marks)
        words = self._phrases.words_abbreviated(letters)
        apart = [Concept(LOOSE_PAIR, dict.fromkeys(candidates, 1.0)) for candidates in words]
        return [concept, *lightened(apart, ABBREVIATED_APART)] if concept.phrases else apart


def _likelihood(term: str) -> float:
    """How likely somebody meant a term by its sound: words rather than characters that happen to meet."""
    return 1.0 if chinese.is_word(term) else NO_WORD


def _strength(found: list[Concept]) -> float:
    """How much of a spelling means something: the more and the longer words, the likelier it was meant."""
    answers = ((c.weight, (*c.terms.values(), *c.phrases.values())) for c in found)
    return sum(weight * max(sure) for weight, sure in answers)


def _expand(found: list[Concept], expansion: Expansion, meant: list[Concept]) -> None:
    """Add what a synonym means; where it is one word for another, as one more answer to the same concept."""
    telling = [concept for concept in meant if not concept.is_support]
    typed = [concept for concept in found if concept.terms.get(expansion.phrase) == 1.0]
    if len(telling) == 1 and typed:
        for term, weight in telling[0].terms.items():
            typed[0].offer(term, weight * EXPANSION)
        return
    total = sum(concept.weight for concept in telling)
    share = min(1.0, LARGEST_EXPANSION / total) if total else 1.0
    found += lightened(meant, EXPANSION * expansion.sureness * share)
