"""Who is there, by what they chose and by their lease."""

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.core.presence import Timings, has_gone, is_present, next_misses
from chat.core.terms import BEAT_SECONDS, Status

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_an_online_agent_with_a_live_lease_is_present():
    assert is_present(Status.ONLINE, NOON + SECOND, NOON)


@pytest.mark.parametrize("status", [Status.AWAY, Status.OFFLINE])
def test_who_chose_not_to_be_there_is_not(status):
    assert not is_present(status, NOON + SECOND, NOON)


@pytest.mark.parametrize("expires", [None, NOON, NOON - SECOND])
def test_nobody_is_present_without_a_live_lease(expires):
    assert not is_present(Status.ONLINE, expires, NOON)


@pytest.mark.parametrize(("seconds", "gone"), [(-10, False), (0, False), (29, False), (30, True), (99, True)])
def test_an_agent_has_gone_half_a_minute_after_their_lease(seconds, gone):
    assert has_gone(NOON - seconds * SECOND, NOON, Timings().requeue_after) is gone


def test_who_never_opened_a_desk_has_gone():
    assert has_gone(None, NOON, Timings().requeue_after)


def test_a_closed_laptop_gives_conversations_back_in_time():
    times = Timings()

    assert times.lease < timedelta(minutes=1)
    assert times.lease + times.requeue_after <= 105 * SECOND


def test_one_lost_beat_loses_no_lease():
    times = Timings()

    assert times.beat == BEAT_SECONDS * SECOND
    assert times.lease > 2 * times.beat


def test_a_conversation_is_warned_before_it_is_closed():
    assert Timings().idle_warning < Timings().idle_close


def test_each_time_is_a_setting_that_nobody_changes_later():
    times = replace(Timings(), offer=5 * SECOND)

    assert (times.offer, times.lease) == (5 * SECOND, Timings().lease)
    with pytest.raises(FrozenInstanceError):
        times.offer = SECOND


def test_the_second_miss_in_a_row_sets_away_and_counts_anew():
    assert next_misses(0) == (1, False)
    assert next_misses(1) == (0, True)


@given(st.integers(-3600, 3600))
def test_who_is_present_has_never_gone(seconds):
    expires = NOON + seconds * SECOND

    present = is_present(Status.ONLINE, expires, NOON)

    assert not (present and has_gone(expires, NOON, Timings().requeue_after))
