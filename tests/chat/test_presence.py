"""Who is there: a chosen status and a live lease."""

from datetime import timedelta
from uuid import uuid4

import pytest

from chat.core.terms import State, Status
from chat.models import Agent, Conversation, Offer, PresenceLease
from chat.querysets import present_agents
from chat.services import presence
from chat.services.clock import database_now
from tests.chat.cast import make_agent, make_conversation
from tests.chat.routes import PENDING, go_absent, make_offer

pytestmark = pytest.mark.django_db


def is_present(agent):
    return present_agents(database_now()).filter(pk=agent.pk).exists()


def test_the_first_beat_makes_an_online_agent_present():
    agent = make_agent()
    PresenceLease.objects.all().delete()

    presence.beat(agent.pk, uuid4())

    assert is_present(agent)


def test_a_beat_is_good_for_three_quarters_of_a_minute():
    agent, desk, before = make_agent(online=False), uuid4(), database_now()

    presence.beat(agent.pk, desk)

    until = PresenceLease.objects.get(pk=desk).expires_at
    assert before + timedelta(seconds=45) <= until <= database_now() + timedelta(seconds=45)


def test_a_later_beat_prolongs_the_same_lease():
    agent, desk = make_agent(online=False), uuid4()
    presence.beat(agent.pk, desk)
    go_absent(agent, seconds=10)

    presence.beat(agent.pk, desk)

    assert PresenceLease.objects.get(agent=agent).expires_at > database_now()


def test_opening_a_desk_does_not_make_anybody_online():
    agent = make_agent(online=False)

    presence.beat(agent.pk, uuid4())

    assert not is_present(agent)
    assert presence.snapshot(agent.pk).status == Status.OFFLINE


def test_an_agent_is_there_as_long_as_one_of_two_desks():
    agent = make_agent()
    go_absent(agent, seconds=10)

    presence.beat(agent.pk, uuid4())

    assert is_present(agent)


def test_what_waits_is_offered_to_who_comes_online():
    agent, conversation = make_agent(online=False), make_conversation()
    presence.beat(agent.pk, uuid4())

    presence.choose(agent.pk, Status.ONLINE)

    (offer,) = presence.snapshot(agent.pk).offers
    assert offer.conversation == conversation.public_id
    assert offer.summary["reference"] == conversation.reference


@pytest.mark.parametrize("status", [Status.AWAY, Status.OFFLINE])
def test_what_was_offered_goes_to_somebody_else_when_its_agent_goes(status):
    gone, conversation = make_agent(), make_conversation()
    make_offer(conversation, gone)
    stays = make_agent()

    presence.choose(gone.pk, status)

    assert Offer.objects.get(conversation=conversation, outcome=PENDING).agent == stays
    assert presence.snapshot(gone.pk) == presence.AgentSnapshot(status, [])


def test_who_goes_away_keeps_their_conversations():
    agent = make_agent()
    conversation = make_conversation(agent=agent)

    presence.choose(agent.pk, Status.AWAY)

    assert Conversation.objects.get(pk=conversation.pk).state == State.ACTIVE


def test_coming_back_forgives_missed_offers():
    agent = make_agent(status=Status.AWAY, misses=1)

    presence.choose(agent.pk, Status.ONLINE)

    assert Agent.objects.get(pk=agent.pk).misses == 0


def test_who_may_no_longer_sign_in_is_not_there():
    agent = make_agent()

    agent.user.is_active = False
    agent.user.save()

    assert not is_present(agent)
