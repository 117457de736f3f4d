"""Secrets that were sent in pieces: 482 in one message, 913 in the next."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .codes import CODE_WORDS
from .context import has_unit, is_well_known
from .findings import Kind
from .folding import Folded, fold
from .passwords import PASSWORD_WORDS
from .texts import find

_JOINED_KINDS: frozenset[Kind] = frozenset(("card", "resident_id", "phone"))
_CODE_SIZES = range(4, 9)
_DIGITS = re.compile(r"[0-9]+(?:[ \-.,/]{0,2}[0-9]+)*(?:[ \-]?[xX](?![A-Za-z]))?")
_FEW_OTHER_CHARACTERS = 12


@dataclass(frozen=True, slots=True)
class _Piece:
    """A message: its folded text and, when it is little but digits, those digits."""

    folded: Folded
    digits: str

    @property
    def speaks_of_code(self) -> bool:
        lower = self.folded.lower
        return CODE_WORDS.search(lower) is not None or PASSWORD_WORDS.search(lower) is not None


def split_secret(previous: Sequence[str], text: str, *, awaiting_code: bool = False) -> tuple[int, ...]:
    """Indexes in `previous` of messages that together with `text` spell a code, a card or another secret.

    `previous` are the same writer's last messages, oldest first, as they were stored. When the answer is not
    empty, `text` is a part of the secret as well: redact it with them. `awaiting_code` as in `mask_text`.
    """
    pieces = [_piece(message) for message in (*previous, text)]
    return _joined_numbers(pieces) or _joined_code(pieces, awaiting_code) or _joined_words(pieces)


def _piece(message: str) -> _Piece:
    folded = fold(message)
    matches = list(_DIGITS.finditer(folded.plain))
    if len(matches) != 1 or "*" in folded.plain or has_unit(folded.lower, matches[0].end()):
        return _Piece(folded, "")
    rest = folded.plain[: matches[0].start()] + folded.plain[matches[0].end() :]
    few = len(rest.strip()) <= _FEW_OTHER_CHARACTERS
    return _Piece(folded, re.sub(r"[^0-9xX]", "", matches[0].group()) if few else "")


def _tail_of_digits(pieces: Sequence[_Piece]) -> int:
    """Index of the first of the last messages that are all little but digits."""
    first = len(pieces)
    while first and pieces[first - 1].digits:
        first -= 1
    return first


def _joined_numbers(pieces: Sequence[_Piece]) -> tuple[int, ...]:
    last = len(pieces) - 1
    for first in range(_tail_of_digits(pieces), last):
        joined = fold("".join(piece.digits for piece in pieces[first:]))
        if any(hit.kind in _JOINED_KINDS for hit in find(joined)):
            return tuple(range(first, last))
    return ()


def _joined_code(pieces: Sequence[_Piece], awaiting_code: bool) -> tuple[int, ...]:
    """Digits in a row of messages after one that speaks of a code, four to eight together."""
    last = len(pieces) - 1
    first = _tail_of_digits(pieces)
    # The message with the word may hold the first digits itself.
    spoken = awaiting_code or any(piece.speaks_of_code for piece in pieces[: first + 1])
    if not spoken or first >= last:
        return ()
    for start in range(first, last):
        digits = "".join(piece.digits for piece in pieces[start:])
        if (
            len(digits) in _CODE_SIZES
            and digits.isdigit()
            and not (is_well_known(digits) and len(digits) == 8)
        ):
            return tuple(range(start, last))
    return ()


def _joined_words(pieces: Sequence[_Piece]) -> tuple[int, ...]:
    """Recovery phrases and keys that go on from one message to the next."""
    last = len(pieces) - 1
    lengths = [len(piece.folded.plain) for piece in pieces]
    joined = fold("\n".join(piece.folded.plain for piece in pieces))
    begin_of_text = sum(lengths[:last]) + last
    touched: set[int] = set()
    for hit in find(joined):
        if hit.kind in ("seed", "private_key") and hit.start < begin_of_text < hit.end:
            touched |= {index for index in range(last) if _touches(hit.start, hit.end, lengths, index)}
    return tuple(sorted(touched))


def _touches(start: int, end: int, lengths: Sequence[int], index: int) -> bool:
    low = sum(lengths[:index]) + index
    return start < low + lengths[index] and low < end
