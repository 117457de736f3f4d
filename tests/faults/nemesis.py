"""What is done to a deployment while people talk. Each fault is known by its name."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
import time
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from functools import partial
from typing import Any
from uuid import uuid4

import psycopg
import redis

from tests.faults.proxy import Proxy
from tests.faults.scene import NotReached, Scene
from tests.faults.servers import Daphne

CRASHED = 9
RESTART = 1012
CRASH_SECONDS = 60
# Longer than a lease and the time after it, so that the agent's conversations go to others.
SLEEP_SECONDS = 22
# Longer than the server waits for a client that doesn't read.
STALL_SECONDS = 24
LOCK_ROW = "SELECT 1 FROM chat_conversation WHERE public_id = %s FOR UPDATE"
TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid()"
)
Fault = Callable[[Scene, float], Awaitable[None]]

# --- Processes ----------------------------------------------------------------------------------------


def _one(scene: Scene) -> Daphne:
    return scene.chance.choice(scene.deployment.processes)


async def kill(scene: Scene, seconds: float, *, times: int = 2) -> None:
    """SIGKILL one process, again and again."""
    for _ in range(times):
        victim = _one(scene)
        victim.kill()
        await asyncio.sleep(seconds / 4)
        await asyncio.to_thread(victim.start)
        # Whoever comes back is spread over all processes again.
        scene.deployment.entry.reset()
        await asyncio.sleep(seconds / 4)


async def terminate(scene: Scene, seconds: float) -> None:
    """SIGTERM one process and start it again, as a supervisor does."""
    victim = _one(scene)
    victim.signal(signal.SIGTERM)
    await asyncio.to_thread(victim.wait)
    await asyncio.to_thread(victim.start)
    await asyncio.sleep(seconds / 2)


async def rolling_restart(scene: Scene, seconds: float) -> None:
    """Restart every process, one after the other."""
    for one in scene.deployment.processes:
        scene.deployment.entry.reset()
        await asyncio.sleep(seconds / 4)
        one.signal(signal.SIGTERM)
        await asyncio.to_thread(one.wait)
        await asyncio.to_thread(one.start)


async def hang(scene: Scene, seconds: float) -> None:
    """SIGSTOP one process for a while."""
    victim = _one(scene)
    victim.signal(signal.SIGSTOP)
    await asyncio.sleep(seconds)
    victim.signal(signal.SIGCONT)


async def crash(scene: Scene, seconds: float, *, point: str) -> None:
    """Have a process die at a certain point of writing, then bring it back."""
    victim = _one(scene)
    victim.kill()
    # People come back so fast that it may be dead before it was seen to listen.
    with suppress(RuntimeError):
        await asyncio.to_thread(partial(victim.start, HELPCENTER_CRASH_AT=f"{point}:5"))
    # Whoever comes back may meet the process that is going to die.
    scene.deployment.entry.reset()
    await scene.until(lambda: not victim.is_running, f"a crash at {point}", CRASH_SECONDS)
    assert victim.wait() == CRASHED, victim.wait()
    await asyncio.to_thread(victim.start)


# --- The network between people and the server ----------------------------------------------------------


async def network(
    scene: Scene, seconds: float, *, direction: str = "both", at_least: float = 0.0, **conditions: Any
) -> None:
    """Bad conditions for a while."""
    await scene.deployment.entry.set(direction, **conditions)
    await asyncio.sleep(max(seconds, at_least))
    await scene.deployment.entry.heal()


async def resets(scene: Scene, seconds: float) -> None:
    """Every connection is reset, again and again."""
    for _ in range(4):
        scene.deployment.entry.reset()
        await asyncio.sleep(seconds / 4)


async def refuse(scene: Scene, seconds: float) -> None:
    """Nobody gets through at all."""
    await _out(scene.deployment.entry, seconds)


async def no_sockets(scene: Scene, seconds: float) -> None:
    """Only HTTP gets through."""
    entry = scene.deployment.entry
    entry.without_sockets = True
    entry.reset()
    await asyncio.sleep(seconds)
    await entry.heal()


async def _out(proxy: Proxy, seconds: float) -> None:
    proxy.refuse = True
    proxy.reset()
    await asyncio.sleep(seconds)
    await proxy.heal()


# --- Stores -------------------------------------------------------------------------------------------


async def store(scene: Scene, seconds: float, *, name: str, **conditions: Any) -> None:
    """Bad conditions between the server and one of its stores."""
    proxy = scene.deployment.stores[name]
    await proxy.set(**conditions)
    await asyncio.sleep(seconds)
    await proxy.heal()


async def store_out(scene: Scene, seconds: float, *, name: str) -> None:
    """One of the stores can't be reached."""
    await _out(scene.deployment.stores[name], seconds)


async def redis_command(scene: Scene, seconds: float, *, command: tuple[str, ...], times: int = 4) -> None:
    """Give Redis an order that hurts, again and again."""
    assert scene.deployment.redis is not None
    client = redis.Redis(port=scene.deployment.redis.port, socket_timeout=30)
    with closing(client):
        for _ in range(times):
            await asyncio.to_thread(client.execute_command, *command)
            await asyncio.sleep(seconds / times)


async def redis_dies(scene: Scene, seconds: float) -> None:
    """Redis is killed and comes back empty."""
    server = scene.deployment.redis
    assert server is not None
    await asyncio.to_thread(server.end, signal.SIGKILL)
    await asyncio.sleep(seconds / 2)
    await asyncio.to_thread(server.start)
    await asyncio.sleep(seconds / 2)


