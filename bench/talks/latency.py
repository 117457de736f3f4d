"""How soon an agent sees a text when a thousand conversations go on quietly."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from bench.servers import Site
from bench.table import Row
from bench.talks.stage import (
    PRODUCT,
    RELAY,
    Plan,
    daphnes,
    load,
    middle,
    open_site,
    rate,
    seed,
    without_database,
)
from bench.talks.throughput import shares

AGENTS, EACH, RATE = 20, 50, 500
WARM_SECONDS = 3
# A percentile of fewer texts says nothing.
LEAST_SECONDS = 4


def run(site: Site, cores: tuple[int, int], seconds: float, rounds: int) -> Iterator[Row]:
    """The slowest percent from sending to seeing, and the same next to the relay's."""
    site = open_site(site)
    plan = seed(site, AGENTS, EACH)
    bare = without_database(plan)
    ours: list[Plan] = []
    others: list[Plan] = []
    with daphnes(PRODUCT, site, cores[0]) as product, daphnes(RELAY, site, cores[0]) as relay:
        for _ in range(rounds):
            for found, people, servers in ((ours, plan, product), (others, bare, relay)):
                length = max(seconds, LEAST_SECONDS)
                more = {"rate": RATE, "warm": WARM_SECONDS, "seconds": length}
                found.append(load("talking", people, servers, cores[1], **more))
    note = (
        f"p50 {middle(ours, 'p50_ms'):.1f} and {middle(others, 'p50_ms'):.1f} ms at {median(map(rate, ours)):,.0f} "
        f"a second; server + load had {shares(ours)}, {shares(others)}"
    )
    what = f"{AGENTS * EACH:,} conversations, {RATE} messages/s, p99 send → seen"
    figures = {"ours": ours, "others": others}
    yield Row(what, middle(ours, "p99_ms"), 15, 10, unit="ms", note=note, rounds=figures)
    ratio = median(one["p99_ms"] / other["p99_ms"] for one, other in zip(ours, others, strict=True))
    note = f"{middle(ours, 'p99_ms'):.1f} of {middle(others, 'p99_ms'):.1f} ms"
    yield Row("the same / raw relay", ratio, 3, 2, unit="times", note=note)
