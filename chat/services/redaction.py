"""Taking back what was said: the text goes, the number stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chat.core.events import Record
from chat.core.terms import EventKind
from chat.models import Event
from chat.services.ledger import SYSTEM, Author, Head


def redact(head: Head, target: Record, at: datetime, *, reason: str, author: Author = SYSTEM) -> Record:
    """Empty an event of a locked conversation and say so in a new event; the caller writes the head.

    An event that the same transaction is still going to insert is emptied before it is.
    """
    for index, record in enumerate(head.records):
        if record.seq == target.seq:
            head.records[index] = replace(record, text="", attachments=[], data={"redacted": True})
    Event.objects.filter(conversation_id=head.pk, seq=target.seq).update(
        text="", attachments=[], data={"redacted": True}
    )
    return head.add(
        EventKind.REDACTED,
        author,
        at,
        public=target.pub_seq is not None,
        data={"target": target.seq, "target_pub": target.pub_seq, "reason": reason},
    )
