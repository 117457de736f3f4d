"""The chat's rows of the table."""

from __future__ import annotations

from collections.abc import Iterator

from bench.servers import Site
from bench.table import Row
from bench.talks import comeback, crowd, deaf, latency, throughput

PARTS = (
    throughput.on_sqlite,
    throughput.on_postgresql,
    throughput.two_processes,
    latency.run,
    crowd.run,
    deaf.run,
    comeback.run,
)


def run(site: Site, cores: tuple[int, int], seconds: float, rounds: int) -> Iterator[Row]:
    """All of them, one after the other."""
    for part in PARTS:
        yield from part(site, cores, seconds, rounds)
