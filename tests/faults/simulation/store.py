"""A model of the database: conversations with their events and who answers. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.faults.history import Dump, Row, Talk

Frame = dict[str, Any]


@dataclass
class Conversation:
    """A conversation with its rows; `assignments` are agent, start and end."""

    id: str
    rows: list[Row] = field(default_factory=list)
    agent: int | None = None
    rev: int = 0
    assignments: list[list[Any]] = field(default_factory=list)

    @property
    def seq(self) -> int:
        """The last number."""
        return max((row.seq for row in self.rows), default=0)

    @property
    def pub_seq(self) -> int:
        """The last public number."""
        return max((row.pub_seq or 0 for row in self.rows), default=0)

    def head(self, role: str) -> int:
        """The last number for visitors or agents."""
        return self.pub_seq if role == "visitor" else self.seq

    def find(self, mid: str) -> Row | None:
        """The row with this mid."""
        return next((row for row in self.rows if row.mid == mid), None)

    def after(self, number: int, role: str) -> list[Frame]:
        """Events after a number, as frames show them."""
        found = [(row.number(role), row) for row in self.rows]
        return [
            {"n": n, "kind": row.kind, "mid": row.mid, "text": row.text, "data": row.data}
            for n, row in found
            if n is not None and n > number
        ]

    def add(self, kind: str, author_kind: str, *, mid: str | None = None, text: str = "", **data: Any) -> Row:
        """Append a row under the next numbers."""
        return self.insert(self.seq + 1, self.pub_seq + 1, kind, author_kind, mid, text, data)

    def insert(
        self, seq: int, pub_seq: int, kind: str, author_kind: str, mid: str | None, text: str, data: Frame
    ) -> Row:
        """Append a row under these numbers."""
        public = None if kind == "note" else pub_seq
        row = Row(seq, public, kind, author_kind, mid=mid, text=text, data=data)
        self.rows.append(row)
        return row

    def may_read(self, agent: int) -> bool:
        """Whether an agent may read it now."""
        return self.agent in (None, agent)


class Store:
    """All conversations; what is here survives every crash."""

    def __init__(self, conversations: int, capacity: int = 100) -> None:
        self.conversations = {f"c{number}": Conversation(f"c{number}") for number in range(conversations)}
        self.capacity = capacity

    def dump(self) -> Dump:
        """What the checker looks at."""
        talks = {
            one.id: Talk(
                one.id,
                one.seq,
                one.pub_seq,
                tuple(one.rows),
                "active" if one.agent is not None else "waiting",
                one.agent,
                assignments=tuple((span[0], span[1], span[2]) for span in one.assignments),
            )
            for one in self.conversations.values()
        }
        agents = {span[0] for one in self.conversations.values() for span in one.assignments}
        return Dump(talks, dict.fromkeys(agents, self.capacity))
