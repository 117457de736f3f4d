"""Writes down what clients do and see, one JSON object a line, with monotonic time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

from tests.faults.history import History, Record, digest


class Recorder:
    """Collects the records of a run, and writes them to `path` as they come when there is one.

    Operations: `invoke` (a text is sent), `ok`, `nack`, `unknown`, `resend`, `shown` (the whole list as somebody
    sees it), `cursor`, `accepted`, `resources`, `final` (what is shown at the end), `settled` (nothing waits
    in an outbox any more).
    """

    def __init__(self, path: Path | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.records: list[Record] = []
        self._clock = clock
        self._file: TextIO | None = path.open("w", encoding="utf-8") if path else None

    def note(self, op: str, client: str, **values: Any) -> None:
        """Write down one thing."""
        record = {"at": self._clock(), "op": op, "client": client, **values}
        self.records.append(record)
        if self._file is not None:
            self._file.write(json.dumps(record, ensure_ascii=False) + "\n")

    def invoke(self, client: str, conversation: str, mid: str, text: str, **values: Any) -> None:
        """A person has sent a text."""
        self.note("invoke", client, conversation=conversation, mid=mid, hash=digest(text), **values)

    def shown(
        self,
        client: str,
        role: str,
        conversation: str,
        events: Iterable[Record],
        op: str = "shown",
        **values: Any,
    ) -> None:
        """What a person sees of a conversation now."""
        items = [[one["n"], one.get("mid"), one["kind"], digest(one.get("text", ""))] for one in events]
        self.note(op, client, role=role, conversation=conversation, list=items, **values)

    def history(self) -> History:
        """Everything so far."""
        return History.of(self.records)

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()


def read(path: Path) -> History:
    """A history that was written to a file."""
    return History.of(_lines(path))


def _lines(path: Path) -> Iterator[Record]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
