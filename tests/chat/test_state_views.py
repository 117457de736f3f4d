"""What people see of a conversation's state: who answers, the place in the queue, the honest wait."""

from datetime import timedelta

import pytest

from chat.core.terms import State
from chat.models import Assignment, Conversation
from chat.services import conversations, state_views
from chat.services.state_views import availability, for_visitor, states_of
from tests.chat.cast import make_agent, make_conversation
from tests.chat.routes import ago, make_offer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rested():
    state_views.forget()


@pytest.fixture
def hours(monkeypatch):
    """Open or closed, and until when."""

    def are(is_open, opens_at=None):
        monkeypatch.setattr(state_views, "_hours", lambda: (is_open, opens_at))

    are(True)
    return are


def state_of(conversation):
    return states_of([conversation.pk])[conversation.pk]


def handled(minutes, times=3):
    """So many conversations took so long lately."""
    for number in range(times):
        end = ago(minutes=number)
        start = end - timedelta(minutes=minutes)
        conversation = make_conversation(State.CLOSED, closed_at=end)
        Assignment.objects.create(
            conversation=conversation, agent=make_agent(online=False), started_at=start, ended_at=end
        )


def test_the_visitor_sees_who_answers(hours):
    agent = make_agent("Li Na")

    state = state_of(make_conversation(agent=agent, assign_rev=7))

    assert state["agent"] == {"name": "Li Na", "verify_code": agent.verify_code}
    assert (state["state"], state["rev"]) == ("active", 7)
    assert state["queue_position"] is None


def test_the_number_of_the_assignment_is_for_agents():
    state = state_of(make_conversation())

    assert state.keys() - for_visitor(state).keys() == {"rev"}


def test_the_place_counts_who_came_before(hours):
    first, second = make_conversation(queue_at=ago(minutes=3)), make_conversation(queue_at=ago(minutes=2))
    urgent = make_conversation(priority=Conversation.Priority.URGENT)

    found = states_of([first.pk, second.pk, urgent.pk])

    assert [found[one.pk]["queue_position"] for one in (urgent, first, second)] == [1, 2, 3]


def test_a_thousand_who_wait_have_a_place_each(hours):
    first = make_conversation(queue_at=ago(hours=1))
    Conversation.objects.bulk_create(
        Conversation(
            visitor=first.visitor, language="zh-hans", reference=f"TP-Q{number}", token_hash=f"queue {number}"
        )
        for number in range(999)
    )
    last = Conversation.objects.latest("pk")

    assert state_of(last)["queue_position"] == 1000
    assert availability()["queue_length"] == 1000


def test_many_states_cost_no_more_queries_than_one(hours, django_assert_max_num_queries):
    keys = [make_conversation().pk for _ in range(30)]

    with django_assert_max_num_queries(8):
        states_of(keys)


def test_what_is_offered_is_next(hours):
    conversation = make_conversation()
    make_conversation(queue_at=ago(minutes=5))
    make_offer(conversation, make_agent())

    assert state_of(conversation)["queue_position"] == 1


@pytest.mark.parametrize("is_open, reason", [(True, "nobody_online"), (False, "closed")])
def test_who_waits_for_nobody_is_told_so(hours, is_open, reason):
    hours(is_open)

    state = state_of(make_conversation())

    assert (state["reason"], state["expected_wait_seconds"]) == (reason, None)


def test_the_reason_is_that_of_the_last_change(hours):
    agent = make_agent()
    conversation = make_conversation(agent=agent)

    conversations.close(agent.pk, conversation.pk, "solved")

    assert state_of(conversation)["reason"] == "solved"


def test_the_wait_follows_from_how_long_conversations_took(hours):
    handled(minutes=10)
    make_conversation(agent=make_agent(capacity=1))
    first, second = make_conversation(queue_at=ago(minutes=3)), make_conversation(queue_at=ago(minutes=2))

    found = states_of([first.pk, second.pk])

    assert [found[one.pk]["expected_wait_seconds"] for one in (first, second)] == [600, 1200]


def test_no_wait_is_made_up_without_anything_to_go_by(hours):
    make_conversation(agent=make_agent(capacity=1))

    assert state_of(make_conversation())["expected_wait_seconds"] is None


@pytest.mark.parametrize(
    "in_hours, online, is_open", [(True, False, True), (False, True, True), (False, False, False)]
)
def test_it_is_open_in_the_hours_or_when_somebody_is_there(hours, in_hours, online, is_open):
    hours(in_hours, None if in_hours else "2026-11-24T01:00:00.000Z")
    make_agent(online=online)

    found = availability()

    assert (found["open"], found["agents_online"]) == (is_open, int(online))
    assert (found["opens_at"] is None) is is_open


def test_nobody_waits_while_there_is_room(hours):
    make_agent(capacity=2)

    assert availability()["expected_wait_seconds"] == 0
