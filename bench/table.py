"""The table that is printed, and the same for machines."""

from __future__ import annotations

import json
import operator
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

PACKAGES = ("django", "daphne", "uvicorn", "channels", "brotli")


@dataclass(frozen=True)
class Row:
    """One promise: what came out, what it must reach and what we aim at.

    `unit` is "x" for a ratio (more is better), else what is counted (less is better); `rounds` are the
    figures behind it.
    """

    what: str
    got: float
    reach: float
    goal: float
    unit: str = "x"
    note: str = ""
    rounds: dict[str, Any] = field(default_factory=dict)

    @property
    def is_reached(self) -> bool:
        """Whether the promise is kept."""
        return _is_as_good(self.unit)(self.got, self.reach)

    def line(self) -> str:
        """The row as it is printed."""
        verdict = "ok" if self.is_reached else "MISS"
        if _is_as_good(self.unit)(self.got, self.goal):
            verdict = "ok, goal met"
        shown = f"{self.got:.2f} x" if self.unit == "x" else f"{self.got:.1f} {self.unit}"
        sign = "≥" if self.unit == "x" else "≤"
        limits = f"{sign} {self.reach:g}, goal {self.goal:g}"
        return f"{self.what:<58} {shown:>9}  ({limits:<18})  {verdict:<12} {self.note}".rstrip()


def _is_as_good(unit: str) -> Any:
    return operator.ge if unit == "x" else operator.le


def write(rows: Sequence[Row], path: Path) -> None:
    """Keep the figures as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "system": platform.system(),
        },
        "packages": {name: version(name) for name in PACKAGES},
        "rows": [asdict(row) | {"is_reached": row.is_reached} for row in rows],
    }
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
