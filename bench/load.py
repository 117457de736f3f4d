"""Load from wrk on a core of its own, in rounds that take turns."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

CONNECTIONS = 16
SCRIPT = Path(__file__).with_name("wrk.lua")


class CannotMeasure(Exception):
    """The machine or the site isn't fit for a measurement; the text says what to do."""


@dataclass(frozen=True)
class Cell:
    """One thing to put under load; `delay_ms` is how long a connection rests before its next request.

    `pid` is the server's process.
    """

    name: str
    url: str
    pid: int
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_ms: int = 0


@dataclass(frozen=True)
class Measured:
    """One round of one cell; `cpu_seconds` is what the server used of its core."""

    requests: int
    seconds: float
    cpu_seconds: float
    failed: int
    p50_ms: float
    p99_ms: float
    p999_ms: float
    max_ms: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds

    @property
    def cpu_rate(self) -> float:
        """Requests a second of the server's own time, which other processes on its core don't change."""
        return self.requests / max(self.cpu_seconds, 0.01)


def find_cores() -> tuple[int, int]:
    """The server's core and the load's; raises `CannotMeasure` when the machine has not two."""
    if not hasattr(os, "sched_getaffinity"):
        raise CannotMeasure("The bench pins processes to cores, which needs Linux.")
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise CannotMeasure("The bench needs two cores: one for the server, one for the load.")
    return cores[0], cores[1]


def find_wrk() -> str:
    """The path of wrk, which root installs; raises `CannotMeasure` saying how to get it."""
    if not shutil.which("wrk") and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing wrk…", flush=True)
        subprocess.run(["apt-get", "install", "-y", "-qq", "wrk"], stdout=subprocess.DEVNULL, check=False)
    path = shutil.which("wrk")
    if path is None:
        raise CannotMeasure("The bench needs wrk. On Debian: apt-get install wrk")
    return path


def take_turns(cells: Sequence[Cell], core: int, seconds: float, rounds: int) -> dict[str, list[Measured]]:
    """Measure every cell once a round, in rotated order, so that all of them see the machine's moods."""
    for cell in cells:
        # Warming up; a page that really fails does so again in its first round.
        with suppress(CannotMeasure):
            measure(cell, core, 1)
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
    command = [
        find_wrk(),
        "-t1",
        "--timeout",
        "20s",
        f"-c{CONNECTIONS}",
        f"-d{max(1, round(seconds))}s",
        "-s",
        str(SCRIPT),
    ]
    before = cpu_seconds(cell.pid)
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
    spent = cpu_seconds(cell.pid) - before
    measured = Measured(cpu_seconds=spent, **json.loads(line.removeprefix("MEASURED ")))
    if measured.failed or not measured.requests:
        raise CannotMeasure(f"{cell.name}: {measured.failed} of {measured.requests} requests failed")
    return measured


def cpu_seconds(pid: int) -> float:
    """What a process and its threads have used of the processor so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    user, system = int(fields[11]), int(fields[12])
    return (user + system) / os.sysconf("SC_CLK_TCK")
