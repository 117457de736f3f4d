"""Sessions: how long they last, which there are, and ending them with their sockets."""

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone

from chat.core.terms import CloseCode
from chat.sockets import desk
from helpcenter.accounts.devices import shortened
from helpcenter.accounts.models import AuditEntry
from tests.chat.cast import make_agent
from tests.chat.wire import Wire, in_thread, meeting

PASSWORD = "/desk/account/password/"
LIST = "/desk/account/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def signed_in(user, agent=""):
    client = Client()
    client.force_login(user)
    row = UserSession.objects.filter(session_key=client.session.session_key)
    assert row.update(user_agent=agent, ip="127.0.0.1") == 1
    return client


@pytest.fixture
def agent(db):
    return make_agent(online=False)


@pytest.mark.parametrize("away, status", [(timedelta(minutes=119), 200), (timedelta(minutes=121), 401)])
def test_a_session_ends_when_nobody_was_there_for_long(agent, away, status):
    client = signed_in(agent.user)

    with time_machine.travel(timezone.now() + away, tick=False):
        assert client.get("/desk/session/").status_code == status


def test_a_session_ends_after_a_working_day_however_busy_it_was(agent):
    client, start = signed_in(agent.user), timezone.now()

    answers = []
    for hour in range(1, 13):
        with time_machine.travel(start + timedelta(hours=hour), tick=False):
            answers.append(client.get("/desk/session/").status_code)
    assert answers == [200] * 11 + [401]


def test_the_desk_is_told_that_it_is_signed_out(agent):
    client = signed_in(agent.user)

    with time_machine.travel(timezone.now() + timedelta(hours=3), tick=False):
        response = client.get("/desk/counts/", headers={"HX-Request": "true"})
    assert (response.status_code, response["X-Signed-Out"]) == (401, "1")
    assert AuditEntry.objects.filter(action="sign_out.idle").count() == 1


def test_the_list_names_browser_and_place(agent):
    client = signed_in(agent.user, FIREFOX)

    page = client.get(LIST).content.decode()
    assert "Firefox · Windows" in page
    assert "127.0.0.…" in page


def test_ending_another_session_ends_that_one_only(agent):
    here, there = signed_in(agent.user), signed_in(agent.user, FIREFOX)
    row = UserSession.objects.get(user_agent=FIREFOX)

    here.post(f"{LIST}{row.pk}/end/")
    assert there.get("/desk/session/").status_code == 401
    assert here.get("/desk/session/").status_code == 200


def test_ending_all_others_keeps_this_one(agent):
    here, others = signed_in(agent.user), [signed_in(agent.user), signed_in(agent.user)]

    here.post(f"{LIST}others/end/")
    assert [client.get("/desk/session/").status_code for client in others] == [401, 401]
    assert here.get("/desk/session/").status_code == 200


def test_somebody_elses_session_is_out_of_reach(agent):
    stranger = signed_in(make_agent(online=False).user)
    mine = signed_in(agent.user)
    row = UserSession.objects.get(user=agent.user)

    assert stranger.post(f"{LIST}{row.pk}/end/").status_code == 404
    assert mine.get("/desk/session/").status_code == 200


def test_the_current_password_is_not_guessed_in_a_session_that_was_left_open(agent):
    agent.user.set_password("the-old-password")
    agent.user.save()
    client = signed_in(agent.user)
    new = {"new_password1": "several odd words", "new_password2": "several odd words"}
    with time_machine.travel(timezone.now(), tick=False):
        tries = [client.post(PASSWORD, {"old_password": f"wrong-{n}"} | new).status_code for n in range(5)]
        last = client.post(PASSWORD, {"old_password": "the-old-password"} | new)

    assert tries == [200] * 5
    assert (last.status_code, last["Retry-After"]) == (429, "60")
    agent.user.refresh_from_db()
    assert agent.user.check_password("the-old-password")
    assert AuditEntry.objects.filter(action="password.change_failed").count() == 5


def test_a_new_password_ends_the_other_sessions(agent):
    agent.user.set_password("the-old-password")
    agent.user.save()
    here, there = signed_in(agent.user), signed_in(agent.user)
    new = {"new_password1": "several odd words", "new_password2": "several odd words"}

    response = here.post(PASSWORD, {"old_password": "the-old-password"} | new)
    assert response.status_code == 302
    assert there.get("/desk/session/").status_code == 401
    assert here.get("/desk/session/").status_code == 200
    assert AuditEntry.objects.filter(action="password.changed").count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "end",
    [
        lambda client, other: other.post(f"{LIST}others/end/"),
        lambda client, other: client.post("/desk/logout/"),
        lambda client, other: UserSession.objects.update(created_at=timezone.now() - timedelta(hours=13)),
        lambda client, other: UserSession.objects.update(last_seen_at=timezone.now() - timedelta(hours=3)),
    ],
)
def test_the_socket_ends_with_its_session(monkeypatch, end):
    monkeypatch.setattr(desk, "RENEW_SECONDS", 0.0)
    user = make_agent(online=False).user
    client, other = signed_in(user), signed_in(user)

    @meeting
    async def walk():
        wire = Wire("/ws/desk/", cookie=f"sessionid={client.cookies['sessionid'].value}")
        await wire.connect()
        await wire.say("hello", v=1, open=[])
        await wire.hear("welcome")
        await in_thread(end, client, other)
        await wire.say("pong")
        assert await wire.closed() == CloseCode.NOT_AUTHENTICATED

    walk()


@pytest.mark.django_db(transaction=True)
def test_an_open_desk_counts_as_somebody_there():
    user = make_agent(online=False).user
    client = signed_in(user)
    UserSession.objects.update(last_seen_at=timezone.now() - timedelta(minutes=90))

    @meeting
    async def walk():
        wire = Wire("/ws/desk/", cookie=f"sessionid={client.cookies['sessionid'].value}")
        await wire.connect()
        await wire.say("hello", v=1, open=[])
        await wire.hear("welcome")

    walk()
    assert timezone.now() - UserSession.objects.get().last_seen_at < timedelta(minutes=1)


def test_a_session_from_before_the_list_is_listed_by_its_next_request(agent):
    client = signed_in(agent.user)
    UserSession.objects.all().delete()

    client.get("/desk/session/", headers={"User-Agent": FIREFOX})
    assert UserSession.objects.get().user_agent == FIREFOX


@pytest.mark.parametrize(
    "address, shown", [("192.0.2.77", "192.0.2.…"), ("2001:db8:1:2::5", "2001:0db8:0001:…"), ("?", "")]
)
def test_an_address_is_shown_without_its_end(address, shown):
    assert shortened(address) == shown
