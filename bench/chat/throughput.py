"""Rows about texts: how many a second, and how soon they are seen."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.load import CannotMeasure
from bench.servers import ROOT, Running, Site, serve
from bench.table import Row
from tests.throwaway import postgresql, redis

PRODUCT, RELAY, PLAIN = (
    "helpcenter.asgi:application",
    "bench.chat.relay:application",
    "bench.chat.plain:application",
)
ORIGIN = "http://127.0.0.1:8000"
UNLIMITED = {"CHAT_MESSAGE_RATE": "1000000/s", "CHAT_OPEN_RATE": "1000000/s", "SITE_URL": ORIGIN}
Round = dict[str, Any]


def unlimited(site: Site, **more: str) -> Site:
    """The site without limits, so that one client can be many."""
    return replace(site, environment=site.environment | UNLIMITED | more)


def prepare(site: Site, agents: int, conversations: int) -> dict[str, Any]:
    """Desks and conversations in the site's database."""
    made = subprocess.run(
        [sys.executable, "-m", "bench.chat.prepare", str(agents), str(conversations)],
        cwd=ROOT, env=site.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if made.returncode:
        raise CannotMeasure(f"The conversations can't be made: {made.stderr[-1000:]}")
    found: dict[str, Any] = json.loads(made.stdout)
    return found


def drive(job: dict[str, Any], core: int | None) -> Round:
    """One round of load from a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.chat.drive"],
        cwd=ROOT,
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=(lambda: os.sched_setaffinity(0, {core})) if core is not None else None,
    )
    if done.returncode:
        raise CannotMeasure(f"The load failed: {done.stderr[-1500:]}")
    found: Round = json.loads(done.stdout)
    return found


def one(
    kind: str,
    servers: Sequence[Running],
    people: dict[str, Any],
    core: int | None,
    seconds: float,
    rate: float = 0,
) -> Round:
    """A round against running servers; the server's share of its core goes along."""
    job = people | {
        "kind": kind,
        "ports": [server.port for server in servers],
        "origin": ORIGIN,
        "seconds": seconds,
        "rate": rate,
    }
    before = [_cpu(server.pid) for server in servers]
    found = drive(job, core)
    found["server_cpu"] = sum(_cpu(server.pid) for server in servers) - sum(before)
    return found


@contextmanager
def fresh(kind: str, site: Site, core: int) -> Iterator[Running]:
    """A server of its own for each round."""
    apps = {"product": PRODUCT, "relay": RELAY, "plain": PLAIN}
    with serve("daphne", apps[kind], site, core) as running:
        yield running


def throughput(site: Site, cores: tuple[int, int], seconds: float, rounds: int) -> Iterator[Row]:
    """One daphne on SQLite, beside the relay and the plain way."""
    site = unlimited(site)
    found: dict[str, list[Round]] = {"relay": [], "product": [], "plain": []}
    for turn in range(rounds):
        for kind in _rotated(list(found), turn):
            people = prepare(site, 20, 100)
            with fresh(kind, site, cores[0]) as server:
                found[kind].append(one(kind, [server], people, cores[1], seconds))
    note = _rates(found)
    yield Row(
        "messages/s, daphne, SQLite / raw relay",
        ratio(found["product"], found["relay"]),
        0.35,
        0.5,
        note=note,
        rounds=found,
    )
    yield Row(
        "messages/s, daphne, SQLite / the plain way",
        ratio(found["product"], found["plain"]),
        7,
        10,
        note=_faults(found["product"]),
    )


def latency(site: Site, cores: tuple[int, int], seconds: float, rounds: int) -> Iterator[Row]:
    """A thousand conversations, five hundred texts a second."""
    site = unlimited(site)
    found: dict[str, list[Round]] = {"relay": [], "product": []}
    for turn in range(rounds):
        for kind in _rotated(list(found), turn):
            people = prepare(site, 50, 1000)
            with fresh(kind, site, cores[0]) as server:
                found[kind].append(one(kind, [server], people, cores[1], max(4.0, seconds), rate=500))
    ours, theirs = (statistics.median(r["p99_ms"] for r in found[kind]) for kind in ("product", "relay"))
    note = (
        f"p50 {statistics.median(r['p50_ms'] for r in found['product']):.1f} ms; {_faults(found['product'])}"
    )
    yield Row(
        "1,000 conversations, 500 texts/s: p99 send → seen", ours, 15, 8, unit="ms", note=note, rounds=found
    )
    yield Row(
        "same / raw relay (inverse: relay's p99 / ours)",
        theirs / ours,
        1 / 3,
        0.5,
        note=f"{ours:.1f} of {theirs:.1f} ms",
    )


def shared(site: Site, cores: tuple[int, int], seconds: float, rounds: int) -> Iterator[Row]:
    """PostgreSQL and Redis: one process beside the relay, and two beside one."""
    with postgresql(durable=True) as database, redis() as bus:
        site = unlimited(site, DATABASE_URL=database, REDIS_URL=bus)
        subprocess.run(
            [sys.executable, "manage.py", "prepare"],
            cwd=ROOT,
            env=site.environment,
            check=True,
            capture_output=True,
        )
        found: dict[str, list[Round]] = {"relay": [], "product": []}
        pairs: dict[str, list[Round]] = {"one": [], "two": []}
        for turn in range(rounds):
            for kind in _rotated(list(found), turn):
                people = prepare(site, 20, 100)
                with fresh(kind, site, cores[0]) as server:
                    found[kind].append(one(kind, [server], people, cores[1], seconds))
            for kind in _rotated(list(pairs), turn):
                people = prepare(site, 20, 100)
                with ExitStack() as stack:
                    servers = [
                        stack.enter_context(serve("daphne", PRODUCT, site, None))
                        for _ in range(1 + (kind == "two"))
                    ]
                    pairs[kind].append(one("product", servers, people, None, seconds))
    yield Row(
        "messages/s, PostgreSQL + Redis / raw relay",
        ratio(found["product"], found["relay"]),
        0.3,
        0.4,
        note=f"{_rates(found)}; {_faults(found['product'])}",
        rounds=found,
    )
    yield Row(
        "two processes / one, both cores shared by all",
        ratio(pairs["two"], pairs["one"]),
        1.4,
        1.6,
        note=f"{_rates(pairs)}; {_faults(pairs['two'])}",
        rounds=pairs,
    )


def ratio(ours: Sequence[Round], others: Sequence[Round]) -> float:
    """The middle one of the rounds' ratios."""
    return statistics.median(a["rate"] / b["rate"] for a, b in zip(ours, others, strict=True))


def _rotated(kinds: list[str], turn: int) -> list[str]:
    turn %= len(kinds)
    return kinds[turn:] + kinds[:turn]


def _rates(found: dict[str, list[Round]]) -> str:
    return ", ".join(
        f"{kind} {statistics.median(r['rate'] for r in rounds):,.0f}/s" for kind, rounds in found.items()
    )


def _faults(rounds: Sequence[Round]) -> str:
    lost, holes = sum(r["lost"] for r in rounds), sum(r["holes"] for r in rounds)
    return f"{sum(r['seen'] for r in rounds):,} seen, {lost} lost, {holes} out of order or doubled"


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
