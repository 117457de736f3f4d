"""Everybody of one run: made from a plan, connected, counted."""

from __future__ import annotations

import json
import os
import random
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.load import CannotMeasure, cpu_seconds
from bench.talks.clients import Desk, Person, Visitor
from bench.talks.driver import Driver
from bench.talks.talk import Talk, Tally
from bench.talks.wire import handshake

# So many handshakes are under way at once: fewer than a server lets wait.
AT_ONCE = 32
CONNECT_SECONDS = 60
PEOPLE_AN_ADDRESS = 1000

Plan = dict[str, Any]


class Scene:
    """Visitors and desks of a plan: `ports`, `pids`, `origin`, `cookie`, `talks`, `agents`."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.driver = Driver()
        self.tally = Tally(echo_acks=plan.get("echo_acks", False))
        run = f"{random.getrandbits(32):08x}"
        self.talks = [
            Talk(talk["id"], talk["token"], talk["n"], self.tally, run, talk.get("padding", 0))
            for talk in plan["talks"]
        ]
        self.visitors = [Visitor(talk) for talk in self.talks]
        self.desks = [
            Desk(agent["session"], [self.talks[at] for at in agent["talks"]], self.tally)
            for agent in plan["agents"]
        ]
        ports = plan["ports"]
        self._ports: dict[Person, int] = {}
        # Over two processes, every other visitor is elsewhere than their agent.
        self._ports |= {one: ports[at // 2 % len(ports)] for at, one in enumerate(self.visitors)}
        self._ports |= {one: ports[at % len(ports)] for at, one in enumerate(self.desks)}
        self._addresses: dict[Person, str] = {
            one: f"127.0.0.{2 + at // PEOPLE_AN_ADDRESS}" for at, one in enumerate(self.visitors)
        }

    def connect(self, person: Person) -> None:
        """Begin to connect somebody."""
        port = self._ports[person]
        cookie = f"{self.plan['cookie']}={person.session}" if isinstance(person, Desk) else ""
        request = handshake(person.path, f"127.0.0.1:{port}", self.plan["origin"], cookie)
        self.driver.connect(port, request, person, self._addresses.get(person, ""))

    def connect_all(self, people: list[Any]) -> list[float]:
        """Connect everybody, some at a time, until they are welcome; gives when each was."""
        waiting, times = iter(people), []
        under_way = 0
        deadline = time.perf_counter() + CONNECT_SECONDS

        def welcomed(_person: Person) -> None:
            times.append(time.perf_counter())

        def refused(_person: Person, code: int) -> None:
            raise CannotMeasure(f"The server closed a socket with {code}.")

        while len(times) < len(people):
            while under_way - len(times) < AT_ONCE and (person := next(waiting, None)) is not None:
                person.on_welcome, person.on_closed = welcomed, refused
                self.connect(person)
                under_way += 1
            self.driver.turn(0.1)
            if time.perf_counter() > deadline:
                raise CannotMeasure(
                    f"Only {len(times)} of {len(people)} are welcome after {CONNECT_SECONDS} s."
                )
        return times

    def turn_until(self, is_done: Callable[[], bool], seconds: float) -> bool:
        """Let things go on until `is_done`, at most so long."""
        deadline = time.perf_counter() + seconds
        while not is_done():
            if time.perf_counter() > deadline:
                return False
            self.driver.turn(0.02)
        return True

    def settle(self) -> None:
        """Wait until all that was sent has arrived everywhere."""
        self.turn_until(lambda: all(talk.is_done for talk in self.talks), 5)

    def verdict(self) -> Plan:
        """Whether each text is on disk and was seen by both sides, once and in order."""
        lost = sum(2 * talk.sent - talk.seen - talk.echoed for talk in self.talks)
        return {
            "lost": lost,
            "unacknowledged": sum(talk.sent - talk.acked for talk in self.talks),
            "wrong": self.tally.wrong,
            "refused": self.tally.refused,
            "heads": [max(talk.visitor_n, talk.agent_n) for talk in self.talks],
        }


class Clock:
    """Time and processor time since it was made: the load's own and the servers'."""

    def __init__(self, pids: list[int]) -> None:
        self._pids = pids
        self._began = time.perf_counter()
        self._own = time.process_time()
        self._servers = sum(map(cpu_seconds, pids))

    def read(self) -> Plan:
        """Seconds that have passed and shares of a core."""
        seconds = time.perf_counter() - self._began
        return {
            "seconds": seconds,
            "load_cpu": (time.process_time() - self._own) / seconds,
            "server_cpu": (sum(map(cpu_seconds, self._pids)) - self._servers) / seconds,
        }


def resident_mb(pid: int) -> float:
    """The memory of a process, in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def perform(run: Callable[[Plan], Plan]) -> int:
    """A process of the load: the plan comes in, what was measured goes out, both as JSON."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        result = run(json.load(sys.stdin))
    except CannotMeasure as problem:
        print(problem, file=sys.stderr)
        return 2
    json.dump(result, sys.stdout)
    return 0
