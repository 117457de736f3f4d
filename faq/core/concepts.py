"""What a query may ask for, and what each way to answer it counts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

# Weights of a term of the index against the exact word that was typed.
SAME_STEM = 0.95
SAME_BEGINNING = 0.75
ONE_EDIT = 0.9
TWO_EDITS = 0.6
EDITED_BEGINNING = 0.5
SAME_SOUND = 0.8
CONFUSED_SOUND = 0.5
NO_WORD = 0.4
# How much less a like-sounding word says when the typed one is itself known.
SOUND_OF_KNOWN = 0.3

# Weights of concepts against a plain word.
STOP_WORD = 0.08
SINGLE_CHARACTER = 0.3
NEIGHBOURS = 0.2
LOOSE_PAIR = 0.8
LONG_WORD = 1.2
EXPANSION = 0.9
# What one synonym may add, in plain words, however many terms it has.
LARGEST_EXPANSION = 2.5
REWRITTEN = 0.5
PHRASE = 1.2
ABBREVIATION = 1.5
# What words count that an abbreviation may stand for, beside phrases that it does stand for.
ABBREVIATED_APART = 0.5
SHORTEST_PREFIX = 2
SHORTEST_FORGIVEN_PREFIX = 4


@dataclass
class Concept:
    """One thing asked for: terms and phrases with their weights; `is_support` never finds on its own."""

    weight: float
    terms: dict[str, float] = field(default_factory=dict)
    phrases: dict[str, float] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    is_support: bool = False

    def offer(self, term: str, weight: float) -> None:
        """Let a term answer the concept, with its best weight."""
        self.terms[term] = max(weight, self.terms.get(term, 0.0))


def as_support(found: list[Concept]) -> list[Concept]:
    """The concepts as such that only order what others find."""
    for concept in found:
        concept.weight, concept.is_support = min(concept.weight, NEIGHBOURS), True
    return found


def lightened(found: Iterable[Concept], factor: float) -> list[Concept]:
    """The concepts with less weight."""
    for concept in found:
        concept.weight *= factor
    return list(found)


def without_repetition(found: list[Concept]) -> list[Concept]:
    """Concepts that ask for the very same are asked once, with the greatest weight."""
    kept: dict[tuple[str, ...], Concept] = {}
    for concept in found:
        if not concept.terms and not concept.phrases:
            continue
        key = (*sorted(t for t, w in concept.terms.items() if w >= SAME_STEM), "|", *sorted(concept.phrases))
        key = key if len(key) > 1 else (*sorted(concept.terms), "|")
        if key in kept:
            kept[key].weight = max(kept[key].weight, concept.weight)
            kept[key].is_support = kept[key].is_support and concept.is_support
        else:
            kept[key] = concept
    return list(kept.values())
