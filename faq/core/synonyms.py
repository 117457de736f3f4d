"""What customers say and what the articles say: rules that editors keep as data, matched before any cutting.

A phrase matches when all its space-separated parts occur: Chinese parts as characters next to each other
(what people say in between does not count), words of other scripts in any of their forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from faq.core.chinese import gist
from faq.core.english import stem
from faq.core.text import normalise, runs, word_parts

EXPAND = "expand"
REPLACE = "replace"


@dataclass(frozen=True)
class SynonymRule:
    """One editor's rule: `phrases` also mean `terms` (expand) or are written as `terms` (replace)."""

    kind: str
    phrases: tuple[str, ...]
    terms: str


@dataclass(frozen=True)
class _Pattern:
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
        self._patterns: list[_Pattern] = []
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

    def expansions(self, normalised: str) -> list[str]:
        """What a normalised text also asks for; of two phrases of which one holds the other, the longer."""
        if not self._patterns:
            return []
        raw, said, stems = _said(normalised)
        matched = [p for p in self._patterns if p.stems <= stems and all(_in(part, raw, said) for part in p.parts)]
        matched.sort(key=lambda pattern: -pattern.size)
        kept: list[_Pattern] = []
        for pattern in matched:
            if not any(pattern.size < k.size and pattern.says_no_more_than(k) for k in kept):
                kept.append(pattern)
        return list(dict.fromkeys(pattern.terms for pattern in kept))

    def _add(self, rule: SynonymRule, phrase: str) -> None:
        terms = normalise(rule.terms)
        if rule.kind == REPLACE:
            self._replacements[phrase] = terms
            return
        found = list(runs(phrase))
        parts = tuple(gist(run.text) for run in found if run.is_han)
        stems = frozenset(stem(part.text) for run in found if not run.is_han for part in word_parts(run))
        if parts or stems:
            self._patterns.append(_Pattern(parts, stems, terms))


def _said(normalised: str) -> tuple[str, str, frozenset[str]]:
    """The Chinese of a text as it is and without fillers, and the stems of its other words."""
    found = list(runs(normalised))
    raw = " ".join(run.text for run in found if run.is_han)
    said = " ".join(gist(run.text) for run in found if run.is_han)
    stems = {stem(part.text) for run in found if not run.is_han for part in word_parts(run)}
    return raw, said, frozenset(stems)


def _in(part: str, raw: str, said: str) -> bool:
    return part in said or part in raw


def _whole(phrase: str) -> str:
    """A pattern for the phrase that, in Latin script, stands for whole words only."""
    escaped = re.escape(phrase)
    return rf"(?<![a-z0-9]){escaped}(?![a-z0-9])" if phrase.isascii() else escaped
