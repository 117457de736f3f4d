"""Masking of chat texts, with what was said just before.

Most texts need nothing but one pass. A short number may be a code, or a part of a card, by what came before
it, and only then is that read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from chat.core.events import Record
from chat.core.terms import EventKind
from chat.models import Event
from chat.services import ledger
from chat.services.ledger import Author, Head
from chat.services.redaction import redact
from helpcenter.masking import mask_piece, mask_text, may_be_piece, mentions_code

PIECES_WITHIN = timedelta(seconds=60)
CODE_WITHIN = timedelta(minutes=10)
PIECES = 3
READ_BACK = 12


@dataclass(slots=True)
class Checked:
    """A text as typed, its masked form on its own, and whether earlier texts may change what it is."""

    typed: str
    text: str
    hidden: tuple[str, ...]
    depends: bool


def check(text: str) -> Checked:
    """Mask a text on its own."""
    found = mask_text(text)
    return Checked(text, found.text, tuple(sorted(found.kinds)), may_be_piece(text))


def mask(head: Head, author: Author, checked: Checked, now: datetime) -> tuple[str, list[str]]:
    """The text to store and the kinds that were hidden in it; redacts earlier parts of a secret."""
    if not checked.depends:
        return checked.text, list(checked.hidden)
    earlier = _earlier(head, now)
    own = [found for found in earlier if (found.author_kind, found.author) == (author.kind, author.id)]
    recent = {found.seq: found for found in own if found.at >= now - PIECES_WITHIN}
    found = mask_piece(
        checked.typed,
        [(seq, record.text) for seq, record in recent.items()][-PIECES:],
        awaiting_code=any(mentions_code(record.text) for record in earlier),
    )
    for seq in found.redact:
        redact(head, recent[seq], now, reason="secret")
    return found.text, sorted(found.kinds)


def _earlier(head: Head, now: datetime) -> list[Record]:
    """What was said here lately, oldest first, with what the same transaction adds."""
    rows = Event.objects.filter(
        conversation_id=head.pk, kind=EventKind.MESSAGE, at__gte=now - CODE_WITHIN
    ).order_by("-seq")
    stored = [ledger.record_of(row) for row in rows.values_list(*ledger.READ)[:READ_BACK]]
    return [*reversed(stored), *(record for record in head.records if record.kind == EventKind.MESSAGE)]
