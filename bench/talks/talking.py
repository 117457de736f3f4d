"""The load of messages, a process of its own: as fast as answers come, or at a pace.

`python -m bench.talks.talking`: `rate` in the plan is messages a second, none for as fast as possible;
`warm` and `seconds` are the lengths of the beginning that isn't measured and of the rest.
"""

from __future__ import annotations

import gc
import time
from statistics import quantiles

from bench.talks.scene import Clock, Plan, Scene, perform
from bench.talks.talk import Talk


def talk(plan: Plan) -> Plan:
    """Connect, load, measure, look whether everything has arrived."""
    scene = Scene(plan)
    scene.connect_all([*scene.desks, *scene.visitors])
    gc.disable()
    if plan.get("rate"):
        measured = _paced(scene, plan["rate"], plan["warm"], plan["seconds"])
    else:
        measured = _closed(scene, plan["warm"], plan["seconds"])
    scene.settle()
    return measured | scene.verdict()


def _closed(scene: Scene, warm: float, seconds: float) -> Plan:
    """Each visitor sends the next text when the last one is on disk and the agent has seen it."""
    writers = {visitor.talk: visitor for visitor in scene.visitors}
    going = True

    def go_on(talk: Talk) -> None:
        if going and talk.acked == talk.seen == talk.sent:
            writers[talk].write()

    for visitor in scene.visitors:
        visitor.on_ack = go_on
        visitor.write()
    for desk in scene.desks:
        desk.on_seen = go_on
    _turn(scene, warm)
    measured = _measure(scene, seconds)
    going = False
    return measured


def _turn(scene: Scene, seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        scene.driver.turn(0.1)


def _measure(scene: Scene, seconds: float) -> Plan:
    before, clock = _begin(scene)
    _turn(scene, seconds)
    return _end(scene, before, clock)


def _begin(scene: Scene) -> tuple[int, Clock]:
    scene.tally.latencies.clear()
    return scene.tally.seen, Clock(scene.plan["pids"])


def _end(scene: Scene, before: int, clock: Clock) -> Plan:
    delays = [1000 * delay for delay in scene.tally.latencies]
    hundredths = quantiles(delays, n=100) if len(delays) > 1 else [0.0] * 99
    return clock.read() | {
        "messages": scene.tally.seen - before,
        "p50_ms": hundredths[49],
        "p99_ms": hundredths[98],
        "max_ms": max(delays, default=0.0),
    }


def _paced(scene: Scene, rate: float, warm: float, seconds: float) -> Plan:
    """Everybody in turn, evenly, whether answers come or not."""
    began = time.perf_counter()
    before, clock = 0, None
    sent = 0
    while (passed := time.perf_counter() - began) < warm + seconds:
        if clock is None and passed >= warm:
            before, clock = _begin(scene)
        while sent < passed * rate:
            scene.visitors[sent % len(scene.visitors)].write()
            sent += 1
        scene.driver.turn(sent / rate - passed)
    return _end(scene, before, clock or Clock([]))


if __name__ == "__main__":
    raise SystemExit(perform(talk))
