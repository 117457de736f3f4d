"""An agent who never reads while their customers write on: what that costs the server and everybody else."""

from __future__ import annotations

from collections.abc import Iterator

from bench.servers import Site
from bench.table import Row
from bench.talks.stage import PRODUCT, daphnes, load, middle, open_site, seed
from bench.talks.throughput import shares

AGENTS, EACH = 4, 5
# Code points that make the texts long which nobody reads: were they kept for the deaf one, it would show.
PADDING = 1900


def run(site: Site, cores: tuple[int, int], _seconds: float, _rounds: int) -> Iterator[Row]:
    """Once: it takes half a minute."""
    site = open_site(site)
    with daphnes(PRODUCT, site, cores[0]) as servers:
        plan = seed(site, AGENTS, EACH)
        for number in plan["agents"][0]["talks"]:
            plan["talks"][number]["padding"] = PADDING
        found = [load("not_reading", plan, servers, cores[1])]
    figures = {"ours": found}
    note = f"{middle(found, 'unread'):,.0f} texts unread, {middle(found, 'before_mb'):.0f} MB before"
    yield Row("a client that never reads: growth", middle(found, "growth_mb"), 1, 0.5, "MB", note, figures)
    yield Row("a client that never reads: closed after", middle(found, "closed_seconds"), 30, 25, "s")
    note = (
        f"p99 {middle(found, 'before_p99_ms'):.1f} ms before, {middle(found, 'p99_ms'):.1f} ms meanwhile; "
        f"server + load had {shares(found)}"
    )
    slower = middle(found, "p99_ms") / middle(found, "before_p99_ms")
    yield Row("a client that never reads: others' p99 / before", slower, 2, 1.2, "times", note)
