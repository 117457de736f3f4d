"""What falls due: offers, leases, idle conversations, empty desks, duties."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.utils import timezone

from chat.core.terms import State, Status
from chat.models import Agent, Assignment, Conversation, Duty, Event, Offer, PresenceLease
from chat.services import due, duties, ledger, routing
from chat.services.append import append
from chat.services.clock import database_now
from tests.chat.cast import author_of, draft, make_agent, make_conversation
from tests.chat.routes import ago, at_once, everything, go_absent, make_offer, reasons

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _rested():
    due.forget()


def outcome(offer):
    return Offer.objects.values_list("outcome", flat=True).get(pk=offer.pk)


def silent(agent, minutes, **values):
    """A conversation in which the agent had the last word, so long ago."""
    said = {"agent_wrote_at": ago(minutes=minutes), "visitor_wrote_at": ago(minutes=minutes + 1)}
    return make_conversation(agent=agent, **said | values)


def left_alone(conversation, minutes=1):
    """Let a queue without anybody on duty get so old; the state it ends in."""
    now = database_now()
    due.run_due(now)
    due.run_due(now + minutes * MINUTE)
    conversation.refresh_from_db()
    return conversation.state


# --- Offers


def test_a_missed_offer_goes_back_with_its_age():
    agent, conversation = make_agent(), make_conversation(queue_at=ago(minutes=2))
    offer = make_offer(conversation, agent, seconds=-1)
    queue_at = conversation.queue_at

    due.run_due()

    conversation.refresh_from_db()
    assert outcome(offer) == Offer.Outcome.MISSED
    assert (conversation.state, conversation.queue_at, conversation.hops) == (State.WAITING, queue_at, 1)
    assert Agent.objects.get(pk=agent.pk).status == Status.ONLINE


def test_two_missed_offers_in_a_row_set_the_agent_away():
    agent = make_agent()
    for _ in range(2):
        make_offer(make_conversation(), agent, seconds=-1)

    due.run_due()

    agent.refresh_from_db()
    assert (agent.status, agent.misses) == (Status.AWAY, 0)


def test_a_taken_offer_between_two_missed_ones_forgives():
    agent = make_agent()
    make_offer(make_conversation(), agent, seconds=-1)
    due.run_due()
    routing.accept(agent.pk, make_conversation().pk)

    make_offer(make_conversation(), agent, seconds=-1)
    due.run_due()

    assert Agent.objects.get(pk=agent.pk).status == Status.ONLINE


def test_an_offer_that_still_runs_is_left_alone():
    offer = make_offer(make_conversation(), make_agent())

    due.run_due()

    assert outcome(offer) == Offer.Outcome.PENDING


def test_supervisors_are_alarmed_at_the_third_hop(caplog):
    conversation = make_conversation(hops=2)
    make_offer(conversation, make_agent(), seconds=-1)

    due.run_due()

    assert conversation.reference in caplog.text


# --- Leases


def test_offers_of_who_is_gone_are_withdrawn_without_blame():
    agent = make_agent()
    offer = make_offer(make_conversation(), agent)
    go_absent(agent, seconds=1)

    due.run_due()

    assert outcome(offer) == Offer.Outcome.WITHDRAWN
    assert Agent.objects.get(pk=agent.pk).misses == 0


def test_conversations_of_who_is_gone_return_to_their_old_place():
    agent = make_agent()
    conversation = make_conversation(agent=agent, queue_at=ago(minutes=7), assign_rev=1)
    queue_at = conversation.queue_at
    go_absent(agent, seconds=31)

    due.run_due()

    conversation.refresh_from_db()
    assert (conversation.state, conversation.agent) == (State.WAITING, None)
    assert (conversation.queue_at, conversation.assign_rev) == (queue_at, 2)
    assert reasons(conversation) == ["agent_gone"]
    assert Assignment.objects.get(conversation=conversation).end_reason == "agent_gone"


@pytest.mark.parametrize("seconds", [-40, 29])
def test_who_may_be_back_in_a_moment_keeps_their_conversations(seconds):
    agent = make_agent()
    conversation = make_conversation(agent=agent)
    go_absent(agent, seconds=seconds)

    due.run_due()

    assert reasons(conversation) == []


def test_who_is_away_at_an_open_desk_keeps_their_conversations():
    conversation = make_conversation(agent=make_agent(status=Status.AWAY))

    due.run_due()

    assert reasons(conversation) == []


def test_old_leases_are_tidied_away_and_others_kept():
    gone, there = make_agent(), make_agent()
    go_absent(gone, minutes=5)

    due.tidy()

    assert list(PresenceLease.objects.values_list("agent", flat=True)) == [there.pk]


# --- Nobody on duty


def test_what_nobody_answers_becomes_a_message():
    conversation = make_conversation()

    assert left_alone(conversation) == State.MESSAGE
    assert reasons(conversation) == ["nobody_on_duty"]


def test_nobody_on_duty_for_a_moment_is_no_reason():
    conversation = make_conversation(queue_at=ago(minutes=9), changed_at=ago(minutes=9))

    assert left_alone(conversation, minutes=0.9) == State.WAITING


def test_the_time_begins_anew_when_somebody_was_there_meanwhile():
    conversation, now = make_conversation(), database_now()
    due.run_due(now)
    agent = make_agent()
    due.run_due(now + 0.5 * MINUTE)
    Agent.objects.filter(pk=agent.pk).update(status=Status.AWAY)

    due.run_due(now + 1.1 * MINUTE)

    assert reasons(conversation) == []


def test_who_is_there_but_serves_others_does_not_count():
    agent = make_agent(topics=["account"])
    PresenceLease.objects.filter(agent=agent).update(expires_at=ago(minutes=-5))
    served, alone = make_conversation(topic="account"), make_conversation(topic="payment")

    assert left_alone(alone) == State.MESSAGE
    assert Conversation.objects.get(pk=served.pk).state == State.WAITING


# --- Idle visitors


def test_who_is_silent_for_ten_minutes_is_warned_once():
    conversation = silent(make_agent(), minutes=11)

    due.run_due()
    due.run_due()

    conversation.refresh_from_db()
    assert (conversation.state, reasons(conversation)) == (State.ACTIVE, ["idle_warning"])
    assert Event.objects.get(conversation=conversation).pub_seq == 1


def test_who_is_silent_after_the_warning_is_closed():
    conversation = silent(make_agent(), minutes=21, warned_at=ago(minutes=11))

    due.run_due()

    assert reasons(conversation) == ["idle"]
    assert Conversation.objects.get(pk=conversation.pk).closed_at is not None


def test_nobody_is_closed_without_time_to_answer_the_warning():
    conversation = silent(make_agent(), minutes=60)

    due.run_due()
    due.run_due()

    assert reasons(conversation) == ["idle_warning"]


@pytest.mark.parametrize("values", [{"visitor_wrote_at": timezone.now()}, {"agent_wrote_at": None}])
def test_it_is_the_agents_turn_and_nobody_is_idle(values):
    conversation = silent(make_agent(), minutes=60, **values)

    due.run_due()

    assert reasons(conversation) == []


def test_a_new_word_of_the_agent_is_warned_about_anew():
    conversation = silent(make_agent(), minutes=21, warned_at=ago(minutes=30))

    due.run_due()

    assert reasons(conversation) == ["idle_warning"]


def test_an_answer_to_the_warning_keeps_it_open():
    agent = make_agent()
    conversation = silent(agent, minutes=21, warned_at=ago(minutes=11))
    append(draft(conversation, "still here"))

    due.run_due()

    conversation.refresh_from_db()
    assert (conversation.state, conversation.warned_at) == (State.ACTIVE, None)


def test_what_is_answered_just_before_the_lock_is_not_closed(monkeypatch):
    conversation, lock = silent(make_agent(), minutes=21, warned_at=ago(minutes=11)), ledger.lock

    def meanwhile(keys):
        monkeypatch.setattr(ledger, "lock", lock)
        append(draft(conversation, "wait!"))
        return lock(keys)

    monkeypatch.setattr(ledger, "lock", meanwhile)
    due.run_due()

    assert reasons(conversation) == []


def test_who_takes_over_a_silent_visitor_starts_anew():
    agent = make_agent()
    conversation = silent(agent, minutes=30)
    Conversation.objects.filter(pk=conversation.pk).update(state=State.WAITING, agent=None)
    Assignment.objects.update(ended_at=ago(minutes=5))

    routing.accept(agent.pk, conversation.pk)
    due.run_due()

    assert reasons(conversation) == []
    assert append(draft(conversation, "Hello, I am new here", author_of(agent)))


# --- Nothing to do


def test_nothing_is_due_among_what_is_over():
    make_conversation(State.CLOSED, closed_at=ago(days=1))
    make_conversation(State.MESSAGE, queue_at=ago(days=1))
    before = everything()

    assert due.run_due() is False
    assert everything() == before


# --- Duties


def test_a_duty_is_held_by_one():
    me, you = uuid4(), uuid4()

    assert duties.hold("test", me, 10)
    assert not duties.hold("test", you, 10)
    assert duties.hold("test", me, 10)


def test_a_duty_that_ran_out_is_taken_over():
    me, you = uuid4(), uuid4()
    duties.hold("test", me, 10)
    Duty.objects.update(expires_at=ago(seconds=1))

    assert duties.hold("test", you, 10)
    assert not duties.hold("test", me, 10)


def test_duties_of_different_names_are_different():
    assert duties.hold("one", uuid4(), 10)
    assert duties.hold("two", uuid4(), 10)


def test_only_an_own_duty_is_let_go():
    me, you = uuid4(), uuid4()
    duties.hold("test", me, 10)

    duties.let_go("test", you)
    assert not duties.hold("test", you, 10)

    duties.let_go("test", me)
    assert duties.hold("test", you, 10)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ran_out", [True, False])
def test_of_many_who_want_a_duty_one_gets_it(ran_out):
    if ran_out:
        Duty.objects.create(name="test", holder=uuid4(), expires_at=ago(seconds=1))

    results = at_once([partial(duties.hold, "test", uuid4(), 10) for _ in range(8)])

    assert results.count(True) == 1
    assert len(results) == 8
