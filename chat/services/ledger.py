"""Numbering and writing events under the lock of their conversations.

Every event of the house is written here, whoever causes it. The numbers are given between `lock` and the
commit of the same transaction, so the order of numbers is the order of commits.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model

from chat.core.events import Record
from chat.core.terms import AuthorKind, EventKind
from chat.models import Conversation, Event

COLUMNS = (
    *("conversation", "seq", "pub_seq", "kind", "author_kind", "author", "author_name"),
    *("mid", "digest", "text", "attachments", "data", "at"),
)
MOVED = ("seq", "pub_seq", "changed_at", "visitor_wrote_at", "agent_wrote_at", "answered_at", "warned_at")
# What PostgreSQL is told of the columns above, and of those of `_position`.
COLUMN_TYPES = "bigint bigint bigint text text bigint text uuid text text jsonb jsonb timestamptz"
PLACE_TYPES = "bigint bigint bigint timestamptz timestamptz timestamptz"
NEW = "(column1, column2, column3, column4, column5, column6)"
HEAD = ("id", "seq", "pub_seq", "state", "agent", "assign_rev", "closed_at")


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
    seq: int
    pub_seq: int
    state: str
    agent_id: int | None
    assign_rev: int
    closed_at: datetime | None
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
        return record


def lock(keys: Iterable[int]) -> dict[int, Head]:
    """Lock these conversations until the transaction ends; those that don't exist are missing.

    They are locked in one order everywhere, so that two transactions never wait for each other.
    """
    wanted = sorted(set(keys))
    if not wanted:
        return {}
    sql = _sql(connection.vendor)
    with connection.cursor() as cursor:
        sql.execute(cursor, sql.lock % ", ".join([sql.slot] * len(wanted)), wanted)
        heads = [Head(*row) for row in cursor.fetchall()]
    for head in heads:
        if head.closed_at is not None:
            head.closed_at = sql.adapt.moment_back(head.closed_at)
    return {head.pk: head for head in heads}


def write(heads: Iterable[Head]) -> None:
    """Insert the events that were added to these heads and move the heads; inside the same transaction.

    Raises `IntegrityError` for a `mid` that its author has used in this conversation before.
    """
    changed = [head for head in heads if head.records]
    if not changed:
        return
    sql = _sql(connection.vendor)
    rows = [
        _row(record, head.digests.get(record.seq, ""), sql.adapt)
        for head in changed
        for record in head.records
    ]
    places = [_position(head, sql.adapt) for head in changed]
    with connection.cursor() as cursor:
        sql.write(cursor, sql.insert, rows)
        sql.write(cursor, sql.move, places)


def _slots(rows: Sequence[Sequence[Any]], slot: str) -> str:
    """Room for all values of all rows: one statement, as a driver lets other threads run after each."""
    row = f"({', '.join([slot] * len(rows[0]))})"
    return ", ".join([row] * len(rows))


def _flat(rows: Sequence[Sequence[Any]]) -> list[Any]:
    return [value for row in rows for value in row]


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
    values = list(row)
    values[8] = str(values[8]) if values[8] else None
    return Record(*values)


class _Adapter:
    """How this database wants moments and keys."""

    def __init__(self) -> None:
        self.moment = lru_cache(64)(connection.ops.adapt_datetimefield_value)
        self.has_uuid = connection.features.has_native_uuid_field

    def key(self, mid: str | None) -> str | None:
        """A UUID as its column takes it."""
        return mid if mid is None or self.has_uuid else mid.replace("-", "")

    def moment_back(self, value: Any) -> datetime:
        """A moment as the driver gives it."""
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        return value if value.tzinfo else value.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Statements:
    """The three statements of every append, made once from the models: the ORM's own cost too much here."""

    lock: str
    insert: str
    move: str
    adapt: _Adapter
    slot: str
    execute: Callable[[Any, str, Sequence[Any]], object]
    write: Callable[[Any, str, Sequence[Sequence[Any]]], object]


