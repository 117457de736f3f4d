"""Search as you type, as a row of the table."""

from __future__ import annotations

from collections.abc import Iterator

from bench import search
from bench.servers import Site
from bench.table import Row


def run(site: Site, cores: tuple[int, int], seconds: float, rounds: int) -> Iterator[Row]:
    """One row; the number of articles and rounds is the search bench's own."""
    figures = search.run()
    yield Row(
        f"search as you type, {search.ARTICLES:,} articles, p99",
        figures["p99_ms"],
        search.REACH_MS,
        search.GOAL_MS,
        unit="ms",
        note=f"{figures['queries']:,.0f} keystrokes, p50 {figures['p50_ms']:.1f} ms",
        rounds=figures,
    )
