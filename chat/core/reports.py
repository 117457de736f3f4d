"""Figures of a report: percentiles, shares, bars. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """How values are spread; all None when there are none. The unit is that of the values."""

    count: int = 0
    p50: float | None = None
    p90: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart, in its own units: a box from the bottom, and what it stands for."""

    label: str
    value: float
    x: float
    y: float
    width: float
    height: float


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of the values don't exceed; `ordered` isn't empty."""
    if not ordered:
        raise ValueError("There is no percentile of nothing.")
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(values: Iterable[float]) -> Spread:
    """Median, 90th percentile and greatest of these values."""
    ordered = sorted(values)
    if not ordered:
        return Spread()
    return Spread(len(ordered), percentile(ordered, 0.5), percentile(ordered, 0.9), ordered[-1])


def share(part: int, whole: int) -> float | None:
    """A part of a whole as 0 to 1; None of nothing."""
    return part / whole if whole else None


def bars(
    pairs: Sequence[tuple[str, float]], *, width: float = 600, height: float = 120, gap: float = 0.25
) -> list[Bar]:
    """Upright bars side by side; the greatest value fills the height. `gap` is the part of a place left free."""
    if not pairs:
        return []
    most = max(value for _label, value in pairs) or 1
    place = width / len(pairs)
    made = []
    for at, (label, value) in enumerate(pairs):
        tall = height * value / most
        x = at * place + place * gap / 2
        made.append(
            Bar(
                label,
                value,
                round(x, 1),
                round(height - tall, 1),
                round(place * (1 - gap), 1),
                round(tall, 1),
            )
        )
    return made


def safe_cell(value: object) -> str:
    """A cell of a table for spreadsheet programs, which run what begins like a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _is_number(text) else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
