"""The contacts of every page and when somebody answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from faq.core.hours import Range, Schedule, closes_at, grouped_week, opens_at
from faq.models import ContactChannel, OpeningRange, SpecialDay, Weekday
from faq.services import content_version

SPECIAL_DAYS_SHOWN = 60


@dataclass(frozen=True)
class HoursLine:
    """One row of the opening hours; `days` is "Monday–Friday" in the current language."""

    first: Weekday
    last: Weekday
    ranges: tuple[Range, ...]

    @property
    def is_every_day(self) -> bool:
        """Whether the row covers the whole week."""
        return self.first == Weekday.MONDAY and self.last == Weekday.SUNDAY


@dataclass(frozen=True)
class Contact:
    """A published channel with its hours."""

    channel: ContactChannel
    schedule: Schedule

    @property
    def kind(self) -> str:
        """Which sort of channel this is."""
        return self.channel.kind

    @property
    def dial(self) -> str:
        """A phone number as a phone dials it."""
        return "".join(c for c in self.channel.value if c.isdigit() or c == "+")

    @property
    def hours(self) -> list[HoursLine]:
        """The week in as few rows as possible, without closed days."""
        lines = [HoursLine(Weekday(a), Weekday(b), ranges) for (a, b), ranges in grouped_week(self.schedule)]
        return [line for line in lines if line.ranges]


@dataclass(frozen=True)
class Availability:
    """Whether a channel is staffed now, and until or from when (in the operator's zone)."""

    is_open: bool
    until: datetime | None
    opens_at: datetime | None


_remembered: tuple[content_version.Version, list[Contact]] | None = None


def site_contacts() -> list[Contact]:
    """The published channels in order; read again only when the content has changed."""
    global _remembered
    version = content_version.known()
    remembered = _remembered
    if remembered is None or remembered[0] != version:
        remembered = (version, _load())
        _remembered = remembered
    return remembered[1]


def forget() -> None:
    """Read the channels anew at the next question (tests)."""
    global _remembered
    _remembered = None


def contact(kind: str) -> Contact | None:
    """The first published channel of a kind."""
    return next((found for found in site_contacts() if found.kind == kind), None)


def availability(found: Contact, now: datetime | None = None) -> Availability:
    """Whether the channel is staffed at `now`."""
    local = timezone.localtime(now).replace(tzinfo=None)
    until = closes_at(found.schedule, local)
    return Availability(until is not None, until, None if until else opens_at(found.schedule, local))


def coming_special_days(today: date | None = None) -> list[SpecialDay]:
    """Holidays and make-up days that a customer should know of soon."""
    today = today or timezone.localdate()
    days = SpecialDay.objects.filter(date__gte=today)
    return [day for day in days if (day.date - today).days <= SPECIAL_DAYS_SHOWN]


def _load() -> list[Contact]:
    special = _special_days()
    own: dict[int | None, dict[int, list[Range]]] = {}
    for row in OpeningRange.objects.all():
        week = own.setdefault(row.channel_id, {})
        week.setdefault(row.weekday, []).append(Range(row.opens, row.closes))
    contacts = []
    for channel in ContactChannel.objects.published():
        week = own.get(channel.pk) or own.get(None, {})
        weekly = {day: tuple(sorted(ranges)) for day, ranges in week.items()}
        contacts.append(Contact(channel, Schedule(weekly, special)))
    return contacts


def _special_days() -> dict[date, tuple[Range, ...]]:
    special: dict[date, tuple[Range, ...]] = {}
    for day in SpecialDay.objects.all():
        ranges = special.get(day.date, ())
        if day.is_working and day.opens and day.closes:
            ranges = (*ranges, Range(day.opens, day.closes))
        special[day.date] = ranges
    return special


def time_zone_name() -> str:
    """The operator's time zone, for customers elsewhere."""
    return str(settings.TIME_ZONE)
