"""Servers on a core of their own, with a throw-away copy of the site."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from bench.load import CannotMeasure

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
SERVERS = {
    "daphne": ["-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", "{port}", "{app}"],
    "uvicorn": [
        *("-m", "uvicorn", "--host", "127.0.0.1", "--port", "{port}"),
        *("--log-level", "warning", "--no-access-log", "--lifespan", "off", "{app}"),
    ],
}
# What the environment of whoever runs the bench must not change.
OWN_VARIABLES = ("REDIS_URL", "SITE_URL", "ALLOWED_HOSTS", "DEBUG", "HTTP_THREADS", "WEB_CONCURRENCY")


@dataclass(frozen=True)
class Site:
    """A site in a temporary folder: the environment of its processes."""

    folder: Path
    environment: dict[str, str]


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    port: int
    pid: int

    def url(self, path: str) -> str:
        """The address of `path`."""
        return f"http://127.0.0.1:{self.port}{path}"

    def fetch(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Ask once: status, headers by their names in small letters, and body."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return response.status, found, response.read()
        finally:
            connection.close()


@contextmanager
def temporary_site() -> Iterator[Site]:
    """A freshly made database with the help center's own content, and everything else that serving needs."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        environment = {k: v for k, v in os.environ.items() if k not in OWN_VARIABLES} | {
            "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "BENCH_FOLDER": name,
            "MEDIA_ROOT": str(folder / "media"),
            "SECRET_KEY": secrets.token_urlsafe(64),
            "LOG_LEVEL": "ERROR",
            "DEBUG": "0",
        }
        prepared = subprocess.run(
            [sys.executable, "manage.py", "prepare"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if prepared.returncode:
            raise CannotMeasure(f"The site can't be prepared: {prepared.stderr}")
        yield Site(folder, environment)


@contextmanager
def serve(server: str, app: str, site: Site, core: int | None, port: int | None = None) -> Iterator[Running]:
    """Run `app` (module:name) on `server`, pinned to `core` unless that is None, on `port` or a free one."""
    port = port or _free_port()
    arguments = [part.format(port=port, app=app) for part in SERVERS[server]]
    log = site.folder / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=site.environment,
            stdout=output,
            stderr=output,
            preexec_fn=(lambda: os.sched_setaffinity(0, {core})) if core is not None else None,
        )
    try:
        _wait_until_open(port, process, log)
        yield Running(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _wait_until_open(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CannotMeasure(f"The server ended at its start:\n{log.read_text()[-1000:]}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise CannotMeasure(f"The server did not open its port within {START_SECONDS} s.")
