"""Opening hours: several ranges a day, past midnight, holidays and make-up working days. No clock, no Django.

Every moment that comes in is local time of the operator's zone, without a zone of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

LOOK_AHEAD_DAYS = 60


@dataclass(frozen=True, order=True)
class Range:
    """Open from `opens` until `closes`; a closing time not after the opening one is on the next day."""

    opens: time
    closes: time

    def on(self, day: date) -> tuple[datetime, datetime]:
        """Start and end as moments for a range that starts on `day`."""
        start = datetime.combine(day, self.opens)
        end = datetime.combine(day, self.closes)
        return start, end if end > start else end + timedelta(days=1)


@dataclass(frozen=True)
class Schedule:
    """Ranges for each weekday (0 is Monday) and for the days that differ from their weekday."""

    weekly: Mapping[int, tuple[Range, ...]] = field(default_factory=dict)
    special: Mapping[date, tuple[Range, ...]] = field(default_factory=dict)

    def ranges_of(self, day: date) -> tuple[Range, ...]:
        """The ranges that start on `day`; none means closed."""
        if day in self.special:
            return self.special[day]
        return self.weekly.get(day.weekday(), ())


def is_open(schedule: Schedule, moment: datetime) -> bool:
    """Whether somebody is there at `moment`."""
    return closes_at(schedule, moment) is not None


def closes_at(schedule: Schedule, moment: datetime) -> datetime | None:
    """When the hours running at `moment` end; None while closed."""
    for day in (moment.date() - timedelta(days=1), moment.date()):
        for opening in schedule.ranges_of(day):
            start, end = opening.on(day)
            if start <= moment < end:
                return end
    return None


def opens_at(schedule: Schedule, moment: datetime) -> datetime | None:
    """The next start of opening hours after `moment`; None when there is none within two months."""
    for offset in range(LOOK_AHEAD_DAYS):
        day = moment.date() + timedelta(days=offset)
        starts = [opening.on(day)[0] for opening in schedule.ranges_of(day)]
        later = [start for start in starts if start > moment]
        if later:
            return min(later)
    return None


def grouped_week(schedule: Schedule) -> list[tuple[tuple[int, int], tuple[Range, ...]]]:
    """Runs of weekdays with the same hours, as ((first, last), ranges), for a short table."""
    groups: list[tuple[tuple[int, int], tuple[Range, ...]]] = []
    for weekday in range(7):
        ranges = tuple(sorted(schedule.weekly.get(weekday, ())))
        if groups and groups[-1][1] == ranges:
            groups[-1] = ((groups[-1][0][0], weekday), ranges)
        else:
            groups.append(((weekday, weekday), ranges))
    return groups
