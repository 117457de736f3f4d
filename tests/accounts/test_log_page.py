"""The audit log as administrators see it, and what the admin adds to it."""

import pytest
from django.contrib.auth import get_user_model

from faq.models import Synonym
from helpcenter.accounts import audit
from helpcenter.accounts.models import AuditEntry
from tests.chat.cast import group

LOG = "/desk/account/log/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = get_user_model().objects.create_user("admin", password="long-enough-password", is_staff=True)
    user.groups.add(group("Administrators"))
    client.force_login(user)
    return user


def entries(action):
    return list(AuditEntry.objects.filter(action=action).order_by("sequence"))


def test_an_administrator_finds_what_somebody_did(client, administrator):
    audit.record(administrator, "reveal.email", "conversation:K7Q2")
    audit.record(None, "sign_in.failed", address="192.0.2.1")

    page = client.get(LOG, {"who": "ADM", "action": "reveal.email", "from": "2020-01-01"}).content.decode()
    assert "conversation:K7Q2" in page
    assert "192.0.2.1" not in page


@pytest.mark.parametrize("role", ["Agents", "Supervisors", "Editors"])
def test_nobody_else_reads_it(client, role):
    user = get_user_model().objects.create_user("somebody", is_staff=True)
    user.groups.add(group(role))
    client.force_login(user)

    assert client.get(LOG).status_code == 403
    assert client.get(f"{LOG}download/").status_code == 403


def test_older_entries_are_one_page_further(client, administrator):
    for number in range(51):
        audit.record(None, "made", f"thing:{number}")

    assert (
        f"before={AuditEntry.objects.order_by('-sequence')[49].sequence}" in client.get(LOG).content.decode()
    )
    assert "thing:0<" in client.get(LOG, {"before": "2"}).content.decode()


@pytest.mark.parametrize(
    "query", [{"from": "x"}, {"to": "9999-12-31"}, {"before": "9" * 40}, {"who": "\x00"}]
)
def test_nonsense_in_the_filters_is_no_fault(client, administrator, query):
    assert client.get(LOG, query).status_code == 200
    assert client.get(f"{LOG}download/", query).status_code == 200


def test_the_file_holds_no_formulas_and_is_noted(client, administrator):
    audit.record(None, "made", "=HYPERLINK(1)")

    text = b"".join(client.get(f"{LOG}download/")).decode()
    assert "'=HYPERLINK(1)" in text
    assert entries("export.audit_log")[0].actor == administrator


def test_the_admin_notes_what_is_added_changed_and_removed(client, administrator):
    form = {"kind": "expand", "language": "en", "phrases": "plastic", "terms": "card", "is_active": "on"}
    client.post("/admin/faq/synonym/add/", form)
    words = Synonym.objects.latest("pk")
    client.post(f"/admin/faq/synonym/{words.pk}/change/", form | {"terms": "bank card"})
    client.post(
        "/admin/faq/synonym/", {"action": "delete_selected", "_selected_action": words.pk, "post": "yes"}
    )

    done = AuditEntry.objects.filter(target=f"faq.synonym:{words.pk}", actor=administrator).order_by(
        "sequence"
    )
    assert [entry.action for entry in done] == ["admin.added", "admin.changed", "admin.deleted"]
    assert "bank card" not in str([entry.details for entry in done])


def test_roles_are_noted_as_they_were_and_are(client, administrator):
    user = get_user_model().objects.create_user("li.na")
    user.groups.add(group("Agents"))
    form = {"username": "li.na", "groups": [group("Supervisors").pk], "is_active": "on"}
    times = {f"{name}_{part}": "" for name in ("last_login", "date_joined") for part in (0, 1)}
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "10:00:00"}

    response = client.post(f"/admin/auth/user/{user.pk}/change/", form | times | joined)
    assert response.status_code == 302
    details = entries("account.rights")[0].details
    assert (details["before"], details["after"]) == (["Agents"], ["Supervisors"])


def test_a_password_that_an_administrator_sets_is_noted_without_it(client, administrator):
    user = get_user_model().objects.create_user("li.na")
    new = {"password1": "several odd words", "password2": "several odd words", "usable_password": "true"}
    client.post(f"/admin/auth/user/{user.pk}/password/", new)

    noted = entries("admin.changed")[0]
    assert (noted.target, "odd" in str(noted.details)) == (f"auth.user:{user.pk}", False)
    user.refresh_from_db()
    assert user.check_password("several odd words")
