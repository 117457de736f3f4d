"""Looks into the database of the server under test, past Django and past every proxy."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import psycopg

from tests.faults.history import Dump, Row, Talk

TALKS = "SELECT id, public_id, seq, pub_seq, state, agent_id FROM chat_conversation"
EVENTS = (
    "SELECT conversation_id, seq, pub_seq, kind, author_kind, author, mid, text, data, author_name, attachments "
    "FROM chat_event ORDER BY conversation_id, seq"
)
CURSORS = "SELECT conversation_id, who, delivered, read FROM chat_cursor"
ASSIGNMENTS = "SELECT conversation_id, agent_id, started_at, ended_at FROM chat_assignment"
AGENTS = "SELECT user_id, capacity, verify_code FROM chat_agent"
LEASES = "SELECT agent_id, MAX(expires_at) FROM chat_presencelease GROUP BY agent_id"
STALE_SECONDS = 60.0


class Database:
    """A database by its `DATABASE_URL`; every question opens a connection of its own."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")

    def heads(self) -> dict[str, tuple[int, int]]:
        """For each conversation the last number of all events and of the public ones; none while it recovers."""
        try:
            with self._connection() as connection:
                rows = connection.execute("SELECT public_id, seq, pub_seq FROM chat_conversation").fetchall()
        except psycopg.OperationalError:
            return {}
        return {str(UUID(str(row[0]))): (row[1], row[2]) for row in rows}

    def connections(self) -> int:
        """How many clients the database has; SQLite has none."""
        if self.is_sqlite:
            return 0
        with self._connection() as connection:
            found = connection.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            )
            return int(found.fetchone()[0])

    def run(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements in one transaction; the rows of the last one."""
        with self._connection() as connection:
            for statement in statements:
                found = connection.execute(statement)
            rows = found.fetchall() if found.description else []
            connection.commit()
        return rows

    def dump(self, conversations: Iterable[str]) -> Dump:
        """Everything that the checker wants to know of these conversations."""
        wanted = set(conversations)
        with self._connection() as connection:
            tables = {
                name: connection.execute(sql).fetchall()
                for name, sql in (
                    ("talks", TALKS),
                    ("events", EVENTS),
                    ("cursors", CURSORS),
                    ("assignments", ASSIGNMENTS),
                    ("agents", AGENTS),
                    ("leases", LEASES),
                )
            }
        return _dump(tables, wanted)

    @contextmanager
    def _connection(self) -> Iterator[Any]:
        if self.is_sqlite:
            path = self.url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(path, timeout=20)) as connection:
                yield connection
        else:
            parts = urlsplit(self.url)
            address = f"postgresql://{parts.netloc}{parts.path}"
            with closing(psycopg.connect(address, connect_timeout=5)) as connection:
                yield connection


def _dump(tables: dict[str, list[Any]], wanted: set[str]) -> Dump:
    codes = {code: agent for agent, _capacity, code in tables["agents"]}
    talks = {}
    for key, public_id, seq, pub_seq, state, agent in tables["talks"]:
        name = str(UUID(str(public_id)))
        if name in wanted:
            rows = tuple(_row(row, codes) for row in tables["events"] if row[0] == key)
            cursors = tuple((row[1], row[2], row[3]) for row in tables["cursors"] if row[0] == key)
            spans = tuple(
                (row[1], _seconds(row[2]) or 0.0, _seconds(row[3]))
                for row in tables["assignments"]
                if row[0] == key
            )
            talks[name] = Talk(name, seq, pub_seq, rows, state, agent, cursors, spans)
    now = datetime.now(UTC).timestamp()
    leases = {agent: _seconds(until) or 0.0 for agent, until in tables["leases"]}
    gone = {agent for agent in codes.values() if leases.get(agent, 0.0) < now - STALE_SECONDS}
    stale = tuple(talk.id for talk in talks.values() if talk.state == "active" and talk.agent in gone)
    capacity = {agent: most for agent, most, _code in tables["agents"]}
    return Dump(talks, capacity, stale, raw=json.dumps(tables, default=str, ensure_ascii=False))


def _row(row: tuple[Any, ...], codes: dict[str, int]) -> Row:
    data = json.loads(row[8]) if isinstance(row[8], str) else row[8]
    if row[3] == "assigned":
        data = data | {"agent_id": codes.get(data.get("agent", {}).get("verify_code"))}
    mid = str(UUID(str(row[6]))) if row[6] else None
    return Row(row[1], row[2], row[3], row[4], row[5], mid, row[7], data)


def _seconds(moment: Any) -> float | None:
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