async def postgresql_crashes(scene: Scene, seconds: float) -> None:
    """PostgreSQL ends without writing anything and recovers."""
    server = scene.deployment.postgresql
    assert server is not None
    await asyncio.to_thread(server.crash)
    await asyncio.sleep(seconds / 4)
    await asyncio.to_thread(server.start)
    await asyncio.sleep(seconds / 2)


async def backends_ended(scene: Scene, seconds: float) -> None:
    """Every connection to PostgreSQL is ended by its administrator."""
    for _ in range(3):
        await asyncio.to_thread(scene.deployment.database.run, TERMINATE)
        await asyncio.sleep(seconds / 3)


async def long_lock(scene: Scene, seconds: float) -> None:
    """Somebody holds the lock of one conversation; on SQLite that of the whole database."""
    database = scene.deployment.database
    if database.is_sqlite:
        await asyncio.to_thread(_hold_sqlite, database.url.removeprefix("sqlite:///"), seconds)
    else:
        conversation = scene.visitors[0].conversation
        await asyncio.to_thread(_hold_row, database.url, conversation, seconds)


def _hold_row(url: str, conversation: str, seconds: float) -> None:
    with closing(psycopg.connect(url)) as connection:
        connection.execute(LOCK_ROW, [conversation])
        time.sleep(seconds)


def _hold_sqlite(path: str, seconds: float) -> None:
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)


async def restored(scene: Scene, _seconds: float) -> None:
    """The database says that it was restored from a copy: everybody starts anew."""
    epoch = uuid4().hex if scene.deployment.database.is_sqlite else str(uuid4())
    await asyncio.to_thread(scene.deployment.database.run, f"UPDATE chat_deployment SET epoch = '{epoch}'")
    await scene.until(lambda: all(person.machine.full_syncs for person in scene.people), "all start anew")
    if not all(person.session.codes[RESTART] for person in scene.people):
        raise NotReached("the server sends everybody away itself; some had to find out by their pings")


# --- People -------------------------------------------------------------------------------------------


async def agent_sleeps(scene: Scene, seconds: float) -> None:
    """An agent's laptop is closed, so long that others take over."""
    sleeper = scene.chance.choice(scene.staff)
    sleeper.session.freeze()
    await asyncio.sleep(max(seconds, SLEEP_SECONDS))
    sleeper.session.thaw()


async def race(scene: Scene, seconds: float) -> None:
    """All agents take the same new conversations at the same moment."""
    await _choose(scene, "away")
    places = range(len(scene.visitors) + 1, len(scene.visitors) + 5)
    fresh = [await scene.another(place) for place in places]
    scene.visitors += fresh
    for visitor in fresh:
        visitor.session.start()
    for visitor in fresh:
        for agent in scene.staff:
            agent.take(visitor.conversation)
    await scene.until(lambda: all(agent.is_settled for agent in scene.staff), "all have their answer")
    await _choose(scene, "online")


async def _choose(scene: Scene, status: str) -> None:
    for agent in scene.staff:
        agent.session.perform(agent.machine.do("presence", status=status))
    await scene.until(lambda: all(agent.is_settled for agent in scene.staff), f"everybody is {status}")


async def nothing(scene: Scene, seconds: float) -> None:
    """Nothing happens: what the figures are on a good day."""
    await asyncio.sleep(seconds)


EVERYWHERE: dict[str, Fault] = {
    "nothing": nothing,
    "kill": kill,
    "terminate": terminate,
    "rolling-restart": rolling_restart,
    "hang": hang,
    "crash-after-commit": partial(crash, point="after_commit"),
    "crash-before-ack": partial(crash, point="before_ack"),
    "crash-before-hint": partial(crash, point="before_hint"),
    "slow-network": partial(network, delay=0.15, jitter=0.3),
    "thin-network": partial(network, rate=3000.0),
    "trickle": partial(network, trickle=True),
    "stall": partial(network, stall=True),
    "deaf-clients": partial(network, direction="down", stall=True),
    "deaf-for-long": partial(network, direction="down", stall=True, at_least=STALL_SECONDS),
    "deaf-server": partial(network, direction="up", drop=True),
    "lost-answers": partial(network, direction="down", drop=True),
    "cut-in-a-frame": partial(network, cut_after=700),
    "resets": resets,
    "refuse": refuse,
    "no-sockets": no_sockets,
    "long-lock": long_lock,
    "restored": restored,
    "agent-sleeps": agent_sleeps,
    "race": race,
}
WITH_STORES: dict[str, Fault] = {
    "redis-stalls": partial(store, name="redis", stall=True),
    "redis-slow": partial(store, name="redis", delay=0.5),
    "redis-out": partial(store_out, name="redis"),
    "redis-flushed": partial(redis_command, command=("FLUSHALL",)),
    "redis-unsubscribed": partial(redis_command, command=("CLIENT", "KILL", "TYPE", "pubsub")),
    "redis-sleeps": partial(redis_command, command=("DEBUG", "SLEEP", "3"), times=2),
    "redis-dies": redis_dies,
    "postgresql-stalls": partial(store, name="postgresql", stall=True),
    "postgresql-slow": partial(store, name="postgresql", delay=0.1),
    "postgresql-out": partial(store_out, name="postgresql"),
    "postgresql-crashes": postgresql_crashes,
    "backends-ended": backends_ended,
}


def faults(backend: str) -> dict[str, Fault]:
    """The faults that can happen on a backend."""
    return EVERYWHERE if backend == "sqlite" else EVERYWHERE | WITH_STORES
