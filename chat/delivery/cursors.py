"""How far each side has got: told at once, written now and then, never backwards."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from chat.core.terms import Audience
from chat.models import Cursor

Key = tuple[int, Audience]
Place = tuple[int, int]  # delivered, read
Row = tuple[int, str, int, int]
# Cursors that are written in one go; a text waits no longer than that takes.
PORTION = 64


class Cursors:
    """The cursors of the conversations that are listened to here, in the numbering of whoever has got so far."""

    def __init__(self) -> None:
        self._places: dict[Key, Place] = {}
        self._told: dict[Key, None] = {}
        self._unwritten: dict[Key, None] = {}

    def place(self, conversation: int, who: Audience) -> Place:
        """What has been delivered to, and read by, one side."""
        return self._places.get((conversation, who), (0, 0))

    def move(
        self,
        conversation: int,
        who: Audience,
        *,
        delivered: int = 0,
        read: int = 0,
        store: bool = True,
        tell: bool = True,
    ) -> None:
        """Note how far a side has got; what was read has been delivered. `store` unless it came from storage."""
        key = (conversation, who)
        before = self.place(*key)
        after = (max(before[0], delivered, read), max(before[1], read))
        if after == before:
            return
        self._places[key] = after
        if tell:
            self._told[key] = None
        if store:
            self._unwritten[key] = None

    def take_moved(self) -> list[Key]:
        """The cursors that moved since the last call, for telling the other side."""
        moved, self._told = list(self._told), {}
        return moved

    def take_unwritten(self) -> list[Row]:
        """Rows for `store`."""
        keys, self._unwritten = list(self._unwritten), {}
        return [(*key, *self._places[key]) for key in keys if key in self._places]

    def forget(self, conversation: int) -> list[Row]:
        """Nobody listens to it here any more; rows that are still to be stored."""
        rows: list[Row] = []
        for who in Audience:
            key = (conversation, who)
            place = self._places.pop(key, None)
            self._told.pop(key, None)
            if key in self._unwritten and place:
                del self._unwritten[key]
                rows.append((*key, *place))
        return rows


def store(rows: Sequence[Row]) -> None:
    """Write cursors, each only forwards, so that order and repetition don't matter."""
    table = connection.ops.quote_name(Cursor._meta.db_table)
    greatest = "MAX" if connection.vendor == "sqlite" else "GREATEST"
    slots = ", ".join(["(%s, %s, %s, %s)"] * len(rows))
    sql = (
        f"INSERT INTO {table} (conversation_id, who, delivered, read) VALUES {slots} "  # noqa: S608 - our own names
        f"ON CONFLICT (conversation_id, who) DO UPDATE SET "
        f"delivered = {greatest}({table}.delivered, excluded.delivered), "
        f"read = {greatest}({table}.read, excluded.read)"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for row in sorted(rows) for value in row])
