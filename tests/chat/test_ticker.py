"""The clock of the house: one process does what is due, whatever happens to it."""

import asyncio
import itertools
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from chat.delivery import ticker as module
from chat.delivery.ticker import DUTY, Ticker
from chat.models import Conversation, Duty
from chat.services import due, duties
from tests.chat.cast import make_agent, make_conversation
from tests.chat.routes import make_offer


class Threads:
    """Workers that work at once."""

    async def run(self, function, *args):
        return function(*args)


class OtherThreads:
    """Workers that may use the database while an event loop runs."""

    async def run(self, function, *args):
        return await asyncio.to_thread(self._do, function, *args)

    def _do(self, function, *args):
        try:
            return function(*args)
        finally:
            connection.close()


@pytest.fixture
def ticks(monkeypatch):
    """A ticker without a database: what its ticks do, one after the other; then it is cancelled."""
    pauses = []

    def of(*happenings):
        script = iter(happenings)
        ticker = Ticker(Threads())

        def tick():
            happening = next(script, asyncio.CancelledError())
            if isinstance(happening, BaseException):
                raise happening

        async def sleep(seconds):
            pauses.append(seconds)

        monkeypatch.setattr(ticker, "tick", tick)
        monkeypatch.setattr(module.asyncio, "sleep", sleep)
        with pytest.raises(asyncio.CancelledError):
            asyncio.run(ticker.run())
        return pauses

    return of


def test_it_ticks_every_second_until_it_is_cancelled(ticks):
    assert ticks(None, None) == [1, 1, 1]


@pytest.mark.parametrize("problem", [OperationalError("no database"), ValueError("a mistake")])
def test_no_problem_ends_it_and_it_is_said(ticks, caplog, problem):
    assert ticks(problem, None) == [1, 2, 1]
    assert str(problem) in caplog.text


def test_problems_that_last_are_tried_less_and_less_often(ticks):
    pauses = ticks(*[OperationalError("no database")] * 8)

    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30, 30]


def test_cancelling_it_while_it_waits_ends_it():
    async def walk():
        task = asyncio.create_task(Ticker(Threads()).run())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(walk())


@pytest.mark.django_db
def test_a_tick_offers_again_what_was_missed():
    late, conversation = make_agent(), make_conversation()
    make_offer(conversation, late, seconds=-1)
    fresh = make_agent()

    Ticker(Threads()).tick()

    assert conversation.offers.get(outcome="pending").agent == fresh


@pytest.mark.django_db
def test_who_does_not_have_the_duty_does_nothing():
    make_agent()
    conversation = make_conversation()
    duties.hold(DUTY, uuid4(), 10)

    Ticker(Threads()).tick()

    assert Conversation.objects.get(pk=conversation.pk).state == "waiting"


@pytest.mark.django_db(transaction=True)
def test_who_stops_leaves_the_duty_to_another():
    first, second = Ticker(OtherThreads()), Ticker(Threads())
    first.tick()

    asyncio.run(first.stop())

    assert not Duty.objects.exists()
    second.tick()
    assert Duty.objects.get().name == DUTY


@pytest.mark.django_db
def test_a_quiet_second_costs_three_small_queries():
    ticker = Ticker(Threads())
    ticker.tick()

    with CaptureQueriesContext(
        connection,
    ) as queries:
        ticker.tick()

    assert len(queries) <= 3


@pytest.mark.django_db
def test_the_duty_is_prolonged_before_it_runs_out_and_not_with_every_tick(monkeypatch):
    held, clock = [], [1000.0]
    monkeypatch.setattr(module.duties, "hold", lambda *_duty: bool(held.append(clock[0])) or True)
    monkeypatch.setattr(module.time, "monotonic", lambda: clock[0])
    ticker = Ticker(Threads())

    for second in range(20):
        clock[0] = 1000.0 + second
        ticker.tick()

    gaps = [after - before for before, after in itertools.pairwise(held)]
    assert len(held) > 2
    assert all(1 < gap < module.HELD_SECONDS / 2 for gap in gaps)


@pytest.mark.django_db
def test_silent_conversations_are_looked_for_every_ten_seconds(monkeypatch):
    looked = []
    monkeypatch.setattr(due, "run_due", lambda *, requeue, idle: looked.append(idle))
    ticker = Ticker(Threads())

    for _ in range(30):
        ticker.tick()

    assert looked.count(True) == 3


@pytest.mark.django_db
def test_leases_are_tidied_once_a_minute(monkeypatch):
    tidied = []
    monkeypatch.setattr(due, "tidy", lambda: tidied.append(1))
    ticker = Ticker(Threads())

    for _ in range(120):
        ticker.tick()

    assert len(tidied) == 2
