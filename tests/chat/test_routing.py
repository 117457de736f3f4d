"""Offering and taking conversations: one winner, nobody above capacity."""

from datetime import timedelta
from functools import partial

import pytest

from chat.core.terms import Nack, State
from chat.models import Agent, Assignment, Conversation, Event, Offer
from chat.services import routing
from chat.services.clock import database_now
from chat.services.refusal import Refused
from tests.chat.cast import make_agent, make_conversation
from tests.chat.routes import PENDING, ago, at_once, go_absent, make_offer, refusal

pytestmark = pytest.mark.django_db


def offered_to(conversation):
    pending = Offer.objects.filter(conversation=conversation, outcome=PENDING)
    return pending.values_list("agent", flat=True).first()


def state_of(conversation):
    return Conversation.objects.values_list("state", flat=True).get(pk=conversation.pk)


# --- Offering


def test_what_waits_is_offered_to_who_is_there():
    agent, conversation = make_agent(), make_conversation()

    assert routing.run() == 1

    assert offered_to(conversation) == agent.pk
    assert state_of(conversation) == State.OFFERED


def test_an_offer_lasts_half_a_minute():
    make_agent()
    conversation, before = make_conversation(), database_now()

    routing.run()

    offer = Offer.objects.get(conversation=conversation)
    assert before + timedelta(seconds=30) <= offer.expires_at <= database_now() + timedelta(seconds=30)


def test_an_offer_is_no_event_in_the_conversation():
    make_agent()
    conversation = make_conversation()

    routing.run()

    assert not Event.objects.filter(conversation=conversation).exists()


@pytest.mark.parametrize("status", ["away", "offline"])
def test_who_is_not_online_is_offered_nothing(status):
    make_agent(status=status)
    conversation = make_conversation()

    assert routing.run() == 0
    assert state_of(conversation) == State.WAITING


def test_who_has_no_live_lease_is_offered_nothing():
    go_absent(make_agent(), seconds=1)
    conversation = make_conversation()

    assert routing.run() == 0
    assert state_of(conversation) == State.WAITING


def test_the_oldest_is_offered_first_when_there_is_room_for_one():
    make_agent(capacity=1)
    young, old = make_conversation(queue_at=ago(minutes=1)), make_conversation(queue_at=ago(minutes=5))

    routing.run()

    assert (state_of(old), state_of(young)) == (State.OFFERED, State.WAITING)


def test_nobody_is_offered_more_than_fits():
    agent = make_agent(capacity=3)
    make_conversation(agent=agent)
    for _ in range(5):
        make_conversation()

    assert routing.run() == 2
    assert routing.run() == 0


def test_the_one_it_was_handed_to_is_asked_before_who_is_freer():
    make_agent("free")
    wanted = make_agent("wanted")
    make_conversation(agent=wanted)
    conversation = make_conversation(wanted_agent=wanted)

    routing.run()

    assert offered_to(conversation) == wanted.pk


# --- Taking


def test_taking_an_offer_assigns_it():
    agent, conversation = make_agent(misses=1), make_conversation(assign_rev=4, hops=2)
    offer = make_offer(conversation, agent)

    rev = routing.accept(agent.pk, conversation.pk)

    conversation.refresh_from_db()
    offer.refresh_from_db()
    assert rev == conversation.assign_rev == 5
    assert (conversation.state, conversation.agent, conversation.hops) == (State.ACTIVE, agent, 0)
    assert offer.outcome == Offer.Outcome.ACCEPTED
    assert Assignment.objects.get(conversation=conversation, ended_at=None).agent == agent
    assert Agent.objects.get(pk=agent.pk).misses == 0


def test_the_visitor_is_told_who_answers():
    agent, conversation = make_agent("Li Na"), make_conversation()

    routing.accept(agent.pk, conversation.pk)

    event = Event.objects.get(conversation=conversation)
    assert (event.kind, event.pub_seq) == ("assigned", 1)
    assert event.data["agent"] == {"name": "Li Na", "verify_code": agent.verify_code}
    assert event.data["rev"] == 1


@pytest.mark.parametrize("state", [State.WAITING, State.MESSAGE])
def test_what_nobody_has_may_be_taken_without_an_offer(state):
    agent, conversation = make_agent(), make_conversation(state)

    routing.accept(agent.pk, conversation.pk)

    assert state_of(conversation) == State.ACTIVE


def test_taking_twice_is_taking_once():
    agent, conversation = make_agent(capacity=1), make_conversation()

    first, again = (routing.accept(agent.pk, conversation.pk) for _ in range(2))

    assert first == again
    assert Event.objects.filter(conversation=conversation).count() == 1


