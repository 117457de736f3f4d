"""How long somebody will wait, said honestly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.core.waiting import LEAST_BASIS, expected_wait

TEN_MINUTES = [600.0] * 3
handling = st.lists(st.floats(0, 7200), min_size=LEAST_BASIS, max_size=20)
places, agents, rooms = st.integers(1, 50), st.integers(1, 20), st.integers(0, 20)


def test_nobody_waits_when_an_agent_is_free():
    assert expected_wait(TEN_MINUTES, place=1, agents=1, free_places=1) == 0


def test_a_free_agent_needs_no_experience():
    assert expected_wait([], place=2, agents=1, free_places=2) == 0


def test_the_wait_grows_with_the_place():
    assert expected_wait(TEN_MINUTES, place=3, agents=1, free_places=0) == 1800


def test_more_agents_make_it_shorter():
    assert expected_wait(TEN_MINUTES, place=3, agents=3, free_places=0) == 600


def test_who_is_served_at_once_ahead_does_not_count():
    assert expected_wait(TEN_MINUTES, place=3, agents=1, free_places=2) == 600


def test_a_part_of_a_minute_is_a_whole_one():
    assert expected_wait([61.0] * 3, place=1, agents=1, free_places=0) == 120


def test_it_is_never_no_time_when_nobody_is_free():
    assert expected_wait([0.0] * 3, place=1, agents=1, free_places=0) == 60


def test_one_endless_conversation_says_nothing_about_others():
    assert expected_wait([60.0, 60.0, 86_400.0], place=1, agents=1, free_places=0) == 60


@pytest.mark.parametrize("free_places", [0, 3])
def test_nobody_knows_when_nobody_is_there(free_places):
    assert expected_wait(TEN_MINUTES, place=1, agents=0, free_places=free_places) is None


def test_nobody_knows_from_two_conversations():
    assert expected_wait([600.0, 600.0], place=1, agents=1, free_places=0) is None


@given(handling, places, agents, rooms)
def test_a_wait_is_whole_minutes_and_nothing_only_when_there_is_room(seconds, place, people, room):
    wait = expected_wait(seconds, place, people, room)

    assert wait is not None
    assert wait % 60 == 0
    assert (wait == 0) == (place <= room)


@given(handling, places, agents, rooms)
def test_nobody_behind_is_told_a_shorter_wait(seconds, place, people, room):
    here, behind = (expected_wait(seconds, at, people, room) for at in (place, place + 1))

    assert behind >= here


@given(handling, places, agents, rooms)
def test_another_agent_makes_nobody_wait_longer(seconds, place, people, room):
    before, now = (expected_wait(seconds, place, count, room) for count in (people, people + 1))

    assert now <= before
