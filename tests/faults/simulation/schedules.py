"""Random courses of events from a seed: `python -m tests.faults.simulation.schedules 20000` tries many. Pure."""

from __future__ import annotations

import sys
from collections.abc import Callable
from random import Random

from tests.faults.checker import names
from tests.faults.invariants.violation import Violation
from tests.faults.simulation.world import World

STEPS = 120
OPENING = 4


def run(
    seed: int, bugs: frozenset[str] = frozenset(), *, steps: int = STEPS, window: int = 1, calm: bool = False
) -> list[Violation]:
    """Play one schedule to its end; what was broken. When it is `calm`, connections and processes live on."""
    chance = Random(seed)
    world = World(bugs, window=window, seed=seed)
    moves = _moves(world, chance, calm)
    for number in range(OPENING):
        world.connect(number, number)
    for _ in range(steps):
        chance.choice(moves)()
    return world.judge()


def _moves(world: World, chance: Random, calm: bool) -> list[Callable[[], None]]:
    """What may happen next; what is usual is there more often."""

    def some() -> int:
        return chance.randrange(8)

    def seldom() -> bool:
        return chance.random() < 0.2

    usual: list[Callable[[], None]] = [
        lambda: world.say(some(), some(), seldom()),
        lambda: world.deliver_up(some(), seldom()),
        lambda: world.deliver_up(some()),
        lambda: world.deliver_down(some(), some(), seldom()),
        lambda: world.deliver_down(some()),
        lambda: world.write(some()),
        lambda: world.announce(some()),
        lambda: world.hint(some(), seldom(), seldom()),
        lambda: world.connect(some(), some()),
        lambda: world.wait(),
    ]
    unusual: list[Callable[[], None]] = [
        lambda: world.accept(some(), some()),
        lambda: world.give_back(some(), some()),
        lambda: world.finish_joining(some()),
        lambda: world.compare(some()),
        lambda: world.flush(),
        lambda: world.set_clock(some(), chance.uniform(-60, 60)),
    ]
    breaks: list[Callable[[], None]] = [
        lambda: world.disconnect(some()),
        lambda: world.half_open(some(), seldom()),
        lambda: world.kill(some()),
    ]
    return usual * 4 + unusual + ([] if calm else breaks)


def main(count: int) -> int:
    """Play so many schedules; 0 when all went well."""
    for seed in range(count):
        # A window of one and wider ones in turn.
        found = run(seed, window=1 + seed % 3)
        if found:
            print(f"seed {seed}: {sorted(names(found))}", *found, sep="\n  ")  # noqa: T201
            return 1
    print(f"{count} schedules, every promise was kept")  # noqa: T201
    return 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000))
