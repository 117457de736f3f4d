"""`make test`: finds or installs what the tests need, then runs the whole suite on both databases.

First everything but the browser on SQLite and in-memory counters; then the journeys in the browser, in
processes of their own because the browser's event loop stays in them; then the first round again on a
throw-away PostgreSQL and Redis, without what has nothing to do with a database. A skipped test fails the run.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.machine import ensure_tools
from tests.throwaway import postgresql, redis

# Journeys wait for animations and servers, so one process more than there are cores; the longest of them are few in
# their files and must not come last.
BROWSER = ("-m", "browser", "-n", "3", "--no-loadscope-reorder")
ROOT = Path(__file__).resolve().parent.parent


def main(arguments: list[str]) -> int:
    """Run all rounds, even after one has failed; 0 only when every one is green."""
    missing = ensure_tools()
    if missing:
        print(f"The tests need {', '.join(missing)}. On Debian: apt-get install {' '.join(missing)}")  # noqa: T201
        return 1
    results = [
        _pytest("SQLite and memory", {}, ["-m", "not browser", "-n", "2", *arguments]),
        _pytest("the browser", {}, [*BROWSER, *arguments]),
    ]
    with postgresql() as database_url, redis() as redis_url:
        urls = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
        results.append(
            _pytest("PostgreSQL and Redis", urls, ["-m", "not browser and not once", "-n", "2", *arguments])
        )
    return max(results)


def _pytest(title: str, environment: dict[str, str], arguments: list[str]) -> int:
    print(f"\n=== {title}", flush=True)  # noqa: T201
    clean = {
        k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "SITE_URL", "DEBUG")
    }
    command = [sys.executable, "-m", "pytest", "-q", "--dist", "loadfile", *arguments]
    # The developer's own set-up is not what is tested.
    clean["HELPCENTER_ENV_FILE"] = os.devnull
    return subprocess.call(command, env=clean | environment, cwd=ROOT)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
