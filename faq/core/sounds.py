"""How Chinese sounds: readings of characters, what a Latin text spells, and sounds that people confuse."""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.constants import PINYIN_DICT

MOST_READINGS = 8
# Rarer readings of a character only make words sound alike that nobody confuses.
USUAL_READINGS = 2
MOST_SPELLINGS = 12
LONGEST_SYLLABLE = 6
# A Latin word longer than this is no pinyin that somebody types without a space.
LONGEST_SPELLING = 40

Syllables = tuple[str, ...]


@lru_cache(maxsize=30_000)
def character_readings(character: str) -> Syllables:
    """The usual toneless readings of one character, best first; empty for what is no character."""
    if ord(character) not in PINYIN_DICT:
        return ()
    return tuple(pinyin(character, style=Style.NORMAL, heteronym=True)[0][:USUAL_READINGS])


def is_chinese(term: str) -> bool:
    """Whether a term is Chinese characters (terms never mix scripts)."""
    return bool(character_readings(term[0]))


def readings(term: str) -> list[Syllables]:
    """The ways a Chinese term can be read, at most `MOST_READINGS`."""
    found: list[Syllables] = []
    for combination in product(*map(character_readings, term)):
        found.append(combination)
        if len(found) == MOST_READINGS:
            break
    return found


def phrase_syllables(phrase: str) -> list[str]:
    """How a phrase is read in its context, one syllable a character."""
    return lazy_pinyin(phrase)


@lru_cache(maxsize=5_000)
def confusable(syllable: str) -> str:
    """One form for syllables that many speakers do not tell apart: zh/z, ch/c, sh/s, n/l, -ng/-n."""
    if syllable[:2] in ("zh", "ch", "sh"):
        syllable = syllable[0] + syllable[2:]
    elif syllable[:1] == "l":
        syllable = "n" + syllable[1:]
    return syllable[:-1] if syllable.endswith("ng") else syllable


def sound_key(syllables: Syllables) -> str:
    """The key under which terms of the same or a confusable sound meet."""
    return " ".join(map(confusable, syllables))


@lru_cache(maxsize=2_000)
def spellings(letters: str) -> tuple[Syllables, ...]:
    """The ways a Latin text reads as pinyin, fewest syllables first; the last syllable may be unfinished.

    Empty when it is no pinyin. `xian` gives both `xian` and `xi an`.
    """
    if len(letters) > LONGEST_SPELLING or not letters.isascii() or not letters.isalpha():
        return ()
    found = sorted(_split(letters), key=lambda way: (not is_complete(way), len(way), way))
    return tuple(found[:MOST_SPELLINGS])


def is_complete(syllables: Syllables) -> bool:
    """Whether the last syllable is finished."""
    return syllables[-1] in _all_syllables()


@lru_cache(maxsize=2_000)
def abbreviations(letters: str) -> tuple[Syllables, ...]:
    """The ways a Latin text abbreviates pinyin: first letters, whole syllables, or a mix of them."""
    if len(letters) > LONGEST_SPELLING or not letters.isascii() or not letters.isalpha():
        return ()
    partial: list[list[Syllables]] = [[()]] + [[] for _ in letters]
    for end in range(1, len(letters) + 1):
        ways = [
            (*before, letters[start:end])
            for start in range(max(0, end - LONGEST_SYLLABLE), end)
            if _is_piece(letters[start:end])
            for before in partial[start]
        ]
        partial[end] = sorted(ways, key=lambda way: (len(way), way))[:MOST_SPELLINGS]
    return tuple(partial[-1])


def _split(letters: str) -> list[Syllables]:
    partial: list[list[Syllables]] = [[()]] + [[] for _ in letters]
    for end in range(1, len(letters) + 1):
        is_last = end == len(letters)
        for start in range(max(0, end - LONGEST_SYLLABLE), end):
            piece = letters[start:end]
            if piece in _all_syllables() or (is_last and piece in _beginnings()):
                partial[end].extend((*before, piece) for before in partial[start])
        partial[end] = sorted(partial[end], key=lambda way: (len(way), way))[: 2 * MOST_SPELLINGS]
    return partial[-1]


def _is_piece(letters: str) -> bool:
    is_initial = letters in ("zh", "ch", "sh") or (len(letters) == 1 and letters not in "iuv")
    return is_initial or letters in _all_syllables()


@lru_cache(maxsize=1)
def _all_syllables() -> frozenset[str]:
    """The syllables of the common characters (first level of GB 2312)."""
    common = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    characters = (code.decode("gb2312", "ignore") for code in common)
    found = {lazy_pinyin(character)[0] for character in characters if character}
    return frozenset(s for s in found if s.isascii() and s.isalpha() and _VOWELS.intersection(s))


_VOWELS = frozenset("aeiouv")


@lru_cache(maxsize=1)
def _beginnings() -> frozenset[str]:
    return frozenset(s[:length] for s in _all_syllables() for length in range(1, len(s) + 1))
