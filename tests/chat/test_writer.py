"""The writer: batches, and the order of what one person says when the database fails in between."""

import asyncio
from uuid import uuid4

import pytest
from django.db import OperationalError

from chat.core.terms import Nack
from chat.delivery import writer as module
from chat.delivery.writer import Writer
from chat.services.append import Appended
from tests.chat.cast import draft, make_conversation, texts

pytestmark = pytest.mark.django_db(transaction=True)


def written(rounds, *, broken=()):
    """What becomes of the drafts of each round; rounds whose number is in `broken` meet no database."""
    real, calls = module.append_all, []

    def append_all(drafts):
        calls.append(len(drafts))
        if len(calls) - 1 in broken:
            raise OperationalError("gone")
        return real(drafts)

    async def walk():
        loop = asyncio.get_running_loop()
        writer = Writer(loop, lambda jobs, outcomes: None)
        found = []
        try:
            for drafts in rounds:
                waiting = [loop.create_future() for _ in drafts]
                for one, future in zip(drafts, waiting, strict=True):
                    writer.submit(one, future.set_result)
                found.append([named(outcome) for outcome in await asyncio.gather(*waiting)])
        finally:
            await loop.run_in_executor(None, writer.close)
        return found

    module.append_all = append_all
    try:
        return asyncio.run(walk()), calls
    finally:
        module.append_all = real


def named(outcome):
    return "ok" if isinstance(outcome, Appended) else str(outcome.code)


def test_what_is_submitted_together_is_written_together():
    conversation = make_conversation()

    found, calls = written([[draft(conversation, text) for text in "abc"]])

    assert (found, calls) == ([["ok", "ok", "ok"]], [3])
    assert texts(conversation) == ["a", "b", "c"]


def test_nothing_overtakes_a_text_that_could_not_be_written():
    conversation, mid = make_conversation(), str(uuid4())
    first, second = draft(conversation, "first", mid=mid), draft(conversation, "second")

    found, _calls = written([[first], [second], [first], [second]], broken={0})

    assert found == [[Nack.UNAVAILABLE], [Nack.UNAVAILABLE], ["ok"], ["ok"]]
    assert texts(conversation) == ["first", "second"]


def test_somebody_elses_text_is_not_held_up():
    conversation, other = make_conversation(), make_conversation()

    found, _calls = written([[draft(conversation, "first")], [draft(other, "mine")]], broken={0})

    assert found == [[Nack.UNAVAILABLE], ["ok"]]


def test_who_comes_back_without_the_failed_text_is_let_through():
    conversation = make_conversation()
    lost, later = draft(conversation, "lost"), draft(conversation, "next", mid=str(uuid4()))

    found, _calls = written([[lost], [later], [later]], broken={0})

    assert found == [[Nack.UNAVAILABLE], [Nack.UNAVAILABLE], ["ok"]]


def test_a_batch_that_fails_for_one_of_them_is_tried_one_by_one(monkeypatch):
    conversation = make_conversation()
    real = module.append_all

    def append_all(drafts):
        if any(one.text == "poison" for one in drafts):
            raise ValueError("can't be stored")
        return real(drafts)

    monkeypatch.setattr(module, "append_all", append_all)

    found, _calls = written([[draft(conversation, text) for text in ("a", "poison", "b")]])

    assert found == [["ok", Nack.UNAVAILABLE, "ok"]]
    assert texts(conversation) == ["a", "b"]


def test_too_many_that_wait_are_refused_at_once(monkeypatch):
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    conversation = make_conversation()

    found, _calls = written([[draft(conversation, text) for text in "abc"]])

    assert found == [["ok", "ok", Nack.UNAVAILABLE]]
