"""Who is offered to whom: the rules, and what holds for every queue."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.core.routing import URGENT_LEAD, Desk, Waiting, choose, needs_alarm, place

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TOPICS, LANGUAGES, AGENTS = ("payment", "account"), ("en", "zh-hans"), range(1, 6)


def waits(key, minutes=5, **values):
    """A conversation that has waited so long."""
    known = {"topic": "payment", "language": "en", "queue_at": NOON - minutes * MINUTE}
    return Waiting(key, **known | values)


def desk(key, load=0, capacity=4, idle=1, topics=(), languages=(), is_online=True):
    """An agent who serves everything unless told otherwise."""
    since = NOON - idle * MINUTE
    return Desk(key, frozenset(topics), frozenset(languages), capacity, load, since, is_online)


def some(values, **sizes):
    return st.frozensets(st.sampled_from(values), **sizes)


conversations = st.builds(
    Waiting,
    id=st.integers(1, 1000),
    topic=st.sampled_from(("", *TOPICS)),
    language=st.sampled_from(LANGUAGES),
    # Few different times, so that some came at once, around the lead of urgent ones.
    queue_at=st.sampled_from((0, 1, 29, 31, 59, 90)).map(lambda minutes: NOON - minutes * MINUTE),
    urgent=st.booleans(),
    declined_by=some(AGENTS, max_size=3),
    wanted_agent=st.none() | st.sampled_from(AGENTS),
)
desks_of_agents = st.builds(
    desk,
    st.sampled_from(AGENTS),
    load=st.integers(0, 4),
    capacity=st.integers(1, 4),
    idle=st.integers(0, 2),
    topics=some(TOPICS, max_size=1),
    languages=some(LANGUAGES, max_size=1),
    is_online=st.sampled_from((True, True, True, False)),
)
queues = st.lists(conversations, max_size=12, unique_by=lambda one: one.id)
teams = st.lists(desks_of_agents, max_size=5, unique_by=lambda one: one.id)


def serves(agent, one):
    """The rule once more, in other words than the code's."""
    topics, languages = agent.topics or {one.topic}, agent.languages or {one.language}
    return one.topic in {"", *topics} and one.language in languages


def after(pairs, queue, team):
    """Loads as they are once these offers are made, and what still waits."""
    given_to = [agent for _, agent in pairs]
    chosen = {conversation for conversation, _ in pairs}
    loaded = [replace(one, load=one.load + given_to.count(one.id)) for one in team]
    return loaded, [one for one in queue if one.id not in chosen]


# --- One choice


def test_the_least_busy_agent_is_chosen():
    assert choose([waits(1)], [desk(1, load=2), desk(2, load=1), desk(3, load=3)]) == [(1, 2)]


def test_who_has_been_idle_longest_is_chosen_when_loads_are_equal():
    assert choose([waits(1)], [desk(1, idle=1), desk(2, idle=9), desk(3, idle=5)]) == [(1, 2)]


def test_the_lower_id_is_chosen_when_nothing_else_differs():
    assert choose([waits(1)], [desk(2), desk(1)]) == [(1, 1)]


def test_many_are_spread_over_all_who_are_there():
    pairs = choose([waits(key) for key in range(1, 5)], [desk(1), desk(2)])

    assert sorted(agent for _, agent in pairs) == [1, 1, 2, 2]


@pytest.mark.parametrize(
    "team",
    [
        [desk(1, is_online=False)],
        [desk(1, load=4)],
        [desk(1, load=5)],
        [desk(1, topics=["account"])],
        [desk(1, languages=["zh-hans"])],
        [],
    ],
)
def test_nobody_is_chosen_when_nobody_can_take_it(team):
    assert choose([waits(1)], team) == []


def test_what_has_no_topic_is_served_by_everybody():
    assert choose([waits(1, topic="")], [desk(1, topics=["account"])]) == [(1, 1)]


def test_what_nobody_serves_holds_up_nothing_behind_it():
    queue = [waits(1, minutes=60, topic="payment"), waits(2, topic="account")]

    assert choose(queue, [desk(1, topics=["account"])]) == [(2, 1)]


# --- Who let it go by, and who is wanted


def test_who_declined_is_passed_over_for_a_busier_agent():
    assert choose([waits(1, declined_by=frozenset({1}))], [desk(1), desk(2, load=3)]) == [(1, 2)]


def test_it_goes_round_again_when_everybody_has_declined():
    assert choose([waits(1, declined_by=frozenset({1, 2}))], [desk(1, load=1), desk(2)]) == [(1, 2)]


def test_the_wanted_agent_is_asked_before_who_is_freer():
    assert choose([waits(1, wanted_agent=2)], [desk(1), desk(2, load=3)]) == [(1, 2)]


def test_it_waits_for_the_wanted_agent_when_they_are_full():
    queue = [waits(1, wanted_agent=2), waits(2, minutes=1)]

    assert choose(queue, [desk(1), desk(2, load=4)]) == [(2, 1)]


@pytest.mark.parametrize("wanted", [desk(2, is_online=False), desk(2, topics=["account"]), desk(3)])
def test_anybody_is_asked_when_the_wanted_agent_is_not_there_for_it(wanted):
    assert choose([waits(1, wanted_agent=2)], [desk(1, load=3, idle=99), wanted])[0][0] == 1


