"""The load of visitors who come and stay, a process of its own: `python -m bench.talks.coming`."""

from __future__ import annotations

import time

from bench.talks.scene import Clock, Plan, Scene, perform, resident_mb

REST_SECONDS = 3.0


def come(plan: Plan) -> Plan:
    """Connect everybody in steps of `step`, then look how heavy the server has become."""
    scene = Scene(plan)
    [pid] = plan["pids"]
    empty = resident_mb(pid)
    steps = []
    people = scene.visitors
    for start in range(0, len(people), plan["step"]):
        part = people[start : start + plan["step"]]
        clock = Clock([pid])
        scene.connect_all(part)
        used = clock.read()
        rate = len(part) / used["seconds"]
        steps.append((rate, rate / max(used["server_cpu"], 0.01)))
    until = time.perf_counter() + REST_SECONDS
    scene.turn_until(lambda: time.perf_counter() > until, REST_SECONDS)
    (first, first_own), (last, last_own) = steps[0], steps[-1]
    return {
        "memory_mb": resident_mb(pid),
        "empty_mb": empty,
        "first_rate": first,
        "last_rate": last,
        "ratio": last / first,
        "own_ratio": last_own / first_own,
        "steps": steps,
        "people": sum(one.is_welcome for one in people),
    }


if __name__ == "__main__":
    raise SystemExit(perform(come))
