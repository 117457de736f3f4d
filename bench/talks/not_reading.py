"""The load with one agent who never reads, a process of its own: `python -m bench.talks.not_reading`.

Everybody writes at a pace, long texts to the first desk. First everybody reads; then one desk stops, and only that changes.
"""

from __future__ import annotations

import gc
import time
from pathlib import Path
from statistics import quantiles

from bench.load import CannotMeasure
from bench.talks.clients import Desk
from bench.talks.scene import Clock, Plan, Scene, perform, resident_mb

RATE = 200
# Before anything is compared, what the server remembers of each conversation must be full.
CALM_SECONDS = 30
PATIENCE_SECONDS = 45


def stop_reading(plan: Plan) -> Plan:
    """Let everybody talk, have one desk stop, wait for its end."""
    scene = Scene(plan)
    scene.connect_all([*scene.desks, *scene.visitors])
    gc.disable()
    [pid] = plan["pids"]
    pace = Pace(scene, RATE)
    pace.keep(CALM_SECONDS / 2)
    scene.tally.latencies.clear()
    calm_mb = pace.keep(CALM_SECONDS / 2, pid)
    before = _p99(scene)
    deaf = scene.desks[0]
    watched = _servers_end(deaf, plan["ports"][0], pid)
    _stop(scene, deaf)
    unread = sum(talk.seen for talk in deaf.talks.values())
    clock, began = Clock([pid]), time.perf_counter()
    most_mb = calm_mb
    while _is_open(watched):
        most_mb = max(most_mb, pace.keep(0.2, pid))
        if time.perf_counter() - began > PATIENCE_SECONDS:
            break
    closed = time.perf_counter() - began
    result = clock.read() | {"p99_ms": _p99(scene), "before_p99_ms": before}
    unread = sum(talk.sent for talk in deaf.talks.values()) - unread
    _end(scene, deaf)
    figures = {
        "closed_seconds": closed,
        "before_mb": calm_mb,
        "growth_mb": most_mb - calm_mb,
        "unread": unread,
    }
    return result | scene.verdict() | figures


class Pace:
    """Everybody in turn writes, evenly."""

    def __init__(self, scene: Scene, rate: float) -> None:
        self._scene, self._rate = scene, rate
        self._began, self._sent = time.perf_counter(), 0

    def keep(self, seconds: float, pid: int | None = None) -> float:
        """Go on for so long; gives the server's largest memory in MB when it is asked for."""
        most, until = 0.0, time.perf_counter() + seconds
        looked = 0.0
        while (now := time.perf_counter()) < until:
            passed = now - self._began
            while self._sent < passed * self._rate:
                self._scene.visitors[self._sent % len(self._scene.visitors)].write()
                self._sent += 1
            self._scene.driver.turn(self._sent / self._rate - passed)
            if pid and now - looked > 0.1:
                most, looked = max(most, resident_mb(pid)), now
        return most


def _p99(scene: Scene) -> float:
    return 1000 * quantiles(scene.tally.latencies, n=100)[98]


def _stop(scene: Scene, deaf: Desk) -> None:
    """The desk's socket is never read again."""
    if deaf.connection is None:
        raise CannotMeasure("The desk was closed before it stopped reading.")
    scene.driver.epoll.unregister(deaf.connection.number)
    scene.tally.latencies.clear()


def _servers_end(deaf: Desk, port: int, pid: int) -> tuple[Path, str]:
    """The server's end of the desk's connection: its open file, and what that refers to.

    The kernel's list of connections is read this once: after thousands of sockets it takes long enough to be seen
    in how soon the load reads.
    """
    if deaf.connection is None:
        raise CannotMeasure("The desk was closed before it stopped reading.")
    own = int(deaf.connection.socket.getsockname()[1])
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        columns = line.split()
        if int(columns[1][-4:], 16) == port and int(columns[2][-4:], 16) == own:
            target = f"socket:[{columns[9]}]"
            for file in Path(f"/proc/{pid}/fd").iterdir():
                if _is_open((file, target)):
                    return file, target
    raise CannotMeasure("The server's end of the desk's connection can't be found.")


def _is_open(end: tuple[Path, str]) -> bool:
    """Whether the server has that file open still."""
    file, target = end
    try:
        return str(file.readlink()) == target
    except FileNotFoundError:
        return False


def _end(scene: Scene, deaf: Desk) -> None:
    """What the deaf one didn't read was not lost to anybody else."""
    others = [talk for talk in scene.talks if talk.id.encode() not in deaf.talks]
    scene.turn_until(lambda: all(talk.is_done for talk in others), 5)
    for talk in deaf.talks.values():
        talk.seen = talk.sent


if __name__ == "__main__":
    raise SystemExit(perform(stop_reading))
