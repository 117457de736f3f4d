"""The life of a conversation: the table, what falls due, and a whole team at work."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chat.core.lifecycle import (
    TRANSITIONS,
    Due,
    Facts,
    NotAllowed,
    Reaction,
    can_write,
    check,
    due,
    on_visitor_message,
)
from chat.core.presence import Timings
from chat.core.terms import AuthorKind, State, Status
from tests.core.queue_world import LIVE, World

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TIMES = Timings()
ALLOWED = {
    State.WAITING: {State.WAITING, State.OFFERED, State.ACTIVE, State.MESSAGE, State.CLOSED},
    State.OFFERED: {State.WAITING, State.ACTIVE, State.MESSAGE, State.CLOSED},
    State.ACTIVE: {State.WAITING, State.ACTIVE, State.CLOSED},
    State.MESSAGE: {State.WAITING, State.ACTIVE, State.CLOSED},
    State.CLOSED: {State.WAITING, State.ACTIVE},
}
TOPICS, LANGUAGES = ("payment", "account"), ("en", "zh-hans")


def ago(seconds):
    return NOON - timedelta(seconds=seconds)


def found(state, waited=0, changed=None, **values):
    """What is due at noon for a conversation that came into the queue so many seconds ago."""
    last = ago(waited if changed is None else changed)
    return due(Facts(state, ago(waited), last, **values), NOON, TIMES)


def silent(minutes, **values):
    """What is due when the agent had the last word so many minutes ago."""
    known = {"lease_expires": ago(-30), "agent_wrote_at": ago(minutes * 60)}
    return found(State.ACTIVE, waited=9999, **known | values)


# --- Where it may go


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_a_conversation_goes_where_it_may_and_nowhere_else(before, after):
    if after in ALLOWED[before]:
        check(before, after)
        return
    with pytest.raises(NotAllowed) as refused:
        check(before, after)
    assert (refused.value.before, refused.value.after) == (before, after)


def test_every_way_has_a_reason():
    assert all(TRANSITIONS.values())


# --- Who may write


@pytest.mark.parametrize("state", State)
def test_a_visitor_writes_until_it_is_closed(state):
    assert can_write(state, AuthorKind.VISITOR) is (state != State.CLOSED)


@pytest.mark.parametrize("state", State)
def test_an_agent_writes_what_they_have_or_what_was_left(state):
    assert can_write(state, AuthorKind.AGENT, is_assignee=True) is (state in {State.ACTIVE, State.MESSAGE})


@pytest.mark.parametrize("state", State)
def test_another_agent_answers_only_what_was_left(state):
    assert can_write(state, AuthorKind.AGENT) is (state == State.MESSAGE)


@pytest.mark.parametrize("state", [state for state in State if state != State.CLOSED])
def test_a_visitors_text_is_added_while_it_is_open(state):
    assert on_visitor_message(state, None, NOON) == Reaction.APPEND


@pytest.mark.parametrize(
    ("hours", "reaction"),
    [(0, Reaction.REOPEN), (24, Reaction.REOPEN), (24.01, Reaction.REFUSE), (99, Reaction.REFUSE)],
)
def test_what_is_closed_reopens_for_a_day(hours, reaction):
    assert on_visitor_message(State.CLOSED, ago(hours * 3600), NOON) == reaction


def test_how_long_it_reopens_is_a_setting():
    hour = timedelta(hours=1)

    assert on_visitor_message(State.CLOSED, ago(7200), NOON, hour) == Reaction.REFUSE


# --- What is due while it waits


@pytest.mark.parametrize(("left", "expected"), [(1, []), (0, [Due.OFFER_EXPIRED]), (-9, [Due.OFFER_EXPIRED])])
def test_an_offer_expires_at_its_end(left, expected):
    assert found(State.OFFERED, offer_expires=ago(-left)) == expected


@pytest.mark.parametrize("state", [State.WAITING, State.OFFERED])
@pytest.mark.parametrize(("waited", "expected"), [(179, []), (180, [Due.MAY_LEAVE_MESSAGE])])
def test_who_has_waited_three_minutes_may_leave_a_message(state, waited, expected):
    assert found(state, waited) == expected


@pytest.mark.parametrize(("alone", "expected"), [(59, []), (60, [Due.NOBODY_ON_DUTY])])
def test_it_becomes_a_message_when_nobody_is_on_duty_for_a_minute(alone, expected):
    assert found(State.WAITING, waited=100, nobody_since=ago(alone)) == expected


def test_it_waits_on_when_somebody_is_on_duty():
    assert found(State.WAITING, waited=100) == []


@pytest.mark.parametrize("values", [{"waited": 59, "changed": 100}, {"waited": 100, "changed": 59}])
def test_who_has_just_come_or_written_waits_a_minute_too(values):
    assert found(State.WAITING, nobody_since=ago(999), **values) == []


def test_what_is_offered_does_not_become_a_message():
    assert found(State.OFFERED, waited=100, nobody_since=ago(999), offer_expires=ago(-5)) == []


# --- What is due while somebody answers


@pytest.mark.parametrize(("since", "expected"), [(29, []), (30, [Due.AGENT_GONE])])
def test_it_goes_back_when_its_agent_has_gone(since, expected):
    assert found(State.ACTIVE, lease_expires=ago(since)) == expected


@pytest.mark.parametrize(("minutes", "expected"), [(9.9, []), (10, [Due.IDLE_WARNING])])
def test_a_visitor_is_warned_after_ten_silent_minutes(minutes, expected):
    assert silent(minutes) == expected


def test_nobody_is_warned_twice_of_the_same():
    assert silent(15, warned_at=ago(300)) == []


def test_a_new_word_of_the_agent_is_warned_of_anew():
    assert silent(10, warned_at=ago(601)) == [Due.IDLE_WARNING]


@pytest.mark.parametrize(("minutes", "expected"), [(19.9, []), (20, [Due.IDLE_CLOSE])])
def test_a_visitor_who_stays_silent_is_closed_after_twenty_minutes(minutes, expected):
    assert silent(minutes, warned_at=ago(600)) == expected


@pytest.mark.parametrize("values", [{}, {"warned_at": ago(599)}])
def test_nobody_is_closed_without_time_to_answer_the_warning(values):
    assert Due.IDLE_CLOSE not in silent(60, **values)


@pytest.mark.parametrize("values", [{"agent_wrote_at": None}, {"visitor_wrote_at": ago(1)}])
def test_nobody_is_idle_when_it_is_the_agents_turn(values):
    assert silent(60, **values) == []


def test_an_earlier_word_of_the_visitor_does_not_count():
    assert silent(10, visitor_wrote_at=ago(601)) == [Due.IDLE_WARNING]


def test_nobody_is_blamed_for_the_silence_of_an_agent_who_has_gone():
    assert silent(60, lease_expires=ago(99), warned_at=ago(900)) == [Due.AGENT_GONE]


@pytest.mark.parametrize("state", [State.CLOSED, State.MESSAGE])
def test_nothing_is_due_when_nobody_waits(state):
    assert found(state, waited=99_999, nobody_since=ago(9999), agent_wrote_at=ago(9999)) == []


# --- A team at work


class Team(RuleBasedStateMachine):
    """People come and go, take, decline, miss, crash, hand on; what must hold then always holds."""

    def __init__(self):
        super().__init__()
        self.world = World()

    @initialize(has_rock=st.booleans(), capacity=st.integers(1, 2))
    def begin(self, has_rock, capacity):
        """One serves everything, never leaves and takes every offer; or there is nobody like that."""
        self.rock = self.world.join(frozenset(), frozenset(), capacity) if has_rock else None
        self.settle()

    def settle(self):
        while self.rock and (offers := self.offers(self.rock)):
            self.world.take(offers[0], self.rock)
            self.world.route()

    def offers(self, *people):
        return [talk for talk in self.world.in_state(State.OFFERED) if self.person(talk) in people]

    def person(self, talk):
        return self.world.people.get(talk.agent or talk.offered_to)

    def others(self):
        return [one for one in self.world.people.values() if one is not self.rock]

    def pick(self, data, values):
        return data.draw(st.sampled_from(values)) if values else None

    @rule(topic=st.sampled_from(("", *TOPICS)), language=st.sampled_from(LANGUAGES), urgent=st.booleans())
    def arrive(self, topic, language, urgent):
        self.world.arrive(topic, language, urgent=urgent)
        self.settle()

    @precondition(lambda self: len(self.world.people) < 4)
    @rule(
        topics=st.frozensets(st.sampled_from(TOPICS), max_size=1),
        languages=st.frozensets(st.sampled_from(LANGUAGES), max_size=1),
        capacity=st.integers(1, 3),
    )
    def join(self, topics, languages, capacity):
        self.world.join(topics, languages, capacity)

    @precondition(lambda self: self.others())
    @rule(data=st.data(), status=st.sampled_from(Status), beats=st.booleans())
    def come_or_go(self, data, status, beats):
        """Choose a status; a desk that doesn't beat has crashed, whatever its agent chose."""
        person = self.pick(data, self.others())
        person.beats = beats
        self.world.set_status(person, status)
        self.settle()

    @precondition(lambda self: self.offers(*self.others()))
    @rule(data=st.data(), takes=st.booleans())
    def answer_offer(self, data, takes):
        talk = self.pick(data, self.offers(*self.others()))
        if takes:
            self.world.take(talk, self.person(talk))
        else:
            self.world.decline(talk)
        self.settle()

    @precondition(lambda self: self.world.in_state(State.ACTIVE))
    @rule(data=st.data(), what=st.sampled_from(["say", "close", "agent", *TOPICS]))
    def answer(self, data, what):
        talk = self.pick(data, self.world.in_state(State.ACTIVE))
        if what == "say":
            talk.agent_wrote = talk.changed_at = self.world.now
        elif what == "close":
            self.world.close(talk)
        elif what == "agent":
            self.world.transfer(talk, wanted=self.pick(data, list(self.world.people)))
        else:
            self.world.transfer(talk, topic=what)
        self.settle()

    @precondition(lambda self: self.world.talks)
    @rule(data=st.data())
    def visitor_writes(self, data):
        self.world.write(self.pick(data, list(self.world.talks.values())))
        self.settle()

    @precondition(lambda self: self.world.in_state(State.CLOSED))
    @rule(data=st.data())
    def come_back(self, data):
        talk = self.pick(data, self.world.in_state(State.CLOSED))
        assert self.world.write(talk) == Reaction.REOPEN
        self.settle()

    @precondition(lambda self: self.world.in_state(State.WAITING, State.OFFERED))
    @rule(data=st.data(), leaves_message=st.booleans())
    def give_up(self, data, leaves_message):
        talk = self.pick(data, self.world.in_state(State.WAITING, State.OFFERED))
        if leaves_message:
            self.world.leave(talk)
        else:
            self.world.close(talk)
        self.settle()

    @precondition(lambda self: self.world.in_state(State.MESSAGE) and self.world.present())
    @rule(data=st.data())
    def pick_up_message(self, data):
        talk = self.pick(data, self.world.in_state(State.MESSAGE))
        person = self.pick(data, self.world.present())
        if self.world.load(person) < person.capacity:
            self.world.take(talk, person)

    @rule(seconds=st.sampled_from([5, 30, 60, 120, 700]))
    def pass_time(self, seconds):
        self.let_pass(seconds)

    def let_pass(self, seconds):
        for _ in range(seconds // 5):
            self.world.pass_time(5)
            self.settle()

    # What always holds

    @invariant()
    def nobody_has_more_than_fits(self):
        for person in self.world.people.values():
            assert self.world.load(person) <= person.capacity

    @invariant()
    def offers_are_with_who_is_there_and_serves_them(self):
        for talk in self.world.in_state(State.OFFERED):
            person = self.person(talk)
            assert self.world.is_here(person)
            assert self.world.can_serve(person, talk.topic, talk.language)
            assert talk.offer_expires > self.world.now

    @invariant()
    def nobody_waits_for_an_agent_who_has_room(self):
        free = [one for one in self.world.present() if self.world.load(one) < one.capacity]
        for talk in self.world.in_state(State.WAITING):
            there = [one.id for one in self.world.present() if self.serves(one, talk)]
            assert not any(
                self.serves(one, talk) and (talk.wanted not in there or talk.wanted == one.id) for one in free
            )

    @invariant()
    def nobody_is_left_with_an_agent_who_has_gone(self):
        for talk in self.world.in_state(State.ACTIVE):
            assert not self.world.has_gone(self.person(talk))

    def serves(self, person, talk):
        return self.world.can_serve(person, talk.topic, talk.language)

    # How it ends

    def teardown(self):
        """Everybody else leaves: what is left is answered by the one who stays, or kept as a message."""
        for person in self.others():
            person.beats = False
        if getattr(self, "rock", None):
            self.all_are_answered_in_turn()
        else:
            self.all_are_left_as_messages()

    def all_are_answered_in_turn(self):
        self.let_pass(75)
        waited = self.world.in_state(State.WAITING)
        for _ in range(len(waited)):
            self.world.close(self.world.in_state(State.ACTIVE)[0])
            self.settle()
        assert not self.world.in_state(State.WAITING, State.OFFERED)
        assert all(talk.answered for talk in waited)

    def all_are_left_as_messages(self):
        times = self.world.timings
        longest = times.lease + times.requeue_after + times.nobody_after
        self.world.pass_time(int(longest.total_seconds()) + 15)
        assert not self.world.in_state(*LIVE)


TestTeam = Team.TestCase
TestTeam.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
