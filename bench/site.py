"""The help center with its own content in a folder of the run's own, and servers in front of it."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.cores import pinned
from tests.throwaway import free_port, wait_for_port

ROOT = Path(__file__).resolve().parent.parent
# How an operator starts each server, without a line of log a request.
COMMANDS: dict[str, Callable[[str, int], list[str]]] = {
    "daphne": lambda application, port: [
        "daphne",
        "-v",
        "0",
        "-b",
        "127.0.0.1",
        "-p",
        str(port),
        application,
    ],
    "uvicorn": lambda application, port: [
        *("uvicorn", "--host", "127.0.0.1", "--port", str(port), "--lifespan", "off"),
        *("--no-access-log", "--log-level", "warning", application),
    ],
}
SERVERS = tuple(COMMANDS)


@dataclass(frozen=True)
class Site:
    """A prepared site."""

    folder: Path
    environment: dict[str, str]

    def run(self, *command: str) -> str:
        """What a Python program of the project prints; raises `CalledProcessError`."""
        return subprocess.run(
            [sys.executable, *command],
            env=self.environment,
            cwd=ROOT,
            check=True,
            text=True,
            stdout=subprocess.PIPE,
        ).stdout

    @contextmanager
    def serve(self, server: str, application: str) -> Iterator[str]:
        """Serve `application` ("module:name") with "daphne" or "uvicorn"; yields the address."""
        port = free_port()
        command = [sys.executable, "-m", *COMMANDS[server](application, port)]
        process = subprocess.Popen(pinned("server", command), env=self.environment, cwd=ROOT)
        try:
            wait_for_port(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def prepare(folder: Path) -> Site:
    """Everything that `make run` does before it serves, with a database in `folder`."""
    own = {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "HELPCENTER_BENCH_FOLDER": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
        "SECRET_KEY": secrets.token_urlsafe(64),
        "LOG_LEVEL": "ERROR",
    }
    # What the machine's own help center is told is not what is measured.
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "VIRTUAL_ENV") if name in os.environ}
    site = Site(folder, kept | own)
    site.run("manage.py", "prepare")
    return site
