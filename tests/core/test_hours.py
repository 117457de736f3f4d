from datetime import date, datetime, time

import pytest

from faq.core.hours import Range, Schedule, closes_at, grouped_week, is_open, opens_at

DAY = Range(time(9), time(18))
NIGHT = Range(time(20), time(2))
WEEK = Schedule({0: (Range(time(9), time(12)), Range(time(14), time(18))), 4: (NIGHT,)})
MONDAY, TUESDAY, FRIDAY, SATURDAY = (date(2026, 11, day) for day in (23, 24, 27, 28))


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute))


@pytest.mark.parametrize(
    "moment, expected",
    [
        (at(MONDAY, 8, 59), False),
        (at(MONDAY, 9), True),
        (at(MONDAY, 11, 59), True),
        (at(MONDAY, 12), False),
        (at(MONDAY, 13), False),
        (at(MONDAY, 14), True),
        (at(MONDAY, 18), False),
        (at(TUESDAY, 10), False),
        (at(FRIDAY, 23), True),
        (at(SATURDAY, 1, 59), True),
        (at(SATURDAY, 2), False),
    ],
)
def test_open_only_within_a_range_when_days_have_several_or_pass_midnight(moment, expected):
    assert is_open(WEEK, moment) is expected


def test_closing_time_is_on_the_next_day_when_the_range_passes_midnight():
    assert closes_at(WEEK, at(FRIDAY, 21)) == at(SATURDAY, 2)


def test_next_opening_is_later_today_when_there_is_a_break():
    assert opens_at(WEEK, at(MONDAY, 12, 30)) == at(MONDAY, 14)


def test_next_opening_is_on_another_day_when_today_is_over():
    assert opens_at(WEEK, at(MONDAY, 19)) == at(FRIDAY, 20)


def test_never_opens_when_there_are_no_hours():
    assert opens_at(Schedule(), at(MONDAY, 9)) is None


def test_closed_when_a_holiday_replaces_the_weekday():
    schedule = Schedule(WEEK.weekly, {MONDAY: ()})

    assert not is_open(schedule, at(MONDAY, 10))
    assert opens_at(schedule, at(MONDAY, 8)) == at(FRIDAY, 20)


def test_open_when_a_day_off_is_worked_instead():
    schedule = Schedule(WEEK.weekly, {SATURDAY: (DAY,)})

    assert is_open(schedule, at(SATURDAY, 10))


def test_closed_after_midnight_when_the_evening_before_was_a_holiday():
    schedule = Schedule(WEEK.weekly, {FRIDAY: ()})

    assert not is_open(schedule, at(SATURDAY, 1))


def test_a_range_of_a_whole_day_when_it_ends_where_it_starts():
    assert is_open(Schedule({0: (Range(time(0), time(0)),)}), at(MONDAY, 23, 59))


def test_days_with_the_same_hours_are_one_row():
    schedule = Schedule(dict.fromkeys(range(5), (DAY,)))

    assert grouped_week(schedule) == [((0, 4), (DAY,)), ((5, 6), ())]
