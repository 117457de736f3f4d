"""What the tests of routing ask again and again: refusals, races, time that passes."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from chat.models import Agent, Conversation, Event, Offer, PresenceLease
from chat.services.clock import database_now
from chat.services.refusal import Refused

PENDING = Offer.Outcome.PENDING


def make_offer(conversation, agent, *, seconds=30):
    """A conversation held out to an agent for so long; less than nothing: it has run out."""
    Conversation.objects.filter(pk=conversation.pk).update(state="offered")
    now = database_now()
    return Offer.objects.create(
        conversation=conversation, agent=agent, made_at=now, expires_at=now + timedelta(seconds=seconds)
    )


def ago(**values):
    """A moment in the past, by the database's clock."""
    return database_now() - timedelta(**values)


def go_absent(agent, **values):
    """The last lease of an agent ran out so long ago."""
    PresenceLease.objects.filter(agent=agent).update(expires_at=ago(**values))


def refusal(verb, *args, **values):
    """How a verb is refused; the database must be as before."""
    before = everything()
    with pytest.raises(Refused) as refused:
        verb(*args, **values)
    assert everything() == before
    return refused.value


def everything():
    """All that routing may change."""
    return [list(model.objects.order_by("pk").values()) for model in (Agent, Conversation, Event, Offer)]


def at_once(calls):
    """Make all calls at the same moment, each in a thread; their results, or what they were refused with."""
    results, start = [], threading.Barrier(len(calls))

    def run(call):
        start.wait()
        try:
            results.append(call())
        except Refused as refused:
            results.append(refused)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def reasons(conversation):
    """Why the state of a conversation changed, each time."""
    events = Event.objects.filter(conversation=conversation, kind="state").order_by("seq")
    return [data["reason"] for data in events.values_list("data", flat=True)]
