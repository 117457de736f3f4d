"""What has to be in the audit log is in it: settings, roles, exports, deletions, whoever did them and wherever."""

import errno
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone

from chat.models import Block
from faq.models import ContactChannel, OpeningRange, Translation
from faq.services.publishing import Text, save_text
from helpcenter.accounts import audit
from helpcenter.accounts.models import AuditEntry
from helpcenter.keep.archive import Manifest
from helpcenter.keep.restoring import Restored
from tests.chat.cast import group, make_agent, make_conversation
from tests.forms import form_fields

pytestmark = pytest.mark.django_db
GOOD = "several odd words"


def entry(action):
    """The one entry with this action."""
    return AuditEntry.objects.get(action=action)


@pytest.fixture
def administrator(client):
    user = get_user_model().objects.create_user("admin", password="long-enough-password", is_staff=True)
    user.groups.add(group("Administrators"))
    client.force_login(user)
    return user


def test_changed_contacts_and_hours_are_noted(client, administrator):
    phone = ContactChannel.objects.get(kind="phone")
    url = f"/admin/faq/contactchannel/{phone.pk}/change/"
    data = form_fields(client.get(url).content.decode(), "contactchannel_form")
    total = int(data["opening_ranges-TOTAL_FORMS"])
    hours = {"weekday": "6", "opens": "10:00", "closes": "12:00"}
    data |= {f"opening_ranges-{total}-{name}": value for name, value in hours.items()}
    client.post(url, data | {"opening_ranges-TOTAL_FORMS": total + 1, "value": "400-000-1111"})

    noted = entry("admin.changed")
    assert (noted.actor, noted.target) == (administrator, f"faq.contactchannel:{phone.pk}")
    assert len(noted.details["fields"]) == 2
    assert "400-000-1111" not in str(noted.details)


def test_changed_hours_of_all_channels_are_noted(client, administrator):
    hours = OpeningRange.objects.filter(channel=None).first()
    url = f"/admin/faq/openingrange/{hours.pk}/"
    data = form_fields(client.get(f"{url}change/").content.decode(), "openingrange_form")
    client.post(f"{url}change/", data | {"opens": "07:07"})
    client.post(f"{url}delete/", {"post": "yes"})

    for action in ("admin.changed", "admin.deleted"):
        assert entry(action).target == f"faq.openingrange:{hours.pk}"


def test_a_new_account_is_noted_with_its_rights(client, administrator):
    new = {"username": "li.na", "password1": GOOD, "password2": GOOD, "usable_password": "true"}
    client.post("/admin/auth/user/add/", new)

    user = get_user_model().objects.get(username="li.na")
    assert entry("admin.added").target == f"auth.user:{user.pk}"
    assert GOOD not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_changed_permissions_of_a_role_are_noted(client, administrator):
    agents = group("Agents")
    client.post(f"/admin/auth/group/{agents.pk}/change/", {"name": "Agents", "permissions": []})

    assert entry("role.permissions").details == {"added": [], "removed": ["chat.answer"]}


def test_a_text_brought_back_is_noted(client, administrator):
    text = Translation.objects.get(article__slug="two-factor", language="en")
    save_text(text, replace(Text.of(text), title="Another title"))
    client.post(f"/admin/faq/translation/{text.pk}/revisions/1/restore/")

    noted = entry("admin.changed")
    assert (noted.target, noted.details) == (f"faq.translation:{text.pk}", {"fields": ["restored"]})


def test_a_block_lifted_in_the_admin_is_noted(client, administrator):
    conversation = make_conversation(agent=make_agent())
    made = Block.objects.create(visitor=conversation.visitor, ends_at=timezone.now() + timedelta(days=1))
    client.post("/admin/chat/block/", {"action": "lift", "_selected_action": made.pk})

    noted = entry("admin.changed")
    assert (noted.target, noted.details) == (f"chat.block:{made.pk}", {"fields": ["lift_block"]})


def test_a_password_that_is_changed_at_the_console_is_noted(administrator, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda prompt: GOOD)
    call_command("changepassword", "admin")

    noted = entry("password.changed")
    assert (noted.actor, noted.target) == (None, f"account:{administrator.pk}")
    assert noted.details["name"] == "admin"
    assert noted.details["console"]
    administrator.refresh_from_db()
    assert administrator.check_password(GOOD)


def test_a_password_that_was_refused_is_not_noted_as_changed(administrator, monkeypatch):
    monkeypatch.setattr("getpass.getpass", lambda prompt: "short")
    with pytest.raises(CommandError):
        call_command("changepassword", "admin")

    assert not AuditEntry.objects.filter(action="password.changed").exists()


def test_an_administrator_who_is_made_at_the_console_is_noted(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", GOOD)
    call_command("createsuperuser", "--no-input", "--username", "root2", "--email", "", verbosity=0)

    user = get_user_model().objects.get(username="root2")
    assert entry("account.added").target == f"account:{user.pk}"
    assert entry("account.added").details["is_superuser"] is True


def test_demo_accounts_are_noted_when_they_get_a_password(capsys):
    call_command("demo_accounts")
    call_command("demo_accounts")

    assert AuditEntry.objects.filter(action="account.demo").count() == 4


def test_a_machine_without_names_is_no_reason_to_fail(monkeypatch):
    def nobody():
        raise KeyError("uid not found")

    monkeypatch.setattr("getpass.getuser", nobody)

    assert audit.record_console("export.backup", "a.tar.gz").details["console"].isdigit()


def test_a_restore_says_how_far_the_log_went_that_it_replaced(monkeypatch, tmp_path, capsys):
    audit.record(None, "sign_in")
    manifest = Manifest(1, "2026-01-31T08:15:30Z", "sqlite", "e1", {})
    done = Restored(manifest, conversations=0, events=0, files=0, erased=0)
    monkeypatch.setattr("helpcenter.management.commands.restore.restore", lambda source: done)
    call_command("restore", str(tmp_path / "one.tar.gz"), "--yes")

    details = entry("restore.backup").details
    assert (details["made_at"], details["log_before"]) == ("2026-01-31T08:15:30Z", 1)


def test_nothing_is_left_of_an_export_that_found_no_room(monkeypatch, tmp_path):
    def full(visitors):
        raise OSError(errno.ENOSPC, "No space left on device")

    conversation, target = make_conversation(), tmp_path / "export.zip"
    monkeypatch.setattr("helpcenter.management.commands.export_person.export", full)
    with pytest.raises(CommandError, match="No space left"):
        call_command("export_person", "--reference", conversation.reference, str(target))

    assert not target.exists()
    assert not AuditEntry.objects.filter(action="export.person").exists()