@cache
def _sql(vendor: str) -> _Statements:
    quote = connection.ops.quote_name
    fields = [quote(_column(Event, name)) for name in COLUMNS]
    events, table = quote(Event._meta.db_table), quote(Conversation._meta.db_table)
    is_sqlite = vendor == "sqlite"
    values = "VALUES %s" if is_sqlite else f"SELECT * FROM {_unnest(COLUMN_TYPES)}"  # noqa: S608 - our own names
    insert = f"INSERT INTO {events} ({', '.join(fields)}) {values}"
    column = {name: quote(_column(Conversation, name)) for name in (*HEAD, *MOVED)}
    heads = ", ".join(column[name] for name in HEAD)
    lock = f"SELECT {heads} FROM {table} WHERE {column['id']} IN (%s) ORDER BY {column['id']}"  # noqa: S608
    if connection.features.has_select_for_update:
        lock += " FOR NO KEY UPDATE"
    move = _move(table, column, "(VALUES %s) AS new" if is_sqlite else f"{_unnest(PLACE_TYPES)} AS new{NEW}")
    if is_sqlite:
        return _Statements(lock, insert, move, _Adapter(), "?", _execute_natively, _write_rows)
    return _Statements(lock, insert, move, _Adapter(), "%s", _execute, _write_columns)


def _unnest(types: str) -> str:
    """Rows from one array a column: a statement that is always the same, so that a driver reads it once."""
    return f"unnest({', '.join(f'%s::{name}[]' for name in types.split())})"


def _write_rows(cursor: Any, sql: str, rows: Sequence[Sequence[Any]]) -> None:
    _execute_natively(cursor, sql % _slots(rows, "?"), _flat(rows))


def _write_columns(cursor: Any, sql: str, rows: Sequence[Sequence[Any]]) -> None:
    cursor.execute(sql, [list(column) for column in zip(*rows, strict=True)])


def _execute(cursor: Any, sql: str, values: Sequence[Any]) -> None:
    cursor.execute(sql, values)


def _execute_natively(cursor: Any, sql: str, values: Sequence[Any]) -> None:
    """Without Django's rewriting of placeholders, which takes longer than SQLite takes for the statement."""
    with connection.wrap_database_errors:
        sqlite3.Cursor.execute(cursor.cursor, sql, values)


def _column(model: type[Model], name: str) -> str:
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]


def _move(table: str, column: dict[str, str], values: str) -> str:
    """Move many heads at once; the values come as column1, column2 … in the order of `_position`."""
    at, visitor, agent = (f"new.column{number}" for number in (4, 5, 6))
    sets = {
        "seq": "new.column2",
        "pub_seq": "new.column3",
        "changed_at": at,
        "visitor_wrote_at": f"COALESCE({visitor}, {table}.{column['visitor_wrote_at']})",
        "agent_wrote_at": f"COALESCE({agent}, {table}.{column['agent_wrote_at']})",
        "answered_at": f"COALESCE({table}.{column['answered_at']}, {agent})",
        # Whoever was warned and writes again need not be closed.
        "warned_at": f"CASE WHEN {visitor} IS NULL THEN {table}.{column['warned_at']} END",
    }
    changes = ", ".join(f"{column[name]} = {value}" for name, value in sets.items())
    return f"UPDATE {table} SET {changes} FROM {values} WHERE {table}.{column['id']} = new.column1"  # noqa: S608


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
    """The head's new place, and when each side wrote last, where it did just now."""
    wrote: dict[str, Any] = {}
    for record in head.records:
        if record.kind == EventKind.MESSAGE:
            wrote[record.author_kind] = adapt.moment(record.at)
    visitor, agent = wrote.get(AuthorKind.VISITOR), wrote.get(AuthorKind.AGENT)
    at = adapt.moment(head.records[-1].at)
    return head.pk, head.seq, head.pub_seq, at, visitor, agent
