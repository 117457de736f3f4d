"""`python -m bench.chat.drive`: reads what to do as JSON, drives one server, prints what came out.

A process of its own, so that it has a core of its own.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from typing import Any

from bench.chat.people import Agent, Counts, Echo, Visitor
from bench.chat.wire import connect

PATIENCE_SECONDS = 60.0
SETTLE_SECONDS = 1.0
AT_ONCE = 50


async def main(job: dict[str, Any]) -> dict[str, Any]:
    """Set the scene, talk, count."""
    counts = Counts()
    make = _product if job["kind"] == "product" else _echoes
    visitors = await make(job, counts)
    pace = asyncio.create_task(_paced(visitors, job["rate"])) if job.get("rate") else None
    if pace is None:
        for visitor in visitors:
            visitor.goes_on = True
            visitor.talk()
    await asyncio.sleep(SETTLE_SECONDS)
    counts.measures = True
    seen, cpu, began = counts.seen, _cpu(), time.perf_counter()
    await asyncio.sleep(job["seconds"])
    seconds, delivered, used = time.perf_counter() - began, counts.seen - seen, _cpu() - cpu
    counts.measures = False
    if pace:
        pace.cancel()
    for visitor in visitors:
        visitor.goes_on = False
    await _settled(counts)
    waits = sorted(counts.waits) or [0.0]
    return {
        "rate": delivered / seconds,
        "load_share": used / seconds,
        "sent": counts.sent,
        "seen": counts.seen,
        "lost": counts.sent - counts.seen,
        "holes": counts.holes,
        "refused": counts.refused,
        "p50_ms": waits[len(waits) // 2] * 1000,
        "p99_ms": waits[min(len(waits) - 1, int(len(waits) * 0.99))] * 1000,
    }


async def _settled(counts: Counts) -> None:
    """What was sent arrives."""
    deadline = time.monotonic() + 10
    while counts.seen < counts.sent and time.monotonic() < deadline:
        await asyncio.sleep(0.05)


async def _product(job: dict[str, Any], counts: Counts) -> list[Visitor]:
    ports, origin = job["ports"], job["origin"]
    agents = []
    for index, one in enumerate(job["agents"]):
        wire = await connect("/ws/desk/", ports[index % len(ports)], origin=origin, cookie=one["cookie"])
        agent = Agent(wire, counts)
        agent.greet(one["conversations"])
        agents.append(agent)
    visitors = []
    for index, one in enumerate(job["conversations"]):
        # On the other process than the agent, where there are two.
        port = ports[(index + index // len(job["agents"])) % len(ports)]
        visitor = Visitor(await connect("/ws/chat/", port, origin=origin), one["id"], counts)
        visitor.greet(one["token"])
        visitors.append(visitor)
    wanted = len(job["conversations"])
    deadline = time.monotonic() + PATIENCE_SECONDS
    while sum(agent.ready for agent in agents) < wanted or not all(one.is_ready for one in visitors):
        if time.monotonic() > deadline:
            raise TimeoutError("the sockets did not catch up")
        await asyncio.sleep(0.05)
    counts.seen = 0
    return visitors


async def _echoes(job: dict[str, Any], counts: Counts) -> list[Echo]:
    port, origin = job["ports"][0], job["origin"]
    is_plain = job["kind"] == "plain"
    for index, one in enumerate(job["agents"]):
        name = ",".join(map(str, one["keys"])) if is_plain else str(index)
        Echo(await connect(f"/agent/{name}", port, origin=origin), name, counts, is_agent=True)
    visitors = []
    for index, one in enumerate(job["conversations"]):
        name = str(one["key"] if is_plain else index % len(job["agents"]))
        wire = await connect(f"/visitor/{name}", port, origin=origin)
        visitors.append(Echo(wire, name, counts, is_agent=False))
    return visitors


async def _paced(visitors: list[Any], rate: float) -> None:
    """So many texts a second, from everybody in turn."""
    began, said = time.perf_counter(), 0
    while True:
        due = int((time.perf_counter() - began) * rate)
        for number in range(said, due):
            visitors[number % len(visitors)].talk()
        said = due
        await asyncio.sleep(0.001)


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(json.load(sys.stdin)))))
