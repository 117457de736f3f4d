"""Messages a second, accepted, committed and delivered, next to a relay that stores nothing and to the plain way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from bench.servers import Running, Site
from bench.table import Row
from bench.talks.stage import (
    PLAIN,
    PRODUCT,
    RELAY,
    Plan,
    daphnes,
    load,
    middle,
    open_site,
    rate,
    seed,
    stores,
    without_database,
)

AGENTS, EACH = 20, 5
WARM_SECONDS = 1
# Below this share of its core a server was not what limited the messages.
BUSY = 0.85
Cell = tuple[Plan, Sequence[Running]]


def on_sqlite(site: Site, cores: tuple[int, int], seconds: float, rounds: int) -> Iterator[Row]:
    """One process on SQLite."""
    site = open_site(site)
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


def on_postgresql(site: Site, cores: tuple[int, int], seconds: float, rounds: int) -> Iterator[Row]:
    """One process on PostgreSQL and Redis, which share the load's core."""
    with (
        stores(site, cores[1]) as stored,
        daphnes(PRODUCT, stored, cores[0]) as product,
        daphnes(RELAY, stored, cores[0]) as relay,
    ):
        plan = seed(stored, AGENTS, EACH)
        cells: dict[str, Cell] = {
            "product": (plan, product),
            "relay": (without_database(plan), relay),
        }
        found = take_turns(cells, cores[1], seconds, rounds)
    yield row("messages/s, PostgreSQL + Redis / raw relay", found["product"], found["relay"], 0.30, 0.4)


def two_processes(site: Site, _cores: tuple[int, int], seconds: float, rounds: int) -> Iterator[Row]:
    """Two processes next to one; servers, stores and load share both cores, half of the texts cross over."""
    with (
        stores(site, None) as stored,
        daphnes(PRODUCT, stored, None, 2) as both,
        daphnes(PRODUCT, stored, None) as single,
    ):
        cells: dict[str, Cell] = {
            "two": (seed(stored, AGENTS, EACH), both),
            "one": (seed(stored, AGENTS, EACH), single),
        }
        found = take_turns(cells, None, seconds, rounds)
    yield row("messages/s, two processes / one, both cores shared", found["two"], found["one"], 1.4, 1.6)
    yield two_cores(found["two"], found["one"])


def two_cores(two: Sequence[Plan], one: Sequence[Plan]) -> Row:
    """What the two would carry with a core each, next to one with a core: by the servers' own time for a message.

    With only two cores for servers, stores and load, two processes take from each other what they would gain.
    """
    gain = median(2 * own_rate(both) / own_rate(single) for both, single in zip(two, one, strict=True))
    costs = [1e6 / median(map(own_rate, each)) for each in (two, one)]
    note = f"{costs[0]:.0f} and {costs[1]:.0f} µs of the servers' time a message"
    return Row("the same, a core for each process (by their own time)", gain, 1.4, 1.6, note=note)


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


def note(ours: Sequence[Plan], others: Sequence[Plan]) -> str:
    """Both rates, what servers and load used of their cores, and what that says on a busy machine."""
    rates = " of ".join(f"{median(map(rate, each)):,.0f}" for each in (ours, others))
    text = f"{rates} a second; server + load had {shares(ours)}, {shares(others)}"
    if min(middle(each, "server_cpu") for each in (ours, others)) >= BUSY:
        return text
    steady = median(own_rate(one) / own_rate(other) for one, other in zip(ours, others, strict=True))
    return f"{text}; {steady:.2f} x by the servers' own time"


def shares(rounds: Sequence[Plan]) -> str:
    """How much of a core the servers had, and how much the load."""
    return f"{middle(rounds, 'server_cpu'):.0%} + {middle(rounds, 'load_cpu'):.0%}"


def own_rate(one: Plan) -> float:
    """Messages a second of the server's own time, which other processes on its core don't change."""
    return rate(one) / max(one["server_cpu"], 0.01)
