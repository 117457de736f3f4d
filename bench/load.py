"""Load from wrk on a core of its own, in rounds that take turns."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CONNECTIONS = 16
SCRIPT = Path(__file__).with_name("wrk.lua")


class CannotMeasure(Exception):
    """The machine or the site isn't fit for a measurement; the text says what to do."""


@dataclass(frozen=True)
class Cell:
    """One thing to put under load; `delay_ms` is how long a connection rests before its next request."""

    name: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_ms: int = 0


@dataclass(frozen=True)
class Measured:
    """One round of one cell."""

    requests: int
    seconds: float
    failed: int
    p50_ms: float
    p99_ms: float
    p999_ms: float
    max_ms: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def find_cores() -> tuple[int, int]:
    """The server's core and the load's; raises `CannotMeasure` when the machine has not two."""
    if not hasattr(os, "sched_getaffinity"):
        raise CannotMeasure("The bench pins processes to cores, which needs Linux.")
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise CannotMeasure("The bench needs two cores: one for the server, one for the load.")
    return cores[0], cores[1]


def find_wrk() -> str:
    """The path of wrk; raises `CannotMeasure` saying how to get it."""
    path = shutil.which("wrk")
    if path is None:
        raise CannotMeasure("The bench needs wrk. On Debian: apt-get install wrk")
    return path


def take_turns(cells: Sequence[Cell], core: int, seconds: float, rounds: int) -> dict[str, list[Measured]]:
    """Measure every cell once a round, in rotated order, so that all of them see the machine's moods."""
    for cell in cells:
        measure(cell, core, min(1.0, seconds))
    results: dict[str, list[Measured]] = {cell.name: [] for cell in cells}
    for number in range(rounds):
        first = number * len(cells) // rounds
        # Pairs stay neighbours: a ratio is taken between cells measured one after the other.
        first -= first % 2
        for cell in [*cells[first:], *cells[:first]]:
            results[cell.name].append(measure(cell, core, seconds))
    return results


def measure(cell: Cell, core: int, seconds: float) -> Measured:
    """Load one cell; raises `CannotMeasure` when it answers with errors."""
    headers = [f"-H{name}: {value}" for name, value in cell.headers.items()]
    command = [find_wrk(), "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "-s", str(SCRIPT)]
    done = subprocess.run(
        [*command, *headers, cell.url, "--", str(cell.delay_ms)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )
    line = next((row for row in done.stdout.splitlines() if row.startswith("MEASURED ")), None)
    if line is None:
        raise CannotMeasure(f"wrk failed for {cell.name}: {done.stdout}{done.stderr}")
    measured = Measured(**json.loads(line.removeprefix("MEASURED ")))
    if measured.failed or not measured.requests:
        raise CannotMeasure(f"{cell.name}: {measured.failed} of {measured.requests} requests failed")
    return measured


def median_rate(rounds: Sequence[Measured]) -> float:
    """The middle round's requests a second."""
    return statistics.median(measured.rate for measured in rounds)


def median_ratio(rounds: Sequence[Measured], against: Sequence[Measured]) -> float:
    """The middle one of the rounds' ratios; each round's two were measured one after the other."""
    return statistics.median(one.rate / other.rate for one, other in zip(rounds, against, strict=True))
