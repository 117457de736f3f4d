"""`python -m tests.deploy`: the production shape on this machine, to look at or to walk through.

PostgreSQL and Redis that are thrown away, two processes, and nginx with the delivered configuration and a certificate
that nobody trusts. With `--journeys` the browser's journeys run against it and everything ends; what follows is for
pytest.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.deploy import nginx
from tests.machine import ensure_tools
from tests.throwaway import free_port, postgresql, redis, wait_for_port

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "only-for-this-machine"
PROCESSES = 2
STOP_SECONDS = 60
# Without the one that needs another site with the same scheme.
JOURNEYS = ["tests/browser", "-k", "(messenger or desk or talk or whole_way) and not may_keep_things"]


@contextmanager
def processes(environment: dict[str, str], ports: list[int]) -> Iterator[None]:
    """The site's processes on these ports."""
    started = []
    try:
        for port in ports:
            where = ["-v", "0", "-b", "127.0.0.1", "-p", str(port), "--proxy-headers"]
            command = [sys.executable, "-m", "daphne", *where, "helpcenter.asgi:application"]
            started.append(subprocess.Popen(command, env=environment, cwd=ROOT))
        for port, process in zip(ports, started, strict=True):
            wait_for_port(port, process)
        yield
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(timeout=STOP_SECONDS)


@contextmanager
def deployment() -> Iterator[tuple[str, str]]:
    """Everything; gives the site's address, and one where another site that may hold the widget can be started."""
    folder, host = Path(tempfile.mkdtemp(prefix="helpcenter-deployment-")), f"http://127.0.0.1:{free_port()}"
    with postgresql() as database, redis() as layer:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
            "HELPCENTER_TEST_FOLDER": str(folder),
            "HELPCENTER_ENV_FILE": os.devnull,
            "HELPCENTER_DEMO_PASSWORD": PASSWORD,
            "DATABASE_URL": database,
            "REDIS_URL": layer,
            "SECRET_KEY": "only-for-this-machine-" + "k" * 40,
            "WEB_CONCURRENCY": str(PROCESSES),
            "MEDIA_ROOT": str(folder / "media"),
            "EMBED_ORIGINS": host,
            # All journeys come from one address.
            "CHAT_OPEN_RATE": "1000/h",
            "LOG_LEVEL": "WARNING",
        }
        try:
            subprocess.run([sys.executable, "manage.py", "prepare"], env=environment, cwd=ROOT, check=True)
            # Chosen as late as can be: a free port is free only until somebody takes it.
            ports, port = [free_port() for _ in range(PROCESSES)], free_port()
            environment["SITE_URL"] = f"https://{nginx.HOST}:{port}"
            with processes(environment, ports), nginx.running(ports, encrypted=True, port=port):
                yield environment["SITE_URL"], host
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    """Start everything; wait for Ctrl-C, or run the journeys."""
    if missing := ensure_tools():
        print(f"This needs {', '.join(missing)}.")  # noqa: T201
        return 1
    with deployment() as (address, host):
        if "--journeys" in arguments:
            more = [one for one in arguments if one != "--journeys"]
            environment = os.environ | {
                "HELPCENTER_SITE": address,
                "HELPCENTER_SITE_HOST": host,
                "HELPCENTER_SITE_PASSWORD": PASSWORD,
            }
            command = [sys.executable, "-m", "pytest", "-q", *(more or JOURNEYS)]
            return subprocess.call(command, env=environment, cwd=ROOT)
        print(f"\n{address}/   (agent1, agent2, supervisor1, editor1: {PASSWORD})   Ctrl-C ends it")  # noqa: T201
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
