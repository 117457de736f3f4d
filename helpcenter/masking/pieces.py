"""Secrets that were sent in pieces: 482 in one message, 913 in the next.

For a chat: mask each text on its own with `mask_text`, and keep the result when `may_be_piece` says no, which
is nearly always. Otherwise fetch what the same writer sent within the last 60 seconds (as it was stored, at
most three texts, redacted ones as empty texts) and whether anybody in the conversation, an agent or the
visitor, spoke of a code within ten minutes (`mentions_code`), and let `mask_piece` decide: it says what to
store for the new text and which earlier ones to redact.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from .codes import lone_code
from .context import has_unit, is_well_known
from .findings import HIDDEN, Kind
from .folding import Folded, fold
from .keys import ENGLISH_WORDS
from .signs import DIGITS_OF_A_CODE, count_digits
from .texts import find, mask_text, speaks_of_code

_JOINED_KINDS: frozenset[Kind] = frozenset(("card", "resident_id", "phone"))
_CODE_SIZES = range(4, 9)
_DIGITS = re.compile(r"[0-9]+(?:[ \-.,/]{0,2}[0-9]+)*(?:[ \-]?[xX](?![A-Za-z]))?")
_FEW_OTHER_CHARACTERS = 12

# All but the signs and punctuation that no folding makes a digit of.
_MAY_BE_DIGIT = re.compile(
    r"[^\t\n\r -/:-~\u2013-\u2026\u3000-\u3011\u4e00-\u9fff\uff01-\uff0f\uff1a-\uff5e]"
)
# More other characters than a piece may have, none of which folding takes away: a look that ends soon.
_MUCH_ELSE = re.compile(r"(?:[^!-+:-WYZ\[-wyz{-~\u4e00-\u9fff]*+[!-+:-WYZ\[-wyz{-~\u4e00-\u9fff]){13}")
_CHINESE_WORD = re.compile(r"[\u4e00-\u9fff]{2}")
_WORD = re.compile(r"[a-z]{2,12}")
_LEAST_WORDS = 2
_LONE_CHINESE = re.compile(r"\s*[\u4e00-\u9fff](?:[ \t\n,、]{1,2}[\u4e00-\u9fff])+\s*")
_HEX = re.compile(r"\s*(?:0[xX])?[0-9a-fA-F](?:[ \n\-]?[0-9a-fA-F]){7,}\s*")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A message: its folded text and, when it is little but digits, those digits."""

    folded: Folded
    digits: str

    @property
    def speaks_of_code(self) -> bool:
        return speaks_of_code(self.folded.lower)


@dataclass(frozen=True, slots=True)
class MaskedPiece:
    """What to store for a text, the kinds that were hidden in it, and the `seq` of what to redact."""

    text: str
    kinds: frozenset[Kind] = frozenset()
    redact: tuple[int, ...] = ()


def may_be_piece(text: str) -> bool:
    """Whether what was said before can change what the text is.

    That is a lone number, little but a few digits, listed words, or hex digits. Costs a microsecond or two
    for an ordinary text.
    """
    if _MAY_BE_DIGIT.search(text) and _may_be_number(text):
        return True
    if _CHINESE_WORD.search(text):
        return False
    if not text.isascii():
        text = fold(text).plain
    return _may_be_words(text.lower()) or _HEX.fullmatch(text) is not None


def _may_be_number(text: str) -> bool:
    if _MUCH_ELSE.match(text) is None and _piece(text).digits:
        return True
    folded = fold(text)
    return count_digits(folded.plain) >= DIGITS_OF_A_CODE and any(True for _ in lone_code(folded))


def _may_be_words(lower: str) -> bool:
    first = _WORD.search(lower)
    if first is None:
        return _LONE_CHINESE.fullmatch(lower) is not None
    if first.group() not in ENGLISH_WORDS:
        return False
    words = _WORD.findall(lower)
    return len(words) >= _LEAST_WORDS and ENGLISH_WORDS.issuperset(words)


