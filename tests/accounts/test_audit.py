"""The audit log: a chain that shows every change, and holds when many write at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from helpcenter.accounts import audit
from helpcenter.accounts.models import AppendOnly, AuditEntry, AuditHead


def run(statement, *values):
    """What somebody with the database in their hands does."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.fixture
def three(db):
    """Three entries in a row."""
    user = get_user_model().objects.create_user("someone")
    return [audit.record(user, "reveal.email", f"conversation:{n}", fields={"b", "a"}) for n in range(3)]


def test_the_chain_holds_when_nobody_touched_it(three, capsys):
    call_command("audit", "verify")

    assert "3 entries" in capsys.readouterr().out
    assert three[1].previous == three[0].seal
    assert AuditEntry.objects.get(sequence=1).details == {"fields": ["a", "b"]}


@pytest.mark.parametrize(
    "column, value",
    [("action", "sign_in"), ("actor_name", "else"), ("at", "2020-01-01 00:00:00+00:00"), ("details", "{}")],
)
def test_a_changed_row_is_found(three, column, value):
    run(f"UPDATE accounts_auditentry SET {column} = %s WHERE sequence = 2", value)

    assert audit.first_broken() == audit.Broken(2, "changed")
    with pytest.raises(CommandError, match="Entry 2"):
        call_command("audit", "verify")


@pytest.mark.parametrize("sequence", [1, 2, 3])
def test_a_removed_row_is_found_when_it_was_the_last_too(three, sequence):
    run("DELETE FROM accounts_auditentry WHERE sequence = %s", sequence)

    assert audit.first_broken() == audit.Broken(sequence, "missing")


def test_an_entry_sealed_without_the_secret_is_found(three, settings):
    entry = AuditEntry.objects.get(sequence=3)
    entry.action = "made.up"
    run(
        "UPDATE accounts_auditentry SET action = %s, seal = %s WHERE sequence = 3",
        "made.up",
        audit.seal_of(entry, "another-secret"),
    )

    assert audit.first_broken() == audit.Broken(3, "changed")


def test_the_chain_holds_when_the_secret_was_renewed(three, settings):
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "n" * 50
    audit.record(None, "settings.changed")

    assert audit.first_broken() is None


def test_the_program_itself_changes_and_removes_nothing(three):
    entry = AuditEntry.objects.get(sequence=2)
    for attempt in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(action=""),
        lambda: AuditEntry.objects.bulk_create([]),
    ):
        with pytest.raises(AppendOnly):
            attempt()
    assert audit.first_broken() is None


def test_an_account_that_is_removed_leaves_its_name(three):
    get_user_model().objects.all().delete()

    assert AuditEntry.objects.filter(actor_name="someone").count() == 3
    assert audit.first_broken() is None


def test_an_entry_is_lost_with_what_it_tells_of(three):
    with transaction.atomic():
        audit.record(None, "delete", "conversation:1")
        transaction.set_rollback(True)

    assert AuditHead.objects.get().sequence == 3
    assert audit.first_broken() is None


def _add(number):
    try:
        return audit.record(None, "sign_in.failed", f"account:{number}").sequence
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_make_one_chain():
    with ThreadPoolExecutor(6) as pool:
        numbers = sorted(pool.map(_add, range(30)))

    assert numbers == list(range(1, 31))
    assert audit.first_broken() is None
