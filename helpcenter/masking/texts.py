"""Masking of a whole text: every rule, one pass, the original around the finds untouched."""

from collections.abc import Iterable, Sequence

from . import signs
from .card_values import verification_values
from .cards import cards, resident_ids
from .codes import CODE_WORDS, code_words, codes, lone_code
from .findings import Finding, Hit, Masked, Taken, merged
from .folding import Folded, fold
from .keys import private_keys, seeds
from .numbers import runs
from .passwords import PASSWORD_WORDS, passwords
from .phones import abroad, mobiles

# A mask changes what stands around the rest: look again, so that masking twice is masking once.
_MOST_ROUNDS = 4


def mask_text(text: str, *, awaiting_code: bool = False) -> Masked:
    """Hide card numbers, codes, passwords, identity and phone numbers, recovery phrases and keys.

    For every text that people typed, before it is stored, logged or mailed. `awaiting_code` says that the
    writer spoke of a code within the last ten minutes (see `mentions_code`), so that a lone number is one.
    """
    folded = fold(text)
    hits = merged(_in_original(folded, find(folded, awaiting_code=awaiting_code)))
    masked = text
    for _ in range(_MOST_ROUNDS):
        if not hits:
            return Masked(text)
        masked, origins = _replaced(text, hits)
        folded = fold(masked)
        more = find(folded)
        if not more:
            break
        hits = merged([*hits, *(_moved(hit, origins) for hit in _in_original(folded, more))])
    return Masked(masked, tuple(Finding(hit.kind, hit.start, hit.end) for hit in hits))


def mentions_code(text: str) -> bool:
    """Whether the text speaks of a one-time code, a password or a PIN, so that a lone number may follow."""
    return speaks_of_code(fold(text).lower)


def speaks_of_code(lower: str) -> bool:
    """As `mentions_code`, of a folded text in lower case."""
    if not signs.speaks_of_secrets(lower):
        return False
    return CODE_WORDS.search(lower) is not None or PASSWORD_WORDS.search(lower) is not None


def find(folded: Folded, *, awaiting_code: bool = False) -> list[Hit]:
    """All finds in a folded text, which may overlap."""
    hits: list[Hit] = []
    masked: list[tuple[int, int]] = []
    speaks = signs.speaks_of_secrets(folded.lower) and signs.may_hold_value(folded.lower)
    if speaks or signs.may_hold_number(folded.plain):
        hits, masked = _numbers(folded)
    if speaks or hits:
        hits += _named(folded, hits, masked)
    if awaiting_code and not hits and signs.count_digits(folded.plain) >= signs.DIGITS_OF_A_CODE:
        hits += lone_code(folded)
    if signs.may_hold_seed(folded.lower):
        hits += seeds(folded)
    if signs.may_hold_key(folded.plain):
        hits += private_keys(folded)
    return hits


def _named(folded: Folded, numbers: Sequence[Hit], masked: Sequence[tuple[int, int]]) -> list[Hit]:
    """What stands with its word or beside a card: card values, passwords and codes."""
    # What carries a mask is spoken for: its last digits are neither a code nor a CVV.
    taken = Taken([*((hit.start, hit.end) for hit in numbers), *masked])
    hits = verification_values(folded.lower, [hit for hit in numbers if hit.kind == "card"], taken)
    words = code_words(folded)
    hits += passwords(folded, code_words=Taken(words), taken=taken, masked=Taken(masked))
    spans = ((hit.start, hit.end) for hit in (*numbers, *hits))
    hits += codes(folded, words, Taken([*spans, *masked]))
    return hits


def _numbers(folded: Folded) -> tuple[list[Hit], list[tuple[int, int]]]:
    """Numbers known by their form alone, and where numbers stand that are masked already."""
    live, masked = runs(folded)
    numbers: list[Hit] = []
    for run in live:
        identities = resident_ids(run)
        found = identities + cards(run, identities)
        numbers += found + mobiles(run, Taken((hit.start, hit.end) for hit in found))
    return [*numbers, *abroad(folded.plain)], masked


def _in_original(folded: Folded, hits: Iterable[Hit]) -> list[Hit]:
    return [Hit(hit.kind, *folded.original_span(hit.start, hit.end), hit.mask) for hit in hits]


def _moved(hit: Hit, origins: Sequence[tuple[int, int]]) -> Hit:
    """A find in the masked text, at its place in the original."""
    return Hit(hit.kind, origins[hit.start][0], origins[hit.end - 1][1], hit.mask)


def _replaced(text: str, hits: Iterable[Hit]) -> tuple[str, list[tuple[int, int]]]:
    """The text with masks, and for each of its characters the stretch of the original it stands for."""
    pieces: list[str] = []
    origins: list[tuple[int, int]] = []
    position = 0
    for hit in hits:
        pieces += text[position : hit.start], hit.mask
        origins += [(index, index + 1) for index in range(position, hit.start)]
        origins += [(hit.start, hit.end)] * len(hit.mask)
        position = hit.end
    origins += [(index, index + 1) for index in range(position, len(text))]
    return "".join((*pieces, text[position:])), origins
