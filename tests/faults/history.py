"""What the checker looks at: what clients did and saw, and what the database holds in the end. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

Record = dict[str, Any]


def digest(text: str) -> str:
    """A short fingerprint of a text."""
    return blake2b(text.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Row:
    """An event in the database."""

    seq: int
    pub_seq: int | None
    kind: str
    author_kind: str
    author: int = 0
    mid: str | None = None
    text: str = ""
    data: dict[str, Any] = field(default_factory=dict)

    def number(self, role: str) -> int | None:
        """Its number for visitors or agents; None when it isn't theirs."""
        return self.pub_seq if role == "visitor" else self.seq


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation in the database; `cursors` are (who, delivered, read)."""

    id: str
    seq: int
    pub_seq: int
    rows: tuple[Row, ...]
    state: str = "active"
    agent: int | None = None
    cursors: tuple[tuple[str, int, int], ...] = ()
    assignments: tuple[tuple[int, float, float | None], ...] = ()

    def head(self, role: str) -> int:
        """The last number for visitors or agents."""
        return self.pub_seq if role == "visitor" else self.seq


@dataclass(frozen=True, slots=True)
class Dump:
    """The database at the end.

    `capacity` is how many conversations each agent may have at once, `raw` everything that is stored as one
    text. `stale` are active conversations whose agent has had no lease for over a minute.
    """

    talks: dict[str, Talk]
    capacity: dict[int, int] = field(default_factory=dict)
    stale: tuple[str, ...] = ()
    raw: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """The records of all clients, in the order of their monotonic time."""

    records: tuple[Record, ...]

    @classmethod
    def of(cls, records: Iterable[Record]) -> History:
        """Put records into their order."""
        return cls(tuple(sorted(records, key=lambda one: one["at"])))

    def only(self, *operations: str) -> Iterator[Record]:
        """The records of these operations."""
        return (one for one in self.records if one["op"] in operations)
