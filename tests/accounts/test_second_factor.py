"""The second factor: enrolling, proving, losing it, and being made to have one."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth import get_user_model
from django.test import Client

from chat.core.terms import CloseCode
from helpcenter.accounts.models import AuditEntry
from tests.chat.cast import group, make_agent
from tests.chat.wire import Wire, meeting

PASSWORD = "long-enough-password"
FACTORS = "/desk/account/second-factor/"
STEP = "/desk/login/second-step/"
NOW = 1_795_000_000


@pytest.fixture
def agent(db):
    user = get_user_model().objects.create_user("wang.fang", password=PASSWORD)
    user.groups.add(group("Agents"))
    return user


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def sign_in(client=None):
    client = client or Client()
    response = client.post("/desk/login/", {"username": "wang.fang", "password": PASSWORD})
    return client, response


def code(secret, at=None):
    return totp.format_hotp_value(totp.hotp_value(secret, int(at or time.time()) // 30))


def enrol(client):
    page = client.get(f"{FACTORS}app/").content.decode()
    secret = re.search(r'class="secret">([A-Z2-7]+)<', page)[1]
    assert client.post(f"{FACTORS}app/", {"code": code(secret)}).status_code == 302
    return secret


@pytest.fixture
def secret(agent, clock):
    """The secret of an agent who has set up an app, a while ago."""
    made = enrol(sign_in()[0])
    clock.shift(300)
    return made


def test_the_password_alone_opens_nothing_when_there_is_an_app(secret):
    client, response = sign_in()

    assert response["Location"] == STEP
    assert client.get("/desk/session/").status_code == 401
    assert client.post(STEP, {"code": code(secret)})["Location"] == "/desk/"
    assert client.get("/desk/session/").status_code == 200


def test_a_wrong_code_opens_nothing_and_is_noted(secret):
    client, _ = sign_in()

    assert client.post(STEP, {"code": "000000"}).status_code == 200
    assert client.get("/desk/session/").status_code == 401
    assert AuditEntry.objects.filter(action="second_factor.failed", actor_name="wang.fang").count() == 1


def test_a_key_that_is_none_is_refused_in_words(secret):
    client, _ = sign_in()
    client.get(STEP)
    page = client.post(STEP, {"credential": "{}"}).content.decode()

    assert re.search(r"data-problem>[^<]+<", page)
    assert client.get("/desk/session/").status_code == 401


def test_a_code_that_was_used_is_refused_even_while_it_is_valid(secret, clock):
    first, _ = sign_in()
    seen = code(secret)
    first.post(STEP, {"code": seen})
    second, _ = sign_in()

    for shift in (0, 29, 20):
        clock.shift(shift)
        assert second.post(STEP, {"code": f"{seen[:3]} {seen[3:]}"}).status_code == 200
    assert second.get("/desk/session/").status_code == 401


def test_a_clock_may_be_half_a_minute_off(secret):
    client, _ = sign_in()

    assert client.post(STEP, {"code": code(secret, NOW + 300 - 30)}).status_code == 302


def test_codes_are_not_guessed_without_end(secret):
    client, _ = sign_in()
    for number in range(5):
        assert client.post(STEP, {"code": f"{number:06}"}).status_code == 200

    response = client.post(STEP, {"code": code(secret)}, headers={"Accept-Language": "en"})
    assert (response.status_code, response["Retry-After"]) == (429, "300")
    assert "Too many tries. You can try again in 5 minutes." in response.content.decode()
    assert client.get("/desk/session/").status_code == 401


def test_the_right_code_opens_again_when_the_time_is_over(secret, clock):
    client, _ = sign_in()
    for number in range(6):
        client.post(STEP, {"code": f"{number:06}"})
    clock.shift(301)

    assert client.post(STEP, {"code": code(secret)}).status_code == 302


def test_recovery_codes_are_not_guessed_without_end(secret, agent):
    recovery = Authenticator.objects.get(user=agent, type="recovery_codes").wrap().get_unused_codes()[0]
    client, _ = sign_in()
    for number in range(5):
        client.post(STEP, {"code": f"{number:08}"})

    assert client.post(STEP, {"code": recovery}).status_code == 429
    assert client.get("/desk/session/").status_code == 401


def test_it_is_said_in_our_words_when_allauth_counts_by_itself(secret, settings):
    settings.CODE_RATES = ("1000/m",)
    client, _ = sign_in()
    for number in range(5):
        client.post(STEP, {"code": f"{number:06}"})

    response = client.post(STEP, {"code": code(secret)}, headers={"Accept-Language": "en"})
    assert (response.status_code, response["Retry-After"]) == (429, "300")
    assert "Too many tries. Wait a few minutes, then try again." in response.content.decode()


def test_codes_are_not_guessed_in_a_session_that_was_left_open(secret):
    client, _ = sign_in()
    client.post(STEP, {"code": code(secret)})
    with time_machine.travel(NOW + 900, tick=False):
        tries = [client.post(f"{FACTORS}confirm/code/", {"code": f"{n:06}"}) for n in range(6)]

    assert [response.status_code for response in tries] == [200] * 5 + [429]
    assert tries[-1]["Retry-After"] == "300"


def test_a_recovery_code_opens_once(secret, agent):
    recovery = Authenticator.objects.get(user=agent, type="recovery_codes").wrap().get_unused_codes()[0]
    first, _ = sign_in()
    assert first.post(STEP, {"code": recovery}).status_code == 302

    second, _ = sign_in()
    assert second.post(STEP, {"code": recovery}).status_code == 200
    assert AuditEntry.objects.filter(action="second_factor.recovery_code_used").count() == 1


def test_secrets_are_unreadable_in_the_database(secret, agent):
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


@pytest.mark.django_db(transaction=True)
def test_sessions_of_before_end_when_a_factor_is_added(agent, clock):
    other, _ = sign_in()
    enrol(sign_in()[0])

    assert other.get("/desk/session/").status_code == 401


def test_a_factor_is_changed_only_after_a_fresh_proof(secret):
    client, _ = sign_in()
    with time_machine.travel(NOW + 300, tick=False) as clock:
        client.post(STEP, {"code": code(secret)})
        clock.shift(301)
        response = client.post(f"{FACTORS}app/remove/")

    assert response["Location"].startswith(f"{FACTORS}confirm/")
    assert Authenticator.objects.filter(type="totp").exists()


def test_passwords_are_not_guessed_in_a_session_that_was_left_open(agent):
    client = Client()
    client.force_login(agent)

    for _ in range(10):
        client.post(f"{FACTORS}confirm/", {"password": "wrong"})
    response = client.post(f"{FACTORS}confirm/", {"password": PASSWORD})
    assert (response.status_code, response["Retry-After"]) == (429, "60")
    assert response.templates[0].name == "429.html"


def test_removing_the_last_factor_removes_the_codes_and_is_noted(secret, agent):
    client, _ = sign_in()
    client.post(STEP, {"code": code(secret)})
    client.post(f"{FACTORS}app/remove/")

    assert not Authenticator.objects.filter(user=agent).exists()
    assert AuditEntry.objects.filter(action="second_factor.removed").count() == 2


def test_new_recovery_codes_replace_the_old(secret, agent):
    client, _ = sign_in()
    client.post(STEP, {"code": code(secret)})
    before = client.get(f"{FACTORS}codes/download/").content
    client.post(f"{FACTORS}codes/new/")

    assert set(client.get(f"{FACTORS}codes/download/").content.split()).isdisjoint(before.split())


@pytest.mark.parametrize("path", ["/desk/", "/admin/", "/admin/faq/article/", "/desk/account/sessions/"])
def test_who_has_none_is_led_to_enrol_when_it_is_compulsory(agent, settings, path):
    settings.REQUIRE_SECOND_FACTOR = True
    client, _ = sign_in()

    assert client.get(path)["Location"] == FACTORS
    assert client.get(FACTORS).status_code == 200


def test_parts_of_the_desk_say_what_is_missing_when_it_is_compulsory(agent, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    client, _ = sign_in()

    for response in (
        client.get("/desk/counts/", headers={"HX-Request": "true"}),
        client.get("/desk/session/", headers={"Accept": "application/json"}),
        client.post("/desk/conversations/00000000-0000-4000-8000-000000000000/take/"),
    ):
        assert (response.status_code, response["X-Signed-Out"]) == (401, "1")
        assert response.json()["error"]["code"] == "second_factor"


@pytest.mark.django_db(transaction=True)
def test_everything_opens_once_it_is_set_up_when_it_is_compulsory(agent, settings, clock):
    settings.REQUIRE_SECOND_FACTOR = True
    client, _ = sign_in()
    enrol(client)

    assert client.get("/desk/session/").status_code == 200


def test_a_session_that_never_showed_the_factor_has_to_when_it_is_compulsory(secret, agent, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    client = Client()
    client.force_login(agent)

    assert client.get("/desk/")["Location"] == f"{FACTORS}confirm/code/?next=%2Fdesk%2F"
    client.post(f"{FACTORS}confirm/code/?next=/desk/", {"code": code(secret)})
    assert client.get("/desk/session/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_socket_refuses_a_session_without_it_when_it_is_compulsory(settings):
    settings.REQUIRE_SECOND_FACTOR = True
    agent = make_agent(online=False)
    client = Client()
    client.force_login(agent.user)

    @meeting
    async def walk():
        wire = Wire("/ws/desk/", cookie=f"sessionid={client.cookies['sessionid'].value}")
        await wire.connect()
        await wire.say("hello", v=1, open=[])
        assert await wire.closed() == CloseCode.NOT_AUTHENTICATED

    walk()