# --- Who goes first


def test_an_urgent_one_overtakes_who_has_waited_a_little_longer():
    queue = [waits(1, minutes=29), waits(2, minutes=0, urgent=True)]

    assert choose(queue, [desk(1, capacity=1)]) == [(2, 1)]


def test_an_urgent_one_does_not_overtake_who_has_waited_too_long():
    queue = [waits(1, minutes=31), waits(2, minutes=0, urgent=True)]

    assert choose(queue, [desk(1, capacity=1)]) == [(1, 1)]


def test_the_lead_of_urgent_ones_is_a_setting():
    queue = [waits(1, minutes=29), waits(2, minutes=0, urgent=True)]

    assert choose(queue, [desk(1, capacity=1)], urgent_lead=10 * MINUTE) == [(1, 1)]


def test_the_lower_id_goes_first_when_both_came_at_once():
    assert choose([waits(2), waits(1)], [desk(1, capacity=1)]) == [(1, 1)]


def test_places_count_those_of_the_same_language():
    queue = [waits(1, 1), waits(2, 9), waits(3, 5, language="zh-hans"), waits(4, 0, urgent=True)]

    assert place(queue) == {4: 1, 2: 2, 1: 3, 3: 1}


@pytest.mark.parametrize(("hops", "alarmed"), [(0, False), (2, False), (3, True), (4, True)])
def test_supervisors_are_alarmed_from_the_third_hop(hops, alarmed):
    assert needs_alarm(hops) is alarmed


# --- For every queue and team


@given(queues, teams)
def test_only_who_is_there_and_serves_it_is_chosen(queue, team):
    by_id, waiting = {one.id: one for one in team}, {one.id: one for one in queue}

    for conversation, agent in choose(queue, team):
        assert by_id[agent].is_online
        assert serves(by_id[agent], waiting[conversation])


@given(queues, teams)
def test_nobody_gets_more_than_fits_and_nothing_is_given_twice(queue, team):
    pairs = choose(queue, team)

    assert len({conversation for conversation, _ in pairs}) == len(pairs)
    for before, now in zip(team, after(pairs, queue, team)[0], strict=True):
        assert now.load <= max(now.capacity, before.load)


@given(queues, teams)
def test_nobody_waits_for_an_agent_who_has_room(queue, team):
    loaded, left = after(choose(queue, team), queue, team)

    for one in left:
        able = [agent for agent in loaded if agent.is_online and serves(agent, one)]
        asked = [agent for agent in able if agent.id == one.wanted_agent] or able
        assert all(agent.load >= agent.capacity for agent in asked)


@given(queues, teams)
def test_the_wanted_agent_gets_it_or_it_waits_while_they_are_there(queue, team):
    chosen = dict(choose(queue, team))

    for one in queue:
        if any(agent.id == one.wanted_agent and agent.is_online and serves(agent, one) for agent in team):
            assert chosen.get(one.id, one.wanted_agent) == one.wanted_agent


@given(queues, teams)
def test_of_one_topic_and_language_the_oldest_are_chosen(queue, team):
    chosen = dict(choose(queue, team))
    plain = [one for one in queue if not one.urgent and one.wanted_agent is None]

    for group in {(one.topic, one.language) for one in plain}:
        line = [one for one in plain if (one.topic, one.language) == group]
        line.sort(key=lambda one: (one.queue_at, one.id))
        taken = [one.id in chosen for one in line]
        assert taken == sorted(taken, reverse=True)


@given(queues, teams)
def test_nobody_is_overtaken_by_more_than_the_lead(queue, team):
    chosen, agents = dict(choose(queue, team)), {one.id: one for one in team}
    left = [one for one in queue if one.id not in chosen and one.wanted_agent is None]

    for first in (one for one in queue if one.id in chosen):
        lead = URGENT_LEAD if first.urgent else timedelta()
        passed = [one for one in left if serves(agents[chosen[first.id]], one)]
        assert all(one.queue_at >= first.queue_at - lead for one in passed)


@given(queues, teams)
def test_who_declined_is_asked_only_when_nobody_else_has_room(queue, team):
    chosen, loaded = dict(choose(queue, team)), after(choose(queue, team), queue, team)[0]

    for one in queue:
        if one.wanted_agent is None and chosen.get(one.id) in one.declined_by:
            others = [agent for agent in loaded if agent.is_online and serves(agent, one)]
            fresh = [agent for agent in others if agent.id not in one.declined_by]
            assert all(agent.load >= agent.capacity for agent in fresh)


@given(queues, teams, st.randoms())
def test_the_order_in_which_rows_come_changes_nothing(queue, team, random):
    pairs = choose(queue, team)

    shuffled, mixed = random.sample(queue, len(queue)), random.sample(team, len(team))

    assert choose(shuffled, mixed) == pairs


@given(queues)
def test_places_are_counted_from_one_without_holes(queue):
    places = place(queue)

    for language in LANGUAGES:
        found = sorted(places[one.id] for one in queue if one.language == language)
        assert found == list(range(1, len(found) + 1))