def mask_piece(text: str, previous: Sequence[tuple[int, str]], *, awaiting_code: bool = False) -> MaskedPiece:
    """What to store for `text` after the same writer's `previous` ones, oldest first: (seq, stored text).

    The texts in `previous` that spell a secret with the new one are to be redacted, and all of the new one is
    hidden then. Without such a join the text is masked on its own. `awaiting_code` as in `mask_text`.
    """
    pieces = [_piece(message) for message in (*(stored for _, stored in previous), text)]
    indexes, kind = _joined(pieces, awaiting_code)
    if kind is None and _goes_on_after_hidden(pieces, awaiting_code):
        kind = "code"
    if kind is not None:
        return MaskedPiece(HIDDEN, frozenset((kind,)), tuple(previous[index][0] for index in indexes))
    found = mask_text(text, awaiting_code=awaiting_code)
    return MaskedPiece(found.text, found.kinds)


def split_secret(previous: Sequence[str], text: str, *, awaiting_code: bool = False) -> tuple[int, ...]:
    """Indexes in `previous` of messages that together with `text` spell a code, a card or another secret.

    `previous` are the same writer's last messages, oldest first, as they were stored. When the answer is not
    empty, `text` is a part of the secret as well: redact it with them. `awaiting_code` as in `mask_text`.
    """
    return _joined([_piece(message) for message in (*previous, text)], awaiting_code)[0]


def _joined(pieces: Sequence[_Piece], awaiting_code: bool) -> tuple[tuple[int, ...], Kind | None]:
    """Indexes of the earlier pieces and the kind of the secret that they spell with the last one."""
    indexes, kind = _joined_numbers(pieces)
    if indexes:
        return indexes, kind
    if indexes := _joined_code(pieces, awaiting_code):
        return indexes, "code"
    return _joined_words(pieces)


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


def _joined_numbers(pieces: Sequence[_Piece]) -> tuple[tuple[int, ...], Kind | None]:
    last = len(pieces) - 1
    for first in range(_tail_of_digits(pieces), last):
        joined = fold("".join(piece.digits for piece in pieces[first:]))
        kinds = [hit.kind for hit in find(joined) if hit.kind in _JOINED_KINDS]
        if kinds:
            return tuple(range(first, last)), kinds[0]
    return (), None


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


def _goes_on_after_hidden(pieces: Sequence[_Piece], awaiting_code: bool) -> bool:
    """Whether digits follow a code in pieces that is hidden already: 12, 34 were one, and here is 56.

    Its earlier pieces were redacted and so are empty, its last one is nothing but the mark.
    """
    stored = [piece.folded.plain.strip() for piece in pieces[:-1]]
    hidden = list(takewhile(lambda text: text in ("", HIDDEN), reversed(stored)))
    spoken = awaiting_code or any(piece.speaks_of_code for piece in pieces)
    return spoken and hidden[:1] == [HIDDEN] and "" in hidden and pieces[-1].digits.isdigit()


def _joined_words(pieces: Sequence[_Piece]) -> tuple[tuple[int, ...], Kind | None]:
    """Recovery phrases and keys that go on from one message to the next."""
    last = len(pieces) - 1
    if not last:
        return (), None
    lengths = [len(piece.folded.plain) for piece in pieces]
    joined = fold("\n".join(piece.folded.plain for piece in pieces))
    begin_of_text = sum(lengths[:last]) + last
    touched: dict[int, Kind] = {}
    for hit in find(joined):
        if hit.kind in ("seed", "private_key") and hit.start < begin_of_text < hit.end:
            touched |= {
                index: hit.kind for index in range(last) if _touches(hit.start, hit.end, lengths, index)
            }
    return tuple(sorted(touched)), next(iter(touched.values()), None)


def _touches(start: int, end: int, lengths: Sequence[int], index: int) -> bool:
    low = sum(lengths[:index]) + index
    return start < low + lengths[index] and low < end
