"""A real deployment while its processes die: one on SQLite, two on PostgreSQL and Redis where the suite has them."""

import asyncio
import os
from contextlib import closing
from functools import partial
from itertools import count
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest

from tests.faults.nemesis import crash, kill, no_sockets, race
from tests.faults.scene import Scene
from tests.faults.servers import on_given, on_sqlite

SEED = 20260131
LINES = 15
AGENTS = 2


def deployment():
    """Where the suite's own database is PostgreSQL, a new database beside it; else SQLite."""
    url, redis_url = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    if not (url.startswith("postgres") and redis_url):
        return on_sqlite(agents=AGENTS, capacity=20, seed=SEED)
    name = f"faults_{uuid4().hex[:12]}"
    parts = urlsplit(url)
    with closing(
        psycopg.connect(urlunsplit(parts._replace(scheme="postgresql")), autocommit=True)
    ) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    own = urlunsplit(parts._replace(path=f"/{name}"))
    return on_given(own, redis_url, agents=AGENTS, capacity=20, seed=SEED)


async def acted(scene, fault):
    """Have everybody talk before, during and after a fault, until both sides show the same."""
    await scene.open()
    scene.talk()
    await scene.until(lambda: said(scene) > LINES, "people talk")
    await fault(scene, 1.0)
    before = said(scene)
    await scene.until(lambda: said(scene) > before + LINES, "people talk again", 60)
    await scene.hush()
    await scene.heal()
    await scene.settle()


def said(scene):
    return sum(person.counts["ok"] for person in scene.people)


@pytest.fixture(scope="module")
def play():
    """Play a fault in one deployment for all tests here; gives the scene, the database and what was broken."""
    with asyncio.Runner() as runner:
        context = deployment()
        running = runner.run(context.__aenter__())
        # The same seed again would mean the same texts, and so the same conversations.
        seeds = count(SEED)
        try:
            yield lambda fault: runner.run(_played(running, fault, next(seeds)))
        finally:
            runner.run(context.__aexit__(None, None, None))
            running.forget()


async def _played(running, fault, seed):
    scene = Scene(running, seed, conversations=2, agents=AGENTS)
    try:
        await acted(scene, fault)
    finally:
        await scene.close()
    dump, broken = scene.judge()
    await scene.end()
    return scene, dump, broken


def lists(scene, dump, conversation):
    """What the visitor shows, what the agents show of the public part, and what is stored."""
    visitors = [one for one in scene.visitors if one.conversation == conversation]
    stored = [row.mid for row in dump.talks[conversation].rows if row.kind == "message"]
    shown = [
        [event["mid"] for event in person.machine.streams[conversation].events if event["kind"] == "message"]
        for person in [*visitors, *scene.staff]
        if conversation in person.machine.streams
    ]
    return stored, shown


def test_both_sides_show_the_same_after_a_process_was_killed_in_the_middle(play):
    scene, dump, broken = play(partial(kill, times=1))

    assert broken == []
    assert sum(person.session.connections for person in scene.people) > len(scene.people)
    for visitor in scene.visitors:
        stored, shown = lists(scene, dump, visitor.conversation)
        assert len(shown) >= 2
        assert shown == [stored] * len(shown)


@pytest.mark.parametrize("point", ["after_commit", "before_ack", "before_hint"])
def test_nothing_is_lost_or_doubled_when_a_process_dies_around_a_commit(play, point):
    scene, dump, broken = play(partial(crash, point=point))

    assert broken == []
    assert sum(person.machine.outbox.resends for person in scene.people) > 0
    stored = [row.mid for talk in dump.talks.values() for row in talk.rows if row.mid]
    assert len(stored) == len(set(stored))
    assert {one["mid"] for one in scene.recorder.history().only("ok")} <= set(stored)


def test_visitors_go_on_over_http_when_sockets_do_not_get_through(play):
    async def until_http(scene, seconds):
        scene.deployment.entry.without_sockets = True
        scene.deployment.entry.reset()
        await scene.until(lambda: all(one.session.rounds_by_http for one in scene.visitors), "HTTP is used")
        await no_sockets(scene, seconds)

    scene, _dump, broken = play(until_http)

    assert broken == []
    assert all(visitor.session.rounds_by_http for visitor in scene.visitors)


def test_each_conversation_has_one_taker_when_all_agents_want_it(play):
    scene, dump, broken = play(race)

    assert broken == []
    assert {talk.agent for talk in dump.talks.values()} <= {agent.key for agent in scene.staff}
    takes = {(one["conversation"], one["agent"]) for one in scene.recorder.history().only("accepted")}
    assert len(takes) == len(dump.talks)
