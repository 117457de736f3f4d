"""The help center as it runs in production: daphne processes, their database and Redis, proxies between."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.faults.database import Database
from tests.faults.proxy import Proxy
from tests.throwaway import PostgreSQL, Redis, free_port, wait_for_port

ROOT = Path(__file__).resolve().parent.parent.parent
STOP_SECONDS = 60
# A warning may bring a traceback along; an error, or a traceback that nobody logged, may not be there.
ERRORS = re.compile(r" (?:ERROR|CRITICAL) |^Unhandled |never retrieved", re.MULTILINE)
Environment = dict[str, str]


class Daphne:
    """One process of the server; its output goes to `log`."""

    def __init__(self, environment: Environment, log: Path) -> None:
        self.port = free_port()
        self._environment = environment
        self._log = log
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.poll() is None

    def start(self, **more: str) -> None:
        """Start it, with these variables on top; returns when it takes connections."""
        where = ["-v", "0", "-b", "127.0.0.1", "-p", str(self.port)]
        command = [sys.executable, "-m", "daphne", *where, "helpcenter.asgi:application"]
        with self._log.open("ab") as log:
            environment = self._environment | more
            self.process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
        wait_for_port(self.port, self.process)

    def signal(self, how: signal.Signals) -> None:
        """Send a signal, if it still lives."""
        if self.process is not None and self.is_running:
            self.process.send_signal(how)

    def wait(self) -> int:
        """Wait for its end; the status it ended with."""
        return self.process.wait(timeout=STOP_SECONDS) if self.process else 0

    def kill(self) -> None:
        """End it at once."""
        self.signal(signal.SIGKILL)
        self.wait()

    def resources(self) -> dict[str, int]:
        """Its memory in bytes and its open files."""
        if self.process is None or not self.is_running:
            return {}
        folder = Path(f"/proc/{self.process.pid}")
        pages = int((folder / "statm").read_text().split()[1])
        return {"rss": pages * os.sysconf("SC_PAGE_SIZE"), "files": len(list((folder / "fd").iterdir()))}


class Deployment:
    """Everything that runs: `entry` is the proxy that clients connect to.

    `stores` are the proxies in front of PostgreSQL and Redis, `servers` those themselves, both empty on SQLite
    and with addresses given from outside.
    """

    def __init__(self, database_url: str, redis_url: str, processes: int, seed: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="helpcenter-faults-"))
        self.log = self.folder / "server.log"
        self._heard = self.folder / "redis.log"
        self.postgresql: PostgreSQL | None = None
        self.redis: Redis | None = None
        self.stores: dict[str, Proxy] = {}
        self.entry = Proxy([], free_port(), seed)
        self.origin = f"http://127.0.0.1:{self.entry.port}"
        self.database = Database(database_url)
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SITE_URL": self.origin,
            "SECRET_KEY": "only-for-tests-" * 4,
            "CHAT_MESSAGE_RATE": "1000/s",
            "CHAT_OPEN_RATE": "1000/s",
            "DEBUG": "0",
            "LOG_LEVEL": "WARNING",
        }
        self._count = processes
        self._monitor: subprocess.Popen[bytes] | None = None
        self.processes: list[Daphne] = []

    async def put_between(self, name: str, variable: str, url: str) -> None:
        """Have the server reach one of its stores through a proxy."""
        parts = urlsplit(url)
        proxy = Proxy([(parts.hostname or "127.0.0.1", parts.port or 0)])
        await proxy.start()
        self.stores[name] = proxy
        credentials = f"{parts.username}@" if parts.username else ""
        self.environment[variable] = f"{parts.scheme}://{credentials}127.0.0.1:{proxy.port}{parts.path}"

    async def start(self, agents: int, capacity: int) -> None:
        """Fill the database and start every process and the entry."""
        await self.entry.start(self.folder / "proxy.sock")
        if self.redis is not None:
            command = ["redis-cli", "-p", str(self.redis.port), "monitor"]
            with self._heard.open("wb") as heard:
                self._monitor = subprocess.Popen(command, stdout=heard, stderr=subprocess.DEVNULL)
        seeding = [sys.executable, "-m", "tests.faults.seeding", str(agents), str(capacity)]
        await asyncio.to_thread(subprocess.run, seeding, env=self.environment, cwd=ROOT, check=True)
        self.processes = [Daphne(self.environment, self.log) for _ in range(self._count)]
        await asyncio.gather(*(asyncio.to_thread(one.start) for one in self.processes))
        self.entry.targets = [("127.0.0.1", one.port) for one in self.processes]

    async def heal(self) -> None:
        """Bring everything back to life."""
        for proxy in (self.entry, *self.stores.values()):
            await proxy.heal()
        for one in self.processes:
            one.signal(signal.SIGCONT)
            if not one.is_running:
                await asyncio.to_thread(one.start)

    async def stop(self) -> None:
        """End everything."""
        for one in self.processes:
            one.signal(signal.SIGCONT)
            one.kill()
        if self._monitor is not None:
            self._monitor.kill()
            self._monitor.wait()
        for proxy in (self.entry, *self.stores.values()):
            await proxy.stop()

    def errors(self) -> int:
        """How often the server logged an error, or something broke that nobody had expected."""
        log = self.log.read_text(encoding="utf-8", errors="replace")
        return len(ERRORS.findall(log))

    def heard_by_redis(self) -> str:
        """Every order that Redis was given until it died for the first time."""
        return self._heard.read_text(encoding="utf-8", errors="replace") if self._heard.exists() else ""

    def forget(self) -> None:
        """Remove what was written down."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def resources(self) -> dict[str, dict[str, int]]:
        """What each process uses, by its place."""
        return {f"daphne {number}": one.resources() for number, one in enumerate(self.processes, 1)}


