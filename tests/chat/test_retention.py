"""What is kept for how long, and what is forgotten on demand."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from chat.core.retention import Kept
from chat.core.terms import State
from chat.models import Attachment, Block, Conversation, EmailAlert, Event, Visitor
from chat.services import erasure
from chat.services.append import append
from chat.services.erasure import erase, erase_again
from chat.services.personal_data import export, find_visitors
from chat.services.retention import forget_overdue
from helpcenter.accounts.models import AuditEntry
from tests.chat.cast import draft, make_agent, make_conversation

SECRET = "words-that-only-this-customer-wrote"


def days(count):
    return timezone.now() - timedelta(days=count)


def make_file(conversation, *, seq=1, created_at=None):
    path = default_storage.save("attachments/te/test", ContentFile(b"bytes"))
    return Attachment.objects.create(
        conversation=conversation,
        seq=seq,
        name="receipt.txt",
        size=5,
        media_type="text/plain",
        sha256="0" * 64,
        path=path,
        created_at=created_at or timezone.now(),
    )


def test_closed_conversations_go_with_their_files_when_their_time_is_over(db):
    old = make_conversation(State.CLOSED, closed_at=days(181))
    young = make_conversation(State.CLOSED, closed_at=days(179))
    file = make_file(old)

    assert forget_overdue()["conversations"] == 1
    assert list(Conversation.objects.all()) == [young]
    assert list(Visitor.objects.all()) == [young.visitor]
    assert not default_storage.exists(file.path)


def test_open_conversations_stay_however_old_they_are(db):
    make_conversation(created_at=days(400), changed_at=days(400))

    assert forget_overdue()["conversations"] == 0


def test_files_go_before_their_conversation(db):
    conversation = make_conversation(State.CLOSED, closed_at=days(91))
    old, young = make_file(conversation, created_at=days(91)), make_file(conversation, created_at=days(89))

    assert forget_overdue()["attachments"] == 1
    assert list(Attachment.objects.all()) == [young]
    assert not default_storage.exists(old.path)


def test_browsers_are_forgotten_after_a_month(db):
    conversation = make_conversation(State.CLOSED, closed_at=days(31))
    Visitor.objects.update(browser="Some Browser 1.0", created_at=days(31))

    assert forget_overdue()["addresses"] == 1
    conversation.visitor.refresh_from_db()
    assert conversation.visitor.browser == ""


def test_what_a_block_knows_its_browser_by_goes_when_it_is_long_over(db):
    conversation = make_conversation()
    for ended, name in ((31, "over"), (29, "young"), (-1, "blocked")):
        Block.objects.create(visitor=conversation.visitor, client_key=name, ends_at=days(ended))

    forget_overdue()

    assert set(Block.objects.values_list("client_key", flat=True)) == {"", "young", "blocked"}


def test_nothing_goes_when_it_is_kept_for_ever(db, settings):
    settings.RETENTION = Kept(None, None, None, None)
    make_file(make_conversation(State.CLOSED, closed_at=days(4000)), created_at=days(4000))

    assert set(forget_overdue().values()) == {0}


@pytest.fixture
def customer(transactional_db, settings, tmp_path):
    """A conversation with everything that can be known about somebody."""
    settings.MEDIA_ROOT = tmp_path
    agent = make_agent()
    conversation = make_conversation(
        agent=agent, name="Some Customer", page=f"/en/{SECRET}", fields={"time": SECRET}
    )
    Visitor.objects.update(
        email="customer@example.com", browser=SECRET, subject="user-1", issuer="app", client_key=SECRET
    )
    block = {"reason": SECRET, "client_key": SECRET, "ends_at": timezone.now()}
    Block.objects.create(visitor=conversation.visitor, **block)
    append(draft(conversation, SECRET))
    append(draft(conversation, f"again {SECRET}"))
    make_file(conversation)
    conversation.refresh_from_db()
    return conversation


def everything_stored():
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            yield from (str(row) for row in cursor.fetchall())


def test_nothing_of_a_person_is_left_when_they_are_erased(customer):
    (file,) = Attachment.objects.all()
    seq = customer.seq

    erased = erase([customer.visitor])

    assert (erased.conversations, erased.texts, erased.files) == (1, 2, 1)
    wanted = re.compile(f"{SECRET}|Some Customer|customer@example.com|user-1")
    assert [row for row in everything_stored() if wanted.search(row)] == []
    assert not default_storage.exists(file.path)
    customer.refresh_from_db()
    # Its end, and that both texts were taken back.
    assert (customer.state, customer.seq) == (State.CLOSED, seq + 3)


def test_open_screens_are_told_which_texts_went(customer):
    erase([customer.visitor])

    said = Event.objects.filter(conversation=customer, kind="redacted").order_by("seq")
    assert [event.data for event in said] == [
        {"target": number, "target_pub": number, "reason": "erased"} for number in (1, 2)
    ]


def test_nothing_is_said_twice_when_somebody_is_erased_twice(customer):
    erase([customer.visitor])
    customer.refresh_from_db()
    erase([customer.visitor])

    assert Conversation.objects.get().seq == customer.seq


def test_whoever_was_erased_is_erased_again_after_a_restore(customer):
    kept = Event.objects.filter(conversation=customer, text__contains=SECRET).values_list("text", flat=True)
    before = list(kept)
    erase([customer.visitor])
    # What a restore brings back.
    Event.objects.filter(conversation=customer, kind="message").update(text=before[0], data={})

    erase_again()

    assert not Event.objects.filter(text__contains=SECRET).exists()


def test_the_list_of_the_erased_holds_keys_and_nothing_else(customer):
    erase([customer.visitor])

    (line,) = erasure.ledger_path().read_text().splitlines()
    assert json.loads(line).keys() == {"at", "visitor"}
    assert json.loads(line)["visitor"] == str(customer.visitor.key)


def test_a_person_gets_everything_that_is_kept_about_them(customer):
    EmailAlert.objects.create(conversation=customer, email="other@example.com", asked_at=timezone.now())
    archive = zipfile.ZipFile(io.BytesIO(export(find_visitors(email="CUSTOMER@example.com"))))

    (data,) = json.loads(archive.read("data.json"))
    texts = [event["text"] for event in data["conversations"][0]["events"]]
    assert data["name"] == "Some Customer"
    assert data["blocks"][0]["reason"] == SECRET
    assert data["conversations"][0]["email_alert"]["email"] == "other@example.com"
    assert f"again {SECRET}" in texts
    assert [archive.read(name) for name in archive.namelist() if name.startswith("files/")] == [b"bytes"]


@pytest.mark.parametrize("whose", [["--email", "nobody@example.com"], ["--visitor", "no-key"]])
def test_a_command_says_so_when_nobody_fits(db, whose):
    with pytest.raises(CommandError, match="Nobody fits"):
        call_command("erase_person", *whose, "--yes")


def test_commands_export_and_erase_by_reference(customer, tmp_path, capsys):
    target = tmp_path / "export.zip"

    call_command("export_person", "--reference", customer.reference, str(target))
    call_command("erase_person", "--reference", customer.reference, "--yes")

    assert zipfile.is_zipfile(target)
    assert target.stat().st_mode & 0o077 == 0
    assert "2 text(s), 1 file(s)" in capsys.readouterr().out
    target = f"visitor:{customer.visitor.key}"
    assert list(
        AuditEntry.objects.filter(target=target).order_by("sequence").values_list("action", flat=True)
    ) == [
        "export.person",
        "erase.person",
    ]
