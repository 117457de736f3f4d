"""A PostgreSQL and a Redis of the tests' own: started in a temporary folder, gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.machine import postgres_binary

START_SECONDS = 60


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes] | None = None) -> None:
    """Return once somebody listens; raises `RuntimeError` when the process ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process and process.poll() is not None:
            raise RuntimeError(f"the server on port {port} ended with {process.returncode}")
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}")


class PostgreSQL:
    """A PostgreSQL server of its own; `durable` keeps what was committed even if the server dies."""

    def __init__(self, *, durable: bool = False) -> None:
        self.port = free_port()
        self.url = f"postgres://tester@127.0.0.1:{self.port}/postgres"
        self._folder = Path(tempfile.mkdtemp(prefix="helpcenter-pg-"))
        self._data = self._folder / "data"
        self._owner = _unprivileged(self._folder)
        self._options = {"port": self.port, "listen_addresses": "127.0.0.1", "max_connections": 200}
        self._options |= {"unix_socket_directories": self._folder}
        if not durable:
            self._options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        self._server: subprocess.Popen[bytes] | None = None
        initdb = [postgres_binary("initdb"), "-D", self._data, "-U", "tester", "-A", "trust"]
        words = [*initdb, "--locale=C.UTF-8", "-E", "UTF8"]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=self._folder, **self._owner)

    def start(self) -> None:
        """Start it, after a crash too; returns when it takes connections."""
        arguments = [word for name, value in self._options.items() for word in ("-c", f"{name}={value}")]
        self._server = subprocess.Popen(
            [postgres_binary("postgres"), "-D", self._data, *arguments],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self._owner,
        )
        wait_for_port(self.port, self._server)

    def crash(self) -> None:
        """End it at once, as `pg_ctl stop -m immediate` does: nothing is written any more."""
        self._end(signal.SIGQUIT)

    def remove(self) -> None:
        """End it and forget everything."""
        self._end(signal.SIGINT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _end(self, how: signal.Signals) -> None:
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait(timeout=START_SECONDS)
            self._server = None


class Redis:
    """A Redis server of its own, without persistence."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, empty."""
        listen = ["--port", str(self.port), "--bind", "127.0.0.1"]
        command = [
            "redis-server",
            *listen,
            "--save",
            "",
            "--appendonly",
            "no",
            "--enable-debug-command",
            "yes",
        ]
        self._server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_for_port(self.port, self._server)

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it; what it knew is gone."""
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait(timeout=START_SECONDS)
            self._server = None


@contextmanager
def postgresql(*, durable: bool = False) -> Iterator[str]:
    """A fresh PostgreSQL server; yields its address for `DATABASE_URL`. Only a `durable` one survives a crash."""
    server = PostgreSQL(durable=durable)
    try:
        server.start()
        yield server.url
    finally:
        server.remove()


@contextmanager
def redis() -> Iterator[str]:
    """A fresh Redis server without persistence; yields its address for `REDIS_URL`."""
    server = Redis()
    try:
        server.start()
        yield server.url
    finally:
        server.end()


def _unprivileged(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root; then Debian's own user runs it."""
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, "postgres", "postgres")
    return {"user": "postgres", "group": "postgres", "extra_groups": []}
