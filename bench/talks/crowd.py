"""Ten thousand visitors who only look: what they weigh and how fast they come in."""

from __future__ import annotations

import resource
from collections.abc import Iterator

from bench.load import CannotMeasure
from bench.servers import Site
from bench.table import Row
from bench.talks.stage import PRODUCT, daphnes, load, middle, open_site, seed

VISITORS, STEP, AGENTS = 10_000, 1_000, 20
SPARE_FILES = 500


def run(site: Site, cores: tuple[int, int], _seconds: float, rounds: int) -> Iterator[Row]:
    """The memory of the process, then the rate at which the last thousand came next to the first."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < VISITORS + SPARE_FILES:
        raise CannotMeasure(f"{VISITORS:,} sockets need a limit of open files above {hard}.")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    site = open_site(site)
    plan = seed(site, AGENTS, VISITORS // AGENTS) | {"agents": []}
    found = []
    for _ in range(rounds):
        with daphnes(PRODUCT, site, cores[0]) as servers:
            found.append(load("coming", plan, servers, cores[1], step=STEP))
    memory = middle(found, "memory_mb")
    note = f"{(memory - middle(found, 'empty_mb')) * 1000 / VISITORS:.0f} KB each"
    what = f"{VISITORS:,} idle visitors, one process"
    yield Row(what, memory, 400, 300, unit="MB", note=note, rounds={"ours": found})
    first, last = middle(found, "first_rate"), middle(found, "last_rate")
    note = f"{first:,.0f} a second, then {last:,.0f}; {middle(found, 'own_ratio'):.2f} x by the server's own time"
    yield Row(f"sockets accepted at {VISITORS:,} / at {STEP:,}", middle(found, "ratio"), 0.9, 1, note=note)
