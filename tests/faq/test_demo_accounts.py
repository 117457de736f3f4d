"""`manage.py demo_accounts`: logins for the demo, never with a password that everybody knows."""

from io import StringIO

import pytest
from django.conf import settings
from django.contrib.auth import authenticate, get_user_model
from django.core.management import call_command

pytestmark = pytest.mark.django_db
NAMES = ["agent1", "agent2", "editor1", "supervisor1"]


@pytest.fixture
def run(monkeypatch):
    """Runs the command, with or without HELPCENTER_DEMO_PASSWORD, and gives what it prints."""

    def call(password: str = "", *arguments: str) -> str:
        out = StringIO()
        monkeypatch.setattr(settings, "ENV", Values(password))
        call_command("demo_accounts", *arguments, stdout=out)
        return out.getvalue()

    return call


class Values:
    """The part of the environment that the command reads."""

    def __init__(self, demo_password: str) -> None:
        self.demo_password = demo_password


def printed_password(out: str) -> str:
    (line,) = [line for line in out.splitlines() if line.startswith("password")]
    return line.split()[1]


def test_a_random_password_is_printed_once_and_works(run):
    out = run()

    password = printed_password(out)
    assert len(password) >= 16
    assert out.count(password) == 1
    assert all(authenticate(username=name, password=password) for name in NAMES)


def test_two_installations_get_different_passwords(run):
    first = printed_password(run())
    get_user_model().objects.all().delete()

    assert printed_password(run()) != first


def test_the_password_of_the_environment_is_used_and_not_printed(run):
    out = run("from-the-environment")

    assert "from-the-environment" not in out
    assert authenticate(username="editor1", password="from-the-environment")


def test_a_second_run_leaves_the_accounts_alone(run):
    run("first-password-here")
    get_user_model().objects.get(username="agent1").groups.clear()

    out = run("second-password-here")

    assert out.count("password unchanged") == 4
    assert authenticate(username="agent1", password="first-password-here")
    assert not get_user_model().objects.get(username="agent1").groups.exists()


def test_a_new_password_is_given_when_asked_for(run):
    run("first-password-here")

    run("second-password-here", "--new-password")

    assert authenticate(username="agent1", password="second-password-here")


def test_only_editors_and_supervisors_enter_the_admin(run):
    run()

    staff = get_user_model().objects.filter(is_staff=True).order_by("username")
    assert [user.username for user in staff] == ["editor1", "supervisor1"]
    assert not get_user_model().objects.filter(is_superuser=True).exists()


def test_each_account_has_its_role(run):
    run()

    users = get_user_model().objects.order_by("username")
    assert [user.username for user in users] == NAMES
    assert [user.groups.get().name for user in users] == ["Agents", "Agents", "Editors", "Supervisors"]
