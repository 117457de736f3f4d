"""Messages a second, accepted, committed and delivered, next to a relay that stores nothing and to the plain way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from bench.talks.stage import (
    PLAIN,
    PRODUCT,
    RELAY,
    Plan,
    daphnes,
    load,
    open_site,
    rate,
    seed,
    stores,
    without_database,
)
from bench.servers import Running, Site
from bench.table import Row

AGENTS, EACH = 20, 5
WARM_SECONDS = 1
# Below this share of its core a server was not what limited the messages.
BUSY = 0.85
Cell = tuple[Plan, Sequence[Running]]


def run(site: Site, cores: tuple[int, int], seconds: float, rounds: int) -> Iterator[Row]:
    """SQLite, then PostgreSQL with Redis."""
    yield from _on_sqlite(open_site(site), cores, seconds, rounds)
    with stores(site, cores[1]) as stored:
        yield from _on_postgresql(stored, cores, seconds, rounds)


def _on_sqlite(site: Site, cores: tuple[int, int], seconds: float, rounds: int) -> Iterator[Row]:
    plan, plain_plan = seed(site, AGENTS, EACH), seed(site, AGENTS, EACH)
    with (
        daphnes(PRODUCT, site, cores[0]) as product,
        daphnes(RELAY, site, cores[0]) as relay,
        daphnes(PLAIN, site, cores[0]) as plain,
    ):
        cells: dict[str, Cell] = {
            "product": (plan, product),
            "relay": (without_database(plan), relay),
            "plain": (plain_plan, plain),
        }
        found = take_turns(cells, cores[1], seconds, rounds)
    yield row("messages/s, SQLite / raw relay", found["product"], found["relay"], 0.35, 0.5)
    yield row("messages/s, SQLite / the plain way", found["product"], found["plain"], 7, 10)


def _on_postgresql(site: Site, cores: tuple[int, int], seconds: float, rounds: int) -> Iterator[Row]:
    plan = seed(site, AGENTS, EACH)
    with daphnes(PRODUCT, site, cores[0]) as product, daphnes(RELAY, site, cores[0]) as relay:
        cells: dict[str, Cell] = {
            "product": (plan, product),
            "relay": (without_database(plan), relay),
        }
        found = take_turns(cells, cores[1], seconds, rounds)
    yield row("messages/s, PostgreSQL + Redis / raw relay", found["product"], found["relay"], 0.30, 0.4)


def take_turns(
    cells: dict[str, Cell], core: int | None, seconds: float, rounds: int
) -> dict[str, list[Plan]]:
    """Load every cell once a round, in rotated order, as fast as answers come."""
    results: dict[str, list[Plan]] = {name: [] for name in cells}
    names = list(cells)
    for number in range(rounds):
        first = number % len(names)
        for name in [*names[first:], *names[:first]]:
            plan, servers = cells[name]
            found = load("talking", plan, servers, core, warm=WARM_SECONDS, seconds=seconds)
            results[name].append(found)
    return results


def row(what: str, ours: Sequence[Plan], others: Sequence[Plan], reach: float, goal: float) -> Row:
    """The middle one of the rounds' ratios, and who was at their limit."""
    ratio = median(rate(one) / rate(other) for one, other in zip(ours, others, strict=True))
    return Row(what, ratio, reach, goal, note=note(ours, others), rounds={"ours": ours, "others": others})


def note(*cells: Sequence[Plan]) -> str:
    """Both rates, then what server and load used of their cores."""
    rates = " of ".join(f"{median(map(rate, each)):,.0f}" for each in cells)
    shares = ", ".join(
        f"{median(one['server_cpu'] for one in each):.0%}/{median(one['load_cpu'] for one in each):.0%}"
        for each in cells
    )
    limit = ""
    if any(median(one["server_cpu"] for one in each) < BUSY for each in cells):
        limit = "; not every server was at its limit"
    return f"{rates} a second; server/load had {shares} of a core{limit}"
