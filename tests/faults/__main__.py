"""`make faults`: breaks a real deployment in every way there is, and says what became of the messages.

Each fault gets new conversations in which visitors and agents write all the time; then everything is healed, and
within 15 s all of them have to show the same, which is what the database holds. Any broken promise ends the
run with status 1. The clients' own waits are a tenth of what the contract says.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
from pathlib import Path

import psycopg

from tests.faults import figures
from tests.faults.figures import Figures
from tests.faults.nemesis import EVERYWHERE, WITH_STORES, Fault, faults
from tests.faults.scene import NotReached, Scene
from tests.faults.servers import Deployment, on_postgresql, on_sqlite
from tests.machine import ensure_tools

AGENTS = 3
CAPACITY = 50
WARM_UP_SECONDS = 1.0
BACKENDS = {"sqlite": on_sqlite, "postgresql": on_postgresql}


def main(words: list[str]) -> int:
    """Run what was asked for; 0 when every promise was kept."""
    options = _options(words)
    if missing := ensure_tools():
        _say(f"The faults need {', '.join(missing)}.")
        return 1
    backends = list(BACKENDS) if options.backend == "both" else [options.backend]
    results = [result for backend in backends for result in asyncio.run(_run(backend, options))]
    if options.json:
        options.json.write_text(json.dumps([result.as_dict() for result in results], indent=1))
    return _summary(results, options.seed)


async def _run(backend: str, options: argparse.Namespace) -> list[Figures]:
    _say(f"\n=== {backend}, seed {options.seed}\n{figures.heading()}")
    chosen = {
        name: fault for name, fault in faults(backend).items() if not options.fault or name in options.fault
    }
    results = []
    for name, fault in chosen.items():
        # Every fault finds a deployment of its own, so that none hides or causes what another shows.
        async with BACKENDS[backend](agents=AGENTS, capacity=CAPACITY, seed=options.seed) as deployment:
            results.append(await _one(deployment, backend, name, fault, options))
            _say(results[-1].line)
            for violation in results[-1].violations[:10]:
                _say(f"    {violation}")
            if results[-1].violations or results[-1].errors:
                _say(f"    what was written down: {deployment.folder}")
            else:
                deployment.forget()
    return results


async def _one(
    deployment: Deployment, backend: str, name: str, fault: Fault, options: argparse.Namespace
) -> Figures:
    path = deployment.folder / "history.jsonl"
    scene = Scene(deployment, options.seed, options.conversations, AGENTS, path=path, window=options.window)
    problems = []
    try:
        await scene.open()
        scene.talk()
        await asyncio.sleep(WARM_UP_SECONDS)
        await fault(scene, options.seconds)
        await scene.hush()
        await scene.heal()
        await scene.settle()
    except NotReached as problem:
        problems.append(f"not reached: {problem}")
    except (AssertionError, OSError, psycopg.Error) as problem:
        # The other faults are still worth knowing.
        problems.append(f"the run itself failed: {problem!r}")
    finally:
        await scene.close()
    dump, violations = scene.judge()
    found = figures.of(name, backend, scene, dump, violations)
    found.violations.extend(problems)
    return found


def _summary(results: list[Figures], seed: int) -> int:
    acked, broken = sum(result.acknowledged for result in results), [r for r in results if r.violations]
    lost = sum(result.lost for result in results)
    twice, misordered = sum(r.duplicated for r in results), sum(r.misordered for r in results)
    _say(
        f"\n{len(results)} faults, seed {seed}: {acked} acknowledged, {lost} lost, {twice} twice, {misordered} out of order"
    )
    if not lost and acked:
        _say(f"None lost of {acked}: with 95 % certainty fewer than {3 / acked:.5f} of all are.")
    _say(
        f"Promises broken under: {', '.join(r.fault for r in broken)}"
        if broken
        else "Every promise was kept."
    )
    return 1 if broken else 0


def _options(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--seconds", type=float, default=6.0, help="how long each fault lasts")
    parser.add_argument("--conversations", type=int, default=6)
    parser.add_argument("--backend", choices=[*BACKENDS, "both"], default="both")
    parser.add_argument("--fault", action="append", choices=sorted(EVERYWHERE | WITH_STORES))
    parser.add_argument("--window", type=int, default=1, help="texts of one person on their way at once")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    return parser.parse_args(words)


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
