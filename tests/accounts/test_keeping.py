"""How long the traces of signing in are kept, and that what is left of the audit log is still proved."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from chat.services.retention import forget_overdue
from helpcenter.accounts import audit
from helpcenter.accounts.models import AuditCut, AuditEntry

pytestmark = pytest.mark.django_db


def run(statement, *values):
    """What somebody with the database in their hands does."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def log():
    """Three entries of long ago and two of today."""
    for days in (900, 800, 731, 0, 0):
        with time_machine.travel(timezone.now() - timedelta(days=days)):
            audit.record(None, "reveal.email", f"days:{days}")


def numbers():
    return list(AuditEntry.objects.order_by("sequence").values_list("sequence", flat=True))


def test_old_entries_go_and_the_rest_is_still_proved(log, capsys):
    assert forget_overdue()["audit"] == 3

    call_command("audit", "verify")
    assert numbers() == [4, 5]
    assert "2 entries, number 4 to 5" in capsys.readouterr().out
    audit.record(None, "sign_in")
    assert audit.first_broken() is None


def test_the_chain_goes_on_when_every_entry_was_old_enough_to_go(log):
    assert forget_overdue(timezone.now() + timedelta(days=800))["audit"] == 5

    assert audit.first_broken() is None
    assert audit.record(None, "sign_in").sequence == 6
    assert audit.first_broken() is None


def test_only_some_go_at_once_when_many_are_due(log):
    before = timezone.now() - timedelta(days=730)

    assert [audit.cut_off(before, 2), numbers(), audit.cut_off(before, 2), numbers()] == [
        2,
        [3, 4, 5],
        1,
        [4, 5],
    ]
    assert audit.first_broken() is None


def test_the_log_is_kept_for_ever_when_the_setting_says_so(log, settings):
    settings.RETENTION = type(settings.RETENTION)(audit=None)

    assert forget_overdue()["audit"] == 0
    assert numbers() == [1, 2, 3, 4, 5]


def test_more_than_was_due_is_missed_when_somebody_removes_it(log):
    forget_overdue()
    run("DELETE FROM accounts_auditentry WHERE sequence = 4")

    assert audit.first_broken() == audit.Broken(4, "missing")


def test_the_beginning_is_not_moved_by_who_has_the_database_alone(log):
    forget_overdue()
    seal = AuditEntry.objects.get(sequence=4).seal
    run("DELETE FROM accounts_auditentry WHERE sequence = 4")
    run("UPDATE accounts_auditcut SET sequence = 4, seal = %s", seal)

    with pytest.raises(CommandError, match="made up"):
        call_command("audit", "verify")


def test_a_beginning_is_not_made_up_where_nothing_was_removed(log):
    seal = AuditEntry.objects.get(sequence=2).seal
    run("DELETE FROM accounts_auditentry WHERE sequence < 3")
    AuditCut.objects.create(pk=1, sequence=2, seal=seal, proof="0" * 64)

    assert audit.first_broken().sequence == 2


def test_an_entry_that_was_changed_never_goes(log):
    run("UPDATE accounts_auditentry SET target = %s WHERE sequence = 2", "somebody:else")

    assert forget_overdue()["audit"] == 1
    assert numbers() == [2, 3, 4, 5]
    assert audit.first_broken() == audit.Broken(2, "changed")


def test_the_rest_is_proved_when_the_secret_was_renewed(log, settings):
    forget_overdue()
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "n" * 50

    assert audit.first_broken() is None


def signed_in(name, *, days):
    """A line in the list of sessions, of so many days ago."""
    user = get_user_model().objects.create_user(name)
    row = UserSession.objects.create(user=user, ip="192.0.2.1", user_agent="Browser 1", session_key=name)
    UserSession.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=days))


def test_where_somebody_signed_in_from_is_forgotten_after_a_month():
    signed_in("old", days=31)
    signed_in("young", days=29)

    assert forget_overdue()["sign_ins"] == 1
    assert [row.session_key for row in UserSession.objects.all()] == ["young"]


def test_a_sign_in_that_may_be_in_use_keeps_its_line_however_short_addresses_are_kept(settings):
    settings.RETENTION = type(settings.RETENTION)(addresses=timedelta(days=1))
    settings.SIGN_IN_LASTS = timedelta(days=7)
    signed_in("in-use", days=2)

    assert forget_overdue()["sign_ins"] == 0


def test_sessions_go_when_they_are_over():
    now = timezone.now()
    for key, hours in (("over", -1), ("open", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(hours=hours))

    assert forget_overdue()["sessions"] == 1
    assert [session.pk for session in Session.objects.all()] == ["open"]
