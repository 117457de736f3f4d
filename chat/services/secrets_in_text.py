"""Masking of chat texts, with what the same writer wrote just before.

Most texts need nothing but one pass. A short number may be a code, or a part of a card, by what came before
it, and only then is that read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from chat.core.events import Record
from chat.models import Event
from chat.services import ledger
from chat.services.ledger import Author, Head
from chat.services.redaction import redact
from helpcenter.masking import HIDDEN, mask_text, mentions_code, split_secret

PIECES_WITHIN = timedelta(seconds=60)
CODE_WITHIN = timedelta(minutes=10)
PIECES = 3
READ_BACK = 10
# Little but one number: what it is depends on what was said before.
_MAY_BE_PIECE = re.compile(r"\D{0,12}\d[\d\s\-.,/]*[xX]?\D{0,12}$")


@dataclass(frozen=True, slots=True)
class Checked:
    """A text as typed, its masked form on its own, and whether earlier texts may change what it is."""

    typed: str
    text: str
    hidden: tuple[str, ...]
    depends: bool


def check(text: str) -> Checked:
    """Mask a text on its own."""
    found = mask_text(text)
    return Checked(text, found.text, tuple(sorted(found.kinds)), _MAY_BE_PIECE.match(text) is not None)


def mask(head: Head, author: Author, checked: Checked, now: datetime) -> tuple[str, list[str]]:
    """The text to store and the kinds that were hidden in it; redacts earlier parts of a secret."""
    if not checked.depends:
        return checked.text, list(checked.hidden)
    earlier = _earlier(head, author, now)
    awaiting = any(mentions_code(record.text) for record in earlier)
    recent = [record for record in earlier if record.at >= now - PIECES_WITHIN][-PIECES:]
    parts = split_secret([record.text for record in recent], checked.typed, awaiting_code=awaiting)
    if parts:
        for part in parts:
            redact(head, recent[part], now, reason="secret")
        return HIDDEN, ["code"]
    found = mask_text(checked.typed, awaiting_code=awaiting)
    return found.text, sorted(found.kinds)


def _earlier(head: Head, author: Author, now: datetime) -> list[Record]:
    """What this author wrote here lately, oldest first, with what the same transaction adds."""
    rows = Event.objects.filter(
        conversation_id=head.pk,
        kind="message",
        author_kind=author.kind,
        author=author.id,
        at__gte=now - CODE_WITHIN,
    ).order_by("-seq")
    stored = [ledger.record_of(row) for row in rows.values_list(*ledger.READ)[:READ_BACK]]
    added = [
        record
        for record in head.records
        if record.kind == "message" and (record.author_kind, record.author) == (author.kind, author.id)
    ]
    return [*reversed(stored), *added]
