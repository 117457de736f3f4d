"""Numbering and writing events under the lock of their conversations.

Every event of the house is written here, whoever causes it. The numbers are given between `lock` and the
commit of the same transaction, so the order of numbers is the order of commits.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from chat.core.events import Record
from chat.core.terms import AuthorKind, EventKind, State
from chat.models import Conversation, Event

COLUMNS = (
    *("conversation", "seq", "pub_seq", "kind", "author_kind", "author", "author_name"),
    *("mid", "digest", "text", "attachments", "data", "at"),
)
HEAD = (
    *("pk", "public_id", "seq", "pub_seq", "state", "agent_id", "assign_rev", "closed_at", "queue_at"),
    *("visitor_wrote_at", "agent_wrote_at", "answered_at", "warned_at"),
)


@dataclass(frozen=True, slots=True)
class Author:
    """Who causes an event; `id` is an agent's key, 0 for everybody else."""

    kind: AuthorKind
    id: int = 0
    name: str = ""


SYSTEM = Author(AuthorKind.SYSTEM)
ASSISTANT = Author(AuthorKind.ASSISTANT)


@dataclass(slots=True)
class Head:
    """The locked row of a conversation, as far as writing events needs it."""

    pk: int
    public_id: UUID
    seq: int
    pub_seq: int
    state: str
    agent_id: int | None
    assign_rev: int
    closed_at: datetime | None
    queue_at: datetime
    visitor_wrote_at: datetime | None
    agent_wrote_at: datetime | None
    answered_at: datetime | None
    warned_at: datetime | None
    records: list[Record] = field(default_factory=list)
    digests: dict[int, str] = field(default_factory=dict)

    def add(
        self,
        kind: EventKind,
        author: Author,
        at: datetime,
        *,
        text: str = "",
        public: bool = True,
        mid: str | None = None,
        digest: str = "",
        attachments: list[dict[str, Any]] | None = None,
        data: dict[str, Any] | None = None,
    ) -> Record:
        """Give the next number to an event and keep it for `write`."""
        self.seq += 1
        if public:
            self.pub_seq += 1
        record = Record(
            self.pk,
            self.seq,
            self.pub_seq if public else None,
            kind,
            author.kind,
            author.id,
            author.name,
            text,
            mid,
            at,
            attachments or [],
            data or {},
        )
        self.records.append(record)
        if digest:
            self.digests[record.seq] = digest
        if kind == EventKind.MESSAGE:
            self._note_writer(author, at)
        return record

    def _note_writer(self, author: Author, at: datetime) -> None:
        if author.kind == AuthorKind.VISITOR:
            self.visitor_wrote_at, self.warned_at = at, None
        elif author.kind == AuthorKind.AGENT:
            self.agent_wrote_at = at
            self.answered_at = self.answered_at or at

    @property
    def is_open(self) -> bool:
        """Whether somebody still waits for something here."""
        return self.state != State.CLOSED


def lock(keys: Iterable[int]) -> dict[int, Head]:
    """Lock these conversations until the transaction ends; those that don't exist are missing.

    They are locked in one order everywhere, so that two transactions never wait for each other.
    """
    rows = Conversation.objects.select_for_update(no_key=True).filter(pk__in=set(keys)).order_by("pk")
    return {row[0]: Head(*row) for row in rows.values_list(*HEAD)}


def write(heads: Iterable[Head]) -> None:
    """Insert the events that were added to these heads and move the heads; inside the same transaction."""
    changed = [head for head in heads if head.records]
    if not changed:
        return
    insert, move, adapt = _statements(connection.vendor)
    rows = [
        _row(record, head.digests.get(record.seq, ""), adapt) for head in changed for record in head.records
    ]
    with connection.cursor() as cursor:
        cursor.executemany(insert, rows)
        cursor.executemany(move, [_position(head, adapt) for head in changed])


def read(conversation: int, after: int, limit: int) -> list[Record]:
    """Events of a conversation after number `after`, oldest first."""
    found = Event.objects.filter(conversation_id=conversation, seq__gt=after).order_by("seq")
    return [record_of(row) for row in found.values_list(*READ)[:limit]]


READ = (
    *(
        "conversation_id",
        "seq",
        "pub_seq",
        "kind",
        "author_kind",
        "author",
        "author_name",
        "text",
        "mid",
        "at",
    ),
    *("attachments", "data"),
)


def record_of(row: Sequence[Any]) -> Record:
    """A row of the columns `READ` as a record."""
    return Record(*row[:8], str(row[8]) if row[8] else None, *row[9:])


class _Adapter:
    """How this database wants moments and keys."""

    def __init__(self) -> None:
        self.moment = lru_cache(64)(connection.ops.adapt_datetimefield_value)
        self.has_uuid = connection.features.has_native_uuid_field

    def key(self, mid: str | None) -> str | None:
        """A UUID as its column takes it."""
        return mid if mid is None or self.has_uuid else mid.replace("-", "")


@cache
def _statements(vendor: str) -> tuple[str, str, _Adapter]:
    quote = connection.ops.quote_name
    fields = [Event._meta.get_field(name) for name in COLUMNS]
    columns = ", ".join(quote(found.column) for found in fields)
    slots = ", ".join("%s" for _ in fields)
    insert = f"INSERT INTO {quote(Event._meta.db_table)} ({columns}) VALUES ({slots})"  # noqa: S608 - names of ours
    moved = ("seq", "pub_seq", "changed_at", "visitor_wrote_at", "agent_wrote_at", "answered_at", "warned_at")
    table = Conversation._meta
    sets = ", ".join(f"{quote(table.get_field(name).column)} = %s" for name in moved)
    move = f"UPDATE {quote(table.db_table)} SET {sets} WHERE {quote(table.pk.column)} = %s"  # noqa: S608
    return insert, move, _Adapter()


def _row(record: Record, digest: str, adapt: _Adapter) -> tuple[Any, ...]:
    return (
        record.conversation,
        record.seq,
        record.pub_seq,
        record.kind,
        record.author_kind,
        record.author,
        record.author_name,
        adapt.key(record.mid),
        digest,
        record.text,
        json.dumps(record.attachments) if record.attachments else "[]",
        json.dumps(record.data) if record.data else "{}",
        adapt.moment(record.at),
    )


def _position(head: Head, adapt: _Adapter) -> tuple[Any, ...]:
    times = (head.visitor_wrote_at, head.agent_wrote_at, head.answered_at, head.warned_at)
    return (
        head.seq,
        head.pub_seq,
        adapt.moment(head.records[-1].at),
        *(adapt.moment(at) if at else None for at in times),
        head.pk,
    )
