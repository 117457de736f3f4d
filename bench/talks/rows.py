"""The chat's rows of the table."""

from __future__ import annotations

from collections.abc import Iterator

from bench.talks import throughput
from bench.servers import Site
from bench.table import Row


def run(site: Site, cores: tuple[int, int], seconds: float, rounds: int) -> Iterator[Row]:
    """All of them, one after the other."""
    yield from throughput.run(site, cores, seconds, rounds)
