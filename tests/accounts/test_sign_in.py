"""Signing in: one way in for desk and admin, and guessing that costs the guesser, not the owner."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from helpcenter.accounts.models import AuditEntry
from tests.chat.cast import group

PASSWORD = "long-enough-password"
LOGIN = "/desk/login/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    user = get_user_model().objects.create_user("wang.fang", password=PASSWORD)
    user.groups.add(group("Agents"))
    return user


def attempt(client=None, password=PASSWORD, username="wang.fang", address="10.0.0.1", **more):
    form = {"username": username, "password": password} | more
    return (client or Client()).post(LOGIN, form, REMOTE_ADDR=address)


def guess(times, **where):
    return [attempt(password=f"wrong-{n}", **where).status_code for n in range(times)]


def test_the_desk_opens_when_name_and_password_belong_together(agent, client):
    response = attempt(client)

    assert (response.status_code, response["Location"]) == (302, "/desk/")
    assert client.get("/desk/session/").status_code == 200
    assert AuditEntry.objects.get(action="sign_in").actor_name == "wang.fang"


def test_a_wrong_name_is_told_the_same_as_a_wrong_password(agent):
    known = attempt(password="wrong").content.decode().replace("wang.fang", "?")
    unknown = attempt(username="li.na", password="wrong").content.decode().replace("li.na", "?")

    shown = [[line for line in page.splitlines() if "csrf" not in line] for page in (known, unknown)]
    assert shown[0] == shown[1]
    assert AuditEntry.objects.filter(action="sign_in.failed", actor_name="").count() == 2


def test_who_guesses_has_to_wait_and_is_told_how_long(agent):
    assert guess(5) == [200] * 5

    response = attempt()
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 60
    assert AuditEntry.objects.filter(action="sign_in").count() == 0


def test_guessing_elsewhere_locks_nobody_out(agent):
    for host in range(8):
        guess(6, address=f"203.0.113.{host}")

    assert attempt(address="10.0.0.1").status_code == 302


def test_the_owners_browser_gets_in_while_somebody_guesses_behind_the_same_address(agent):
    owner = Client()
    attempt(owner)
    owner.post("/desk/logout/")
    assert guess(6)[-1] == 429

    assert attempt(owner).status_code == 302


def test_a_known_browser_may_not_guess_without_end(agent):
    owner = Client()
    attempt(owner)
    owner.post("/desk/logout/")

    tries = [attempt(owner, password=f"wrong-{n}").status_code for n in range(6)]
    assert tries == [200] * 5 + [429]


def test_a_made_up_device_counts_for_nothing(agent):
    client = Client()
    client.cookies["topay_device"] = "eyJpZCI6ImEiLCJvZiI6W119:made:up"
    tries = [attempt(client, password=f"wrong-{n}").status_code for n in range(6)]

    assert tries[-1] == 429


def test_one_address_that_tries_every_name_reaches_a_ceiling(agent, settings):
    settings.SIGN_IN_ADDRESS_RATE = "7/15m"
    tries = [attempt(username=f"name-{n}", password="wrong").status_code for n in range(8)]

    assert tries == [200] * 7 + [429]


def test_names_that_differ_in_case_share_a_counter(agent):
    for name in ("wang.fang", "Wang.Fang", "WANG.FANG", " wang.fang ", "wang.fanG"):
        attempt(username=name, password="wrong")

    assert attempt().status_code == 429


def test_the_way_back_leads_only_to_our_own_pages(agent):
    assert attempt(next="/desk/?c=1")["Location"] == "/desk/?c=1"
    assert attempt(next="https://evil.example/")["Location"] == "/desk/"
    assert attempt(next="//evil.example/")["Location"] == "/desk/"


def test_an_account_that_is_switched_off_is_told_nothing_more(agent):
    agent.is_active = False
    agent.save()

    response = attempt()
    assert response.status_code == 200
    assert "_auth_user_id" not in response.client.session


@pytest.mark.parametrize(
    "form", [{}, {"username": "a\x00b", "password": "x"}, {"username": "x" * 9000, "password": ""}]
)
def test_nonsense_is_answered_by_the_form(form):
    assert Client().post(LOGIN, form).status_code == 200


def test_the_admin_has_no_door_of_its_own(agent, client):
    response = client.get("/admin/faq/article/", follow=True)

    assert response.redirect_chain[-1][0].startswith("/desk/login/?next=")
    assert response.templates[0].name == "accounts/sign_in.html"


def test_signing_out_ends_the_session_and_is_noted(agent, client):
    attempt(client)
    client.post("/desk/logout/")

    response = client.get("/desk/counts/")
    assert (response.status_code, response["X-Signed-Out"]) == (401, "1")
    assert AuditEntry.objects.filter(action="sign_out").exists()
