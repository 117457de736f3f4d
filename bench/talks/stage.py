"""What the chat's rows share: sites with conversations, servers, and the processes of the load."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from statistics import median
from typing import Any

from bench.load import CannotMeasure
from bench.servers import ROOT, Running, Site, serve
from tests.throwaway import postgresql, redis

PRODUCT, RELAY, PLAIN = (
    "helpcenter.asgi:application",
    "bench.talks.relay:application",
    "bench.talks.plain:application",
)
ORIGIN = "http://127.0.0.1:8000"
LOAD_SECONDS = 180
UNLIMITED = "1000000/s"

Plan = dict[str, Any]


def open_site(site: Site, **more: str) -> Site:
    """The same site without the limits that are for single clients."""
    limits = {"CHAT_MESSAGE_RATE": UNLIMITED, "CHAT_OPEN_RATE": UNLIMITED}
    return replace(site, environment=site.environment | {"SITE_URL": ORIGIN} | limits | more)


@contextmanager
def stores(site: Site, core: int | None) -> Iterator[Site]:
    """The site on a PostgreSQL that keeps what was committed and a Redis, both pinned to `core` if there is one."""
    with ExitStack() as stack:
        with pinned(core):
            database = stack.enter_context(postgresql(durable=True))
            hints = stack.enter_context(redis())
        found = open_site(site, DATABASE_URL=database, REDIS_URL=hints)
        _run(found, ["manage.py", "migrate", "-v", "0"])
        yield found


@contextmanager
def pinned(core: int | None) -> Iterator[None]:
    """What is started meanwhile runs on `core`."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, before if core is None else {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def daphnes(app: str, site: Site, core: int | None, count: int = 1) -> Iterator[list[Running]]:
    """So many processes of a server."""
    with ExitStack() as stack:
        yield [stack.enter_context(serve("daphne", app, site, core)) for _ in range(count)]


def seed(site: Site, agents: int, each: int) -> Plan:
    """Conversations in the site's database."""
    plan = json.loads(_run(site, ["-m", "bench.talks.seeding", str(agents), str(each)]))
    return plan | {"origin": ORIGIN}


def without_database(plan: Plan) -> Plan:
    """The same people for a relay that knows nobody: a conversation's name opens it, what comes back is on disk."""
    talks = [talk | {"token": talk["id"], "n": 0} for talk in plan["talks"]]
    return plan | {"talks": talks, "echo_acks": True}


def load(module: str, plan: Plan, servers: Sequence[Running], core: int | None, **more: Any) -> Plan:
    """Run a process of the load; raises `CannotMeasure` when anything was lost, doubled or refused."""
    words = plan | {"ports": [one.port for one in servers], "pids": [one.pid for one in servers]} | more
    with pinned(core):
        done = subprocess.run(
            [sys.executable, "-m", f"bench.talks.{module}"],
            input=json.dumps(words),
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=LOAD_SECONDS,
            check=False,
        )
    if done.returncode:
        raise CannotMeasure(f"{module}: {done.stderr[-1500:]}")
    result = json.loads(done.stdout)
    _check(module, result)
    heads = result.pop("heads", ())
    # The relay, which knows nobody, counts anew for each connection.
    if not plan.get("echo_acks"):
        for talk, head in zip(plan["talks"], heads, strict=False):
            talk["n"] = head
    return result


def middle(rounds: Sequence[Plan], name: str) -> float:
    """The middle round's value."""
    return median(one[name] for one in rounds)


def rate(one: Plan) -> float:
    """Messages a second."""
    return one["messages"] / one["seconds"]


def _check(module: str, result: Plan) -> None:
    broken = {
        name: result[name] for name in ("lost", "unacknowledged", "wrong", "refused") if result.get(name)
    }
    if broken:
        raise CannotMeasure(f"{module}: a promise about messages is broken: {broken}")
    if result.get("messages") == 0:
        raise CannotMeasure(f"{module}: not one message came through; the machine is too busy.")


def _run(site: Site, arguments: list[str]) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=site.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotMeasure(f"{' '.join(arguments)} failed: {done.stderr[-1500:]}")
    return done.stdout
