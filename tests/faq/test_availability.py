"""Whether somebody answers now, in the operator's time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from faq.models import OpeningRange, SpecialDay

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
SHANGHAI = ZoneInfo("Asia/Shanghai")
ADDRESS = "/en/contact/now/"


def at(*moment: int):
    return time_machine.travel(datetime(*moment, tzinfo=SHANGHAI), tick=False)


def shown(visitor) -> str:
    return visitor.get(ADDRESS).content.decode()


def test_agents_are_on_duty_during_the_hours(visitor):
    with at(2026, 11, 23, 10, 0):
        assert "on duty until 22:00" in shown(visitor)


def test_the_next_opening_is_named_outside_the_hours(visitor):
    with at(2026, 11, 23, 23, 0):
        assert "November 24 at 09:00" in shown(visitor)


def test_a_holiday_is_skipped(visitor):
    with at(2027, 1, 1, 10, 0):
        text = shown(visitor)

    assert "on duty" not in text
    assert "January 2" in text


def test_a_message_is_offered_when_there_are_no_hours(visitor):
    OpeningRange.objects.all().delete()
    SpecialDay.objects.all().delete()

    assert "Leave a message" in shown(visitor)


def test_the_answer_is_never_kept_by_anybody(visitor):
    assert "no-store" in visitor.get(ADDRESS)["Cache-Control"]
