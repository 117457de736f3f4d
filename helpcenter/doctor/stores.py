"""The database, its migrations, Redis, and whether all of them agree what time it is."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from redis.exceptions import RedisError

from helpcenter.doctor.findings import Finding, ok, problem, warning

IDLE_SECONDS = 20
TIMEOUT_SECONDS = 5
MOST_SKEW_SECONDS = 2.0
# Before it, a checkpoint and a commit at the same moment could damage the file.
SOUND_SQLITE = (3, 51, 3)
LEAST_POSTGRESQL = 14


def database() -> Iterator[Finding]:
    """Whether it answers, and which one it is."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as failed:
        reason = str(failed).strip().splitlines()[0]
        yield problem("database", f"does not answer: {reason}", "check DATABASE_URL and that the server runs")
        return
    yield from _sqlite() if connection.vendor == "sqlite" else _postgresql()


def _sqlite() -> Iterator[Finding]:
    if sqlite3.sqlite_version_info < SOUND_SQLITE:
        yield warning(
            "database",
            f"SQLite {sqlite3.sqlite_version}; versions before 3.51.3 can damage the file under heavy load",
            "use PostgreSQL for more than a trial, or a Python with a newer SQLite",
        )
    else:
        yield ok("database", f"SQLite {sqlite3.sqlite_version}")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        (mode,) = cursor.fetchone()
    if mode != "wal":
        yield problem("database", f"journal mode {mode}", "put the file on a local disk; WAL needs one")


def _postgresql() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int / 10000, current_setting('max_connections')::int,"
            " current_setting('synchronous_commit')"
        )
        version, most, synchronous = cursor.fetchone()
    if version < LEAST_POSTGRESQL:
        yield problem("database", f"PostgreSQL {version}", f"upgrade to {LEAST_POSTGRESQL} or newer")
    else:
        yield ok("database", f"PostgreSQL {version}")
    pool = settings.DATABASES["default"]["OPTIONS"].get("pool", {}).get("max_size", 0)
    wanted = pool * settings.ENV.web_concurrency
    if wanted > most - 5:
        yield problem(
            "database",
            f"{settings.ENV.web_concurrency} process(es) may want {wanted} connections of {most}",
            "raise max_connections, or lower HTTP_THREADS",
        )
    if synchronous == "off":
        yield problem("database", "synchronous_commit is off", "turn it on: acknowledged must mean on disk")


def migrations() -> Iterator[Finding]:
    """Whether the tables are those of this version."""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return
    if plan:
        yield problem("migrations", f"{len(plan)} not applied", "run: manage.py prepare")
    else:
        yield ok("migrations", "all applied")


def layer() -> Iterator[Finding]:
    """Whether Redis answers, and leaves an idle connection alone."""
    if not settings.REDIS_URL:
        yield ok("redis", "not used; one process needs none")
        return
    client = _client()
    try:
        client.ping()
        yield from _idle(client)
    except (RedisError, OSError) as failed:
        yield problem("redis", f"does not answer: {failed}", "check REDIS_URL and that the server runs")
    finally:
        client.close()


def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
    )


def _idle(client: redis.Redis) -> Iterator[Finding]:
    """A connection that hears nothing for a while must still be there, or hints come late."""
    listening = client.pubsub()
    try:
        listening.subscribe("helpcenter:doctor")
        listening.get_message(timeout=TIMEOUT_SECONDS)
        time.sleep(IDLE_SECONDS)
        client.publish("helpcenter:doctor", "still there?")
        heard = listening.get_message(timeout=TIMEOUT_SECONDS)
    except (RedisError, OSError):
        heard = None
    finally:
        listening.close()
    if heard is None:
        yield problem(
            "redis",
            f"an idle connection did not survive {IDLE_SECONDS} s",
            "raise the idle timeouts of Redis (`timeout 0`) and of any proxy or firewall between",
        )
    else:
        yield ok("redis", f"answers; an idle connection survives {IDLE_SECONDS} s")


def clock() -> Iterator[Finding]:
    """Whether this machine, the database and Redis agree what time it is."""
    skews = dict(_skews())
    wrong = {name: skew for name, skew in skews.items() if abs(skew) > MOST_SKEW_SECONDS}
    for name, skew in wrong.items():
        yield warning("clock", f"{name} is {skew:+.1f} s off", "run NTP on every machine")
    if not wrong:
        yield ok("clock", "agrees with " + " and ".join(skews) if skews else "one machine, one clock")


def _skews() -> Iterator[tuple[str, float]]:
    if connection.vendor == "postgresql":
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
                yield "the database", float(cursor.fetchone()[0]) - time.time()
        except DatabaseError:
            pass
    if settings.REDIS_URL:
        client = _client()
        try:
            seconds, micros = client.time()
            yield f"Redis on {urlsplit(settings.REDIS_URL).hostname}", seconds + micros / 1e6 - time.time()
        except (RedisError, OSError):
            pass
        finally:
            client.close()