@asynccontextmanager
async def on_sqlite(*, agents: int, capacity: int, seed: int = 0) -> AsyncIterator[Deployment]:
    """One process on SQLite."""
    with tempfile.TemporaryDirectory(prefix="helpcenter-db-") as folder:
        deployment = Deployment(f"sqlite:///{folder}/db.sqlite3", "", 1, seed)
        async with _running(deployment, agents, capacity):
            yield deployment


@asynccontextmanager
async def on_postgresql(*, agents: int, capacity: int, seed: int = 0) -> AsyncIterator[Deployment]:
    """Two processes on a PostgreSQL that keeps what it has committed, and a Redis, both behind proxies."""
    with _stores() as (postgresql, redis):
        deployment = Deployment(postgresql.url, redis.url, 2, seed)
        deployment.postgresql, deployment.redis = postgresql, redis
        await deployment.put_between("postgresql", "DATABASE_URL", postgresql.url)
        await deployment.put_between("redis", "REDIS_URL", redis.url)
        async with _running(deployment, agents, capacity):
            yield deployment


@asynccontextmanager
async def on_given(
    database_url: str, redis_url: str, *, agents: int, capacity: int, seed: int = 0
) -> AsyncIterator[Deployment]:
    """Two processes on an empty database and a Redis that somebody else looks after."""
    async with _running(Deployment(database_url, redis_url, 2, seed), agents, capacity) as deployment:
        yield deployment


@asynccontextmanager
async def _running(deployment: Deployment, agents: int, capacity: int) -> AsyncIterator[Deployment]:
    try:
        await deployment.start(agents, capacity)
        yield deployment
    finally:
        await deployment.stop()


@contextmanager
def _stores() -> Iterator[tuple[PostgreSQL, Redis]]:
    postgresql, redis = PostgreSQL(durable=True), Redis()
    try:
        postgresql.start()
        redis.start()
        yield postgresql, redis
    finally:
        redis.end()
        postgresql.remove()
