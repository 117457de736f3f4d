"""Masking of a whole text: every rule, one pass, the original around the finds untouched."""

from collections.abc import Iterable

from .cards import cards, resident_ids
from .codes import CODE_WORDS, codes, lone_code, verification_values
from .findings import Finding, Hit, Masked, merged
from .folding import Folded, fold
from .keys import private_keys, seeds
from .numbers import runs
from .passwords import PASSWORD_WORDS, passwords
from .phones import abroad, mobiles


def mask_text(text: str, *, awaiting_code: bool = False) -> Masked:
    """Hide card numbers, codes, passwords, identity and phone numbers, recovery phrases and keys.

    For every text that people typed, before it is stored, logged or mailed. `awaiting_code` says that the
    writer spoke of a code within the last ten minutes (see `mentions_code`), so that a lone number is one.
    """
    folded = fold(text)
    hits = merged(find(folded, awaiting_code=awaiting_code))
    if not hits:
        return Masked(text)
    return _replaced(text, folded, hits)


def mentions_code(text: str) -> bool:
    """Whether the text speaks of a one-time code, a password or a PIN, so that a lone number may follow."""
    lower = fold(text).lower
    return CODE_WORDS.search(lower) is not None or PASSWORD_WORDS.search(lower) is not None


def find(folded: Folded, *, awaiting_code: bool = False) -> list[Hit]:
    """All finds in a folded text, which may overlap."""
    numbers: list[Hit] = []
    for run in runs(folded):
        taken = resident_ids(run)
        taken += cards(run, taken)
        numbers += taken + mobiles(run, taken)
    numbers += abroad(folded.plain)
    hits = numbers + verification_values(folded, [hit for hit in numbers if hit.kind == "card"])
    hits += passwords(folded, numbers)
    hits += codes(folded, hits)
    if awaiting_code and not hits:
        hits += lone_code(folded)
    return [*hits, *seeds(folded), *private_keys(folded)]


def _replaced(text: str, folded: Folded, hits: Iterable[Hit]) -> Masked:
    pieces: list[str] = []
    found: list[Finding] = []
    position = 0
    for hit in hits:
        start, end = folded.original_span(hit.start, hit.end)
        pieces += text[position:start], hit.mask
        found.append(Finding(hit.kind, start, end))
        position = end
    return Masked("".join((*pieces, text[position:])), tuple(found))