def test_who_is_late_is_told_who_was_faster():
    conversation = make_conversation(agent=make_agent("Li Na"))

    refused = refusal(routing.accept, make_agent().pk, conversation.pk)

    assert (refused.code, refused.by) == (Nack.TAKEN, "Li Na")


def test_what_is_offered_to_somebody_else_is_taken():
    conversation = make_conversation()
    make_offer(conversation, make_agent("Li Na"))

    refused = refusal(routing.accept, make_agent().pk, conversation.pk)

    assert (refused.code, refused.by) == (Nack.TAKEN, "Li Na")


def test_an_offer_that_has_run_out_is_taken():
    agent, conversation = make_agent(), make_conversation()
    make_offer(conversation, agent, seconds=-1)

    assert refusal(routing.accept, agent.pk, conversation.pk).code == Nack.TAKEN


def test_what_is_over_is_not_taken():
    conversation = make_conversation(State.CLOSED, closed_at=ago(minutes=1))

    assert refusal(routing.accept, make_agent().pk, conversation.pk).code == Nack.TAKEN


def test_what_does_not_exist_is_not_taken():
    assert refusal(routing.accept, make_agent().pk, 404).code == Nack.TAKEN


def test_who_is_full_takes_nothing_more():
    agent = make_agent(capacity=1)
    make_conversation(agent=agent)

    assert refusal(routing.accept, agent.pk, make_conversation().pk).code == Nack.UNAVAILABLE


def test_the_last_place_is_kept_for_what_was_offered():
    agent = make_agent(capacity=1)
    conversation, other = make_conversation(), make_conversation()
    make_offer(conversation, agent)

    assert refusal(routing.accept, agent.pk, other.pk).code == Nack.UNAVAILABLE
    assert routing.accept(agent.pk, conversation.pk)


@pytest.mark.parametrize("serves", [{"topics": ["account"]}, {"languages": ["en"]}])
@pytest.mark.parametrize("state", [State.WAITING, State.MESSAGE])
def test_what_an_agent_does_not_serve_is_not_theirs_to_take(serves, state):
    conversation = make_conversation(state, topic="payment")

    assert refusal(routing.accept, make_agent(**serves).pk, conversation.pk).code == Nack.NOT_ASSIGNEE


# --- Letting it go


def test_a_declined_offer_goes_to_somebody_else():
    first, conversation = make_agent(misses=1), make_conversation(queue_at=ago(minutes=2))
    make_offer(conversation, first)
    second = make_agent()

    routing.decline(first.pk, conversation.pk)

    assert offered_to(conversation) == second.pk
    before, queue_at = conversation.hops, conversation.queue_at
    conversation.refresh_from_db()
    assert (conversation.hops, conversation.queue_at) == (before + 1, queue_at)
    assert Agent.objects.get(pk=first.pk).misses == 0


def test_only_an_own_offer_is_declined():
    conversation = make_conversation()
    make_offer(conversation, make_agent())

    assert refusal(routing.decline, make_agent(misses=1).pk, conversation.pk).code == Nack.TAKEN


def test_supervisors_are_alarmed_after_three_hops(caplog):
    agent, conversation = make_agent(), make_conversation(hops=2)
    make_offer(conversation, agent)

    routing.decline(agent.pk, conversation.pk)

    assert conversation.reference in caplog.text


# --- At the same moment


@pytest.mark.django_db(transaction=True)
def test_of_twenty_who_take_it_exactly_one_wins():
    agents, conversation = [make_agent(f"agent {n}") for n in range(20)], make_conversation()

    results = at_once([partial(routing.accept, agent.pk, conversation.pk) for agent in agents])

    losers = [result for result in results if isinstance(result, Refused)]
    winner = Conversation.objects.get(pk=conversation.pk).agent
    assert len(results) == 20
    assert len(losers) == 19
    assert {(loser.code, loser.by) for loser in losers} == {(Nack.TAKEN, winner.name)}
    assert Event.objects.filter(conversation=conversation).count() == 1


@pytest.mark.django_db(transaction=True)
def test_capacity_holds_when_one_agent_takes_many_at_once():
    agent, conversations = make_agent(capacity=2), [make_conversation() for _ in range(8)]

    results = at_once([partial(routing.accept, agent.pk, one.pk) for one in conversations])

    assert [getattr(one, "code", None) for one in results].count(Nack.UNAVAILABLE) == 6
    assert Conversation.objects.filter(agent=agent, state=State.ACTIVE).count() == 2


@pytest.mark.django_db(transaction=True)
def test_passes_at_the_same_moment_offer_everything_once():
    agents = [make_agent(capacity=2) for _ in range(2)]
    for _ in range(9):
        make_conversation()

    made = at_once([routing.run] * 6)

    assert sum(made) == 4
    for agent in agents:
        assert Offer.objects.filter(agent=agent, outcome=PENDING).count() == 2
