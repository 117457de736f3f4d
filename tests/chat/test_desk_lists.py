"""The desk's lists: what is in them, in which order, and what they cost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from chat.core.terms import AuthorKind, State
from chat.models import Cursor, Tag
from chat.services.append import append
from chat.services.ledger import Author
from tests.chat.cast import author_of, draft, make_agent, make_conversation

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return make_agent("Lin")


@pytest.fixture
def desk(client, agent):
    client.force_login(agent.user)
    return client


def ago(minutes):
    return timezone.now() - timedelta(minutes=minutes)


def listed(client, name, **filters):
    """The public ids of a list's first page."""
    response = client.get(f"/desk/lists/{name}/", filters)
    assert response.status_code == 200, response.content
    return re.findall(r'data-conversation="([^"]+)"', response.content.decode())


def ids(*conversations):
    return [str(one.public_id) for one in conversations]


def test_the_urgent_and_then_the_longest_waiting_come_first_in_the_queue(desk):
    late, early = make_conversation(queue_at=ago(1)), make_conversation(queue_at=ago(9))
    urgent = make_conversation(queue_at=ago(0), priority=1)

    assert listed(desk, "queue") == ids(urgent, early, late)


def test_unread_conversations_come_first_in_mine(desk, agent):
    read, unread = make_conversation(agent=agent), make_conversation(agent=agent)
    append(draft(unread, "Are you there?"))
    append(draft(read, "Thanks"))
    Cursor.objects.create(conversation=read, who="agent", delivered=1, read=1)

    assert listed(desk, "mine") == ids(unread, read)


def test_the_oldest_unanswered_message_comes_first_in_left(desk, agent):
    answered, late, early = (make_conversation(State.MESSAGE, queue_at=ago(n)) for n in (9, 2, 5))
    append(draft(answered, "Done", author_of(agent)))

    assert listed(desk, "left") == ids(early, late, answered)


def test_what_closed_last_comes_first_in_closed(client):
    client.force_login(make_agent("boss", supervisor=True).user)
    old = make_conversation(State.CLOSED, closed_at=ago(50))
    new = make_conversation(State.CLOSED, closed_at=ago(5))

    assert listed(client, "closed") == ids(new, old)


def test_conversations_of_others_are_missing_unless_one_supervises(client, desk, agent):
    theirs = make_conversation(agent=make_agent("Chen"))
    assert listed(desk, "all") == []

    client.force_login(make_agent("boss", supervisor=True).user)

    assert listed(client, "all") == ids(theirs)


@pytest.mark.parametrize(
    "filters", [{"topic": "payment"}, {"language": "en"}, {"tag": "vip"}, {"q": "余额"}, {"q": "MISSING"}]
)
def test_only_what_fits_is_listed_when_a_filter_is_set(desk, filters):
    wanted, other = make_conversation(topic="payment", language="en"), make_conversation(topic="account")
    Tag.objects.create(conversation=wanted, name="vip")
    append(draft(wanted, "我的余额不对, money missing"))
    append(draft(other, "Hello"))

    assert listed(desk, "queue", **filters) == ids(wanted)


def test_a_card_number_is_found_by_whoever_types_it_as_it_was_masked(desk):
    conversation = make_conversation()
    append(draft(conversation, "My card 4111 1111 1111 1111 was declined"))

    assert listed(desk, "queue", q="4111 1111 1111 1111") == ids(conversation)


@pytest.mark.parametrize("words, count", [("anna@example.com", 1), ("anna@example", 0), ("Anna", 1)])
def test_an_address_is_found_whole_only(desk, words, count):
    conversation = make_conversation(name="Anna")
    conversation.visitor.email = "anna@example.com"
    conversation.visitor.save()

    assert len(listed(desk, "queue", q=words)) == count


def test_every_row_comes_once_when_one_pages_through(desk):
    made = [make_conversation(queue_at=ago(n)) for n in range(90, 0, -1)]
    seen, url = [], "/desk/lists/queue/"

    while url:
        page = desk.get(url).content.decode()
        seen += re.findall(r'data-conversation="([^"]+)"', page)
        url = next(iter(re.findall(r'hx-get="([^"]+)"', page)), "").replace("&amp;", "&")

    assert seen == ids(*made)


@pytest.mark.parametrize("name", ["queue", "all", "left", "closed"])
@pytest.mark.parametrize("place", ["x", "1", "1_2_3_4", "9" * 19 + "_" + "9" * 19, "9" * 18 + "_1"])
def test_a_place_that_was_never_given_out_is_refused(desk, name, place):
    response = desk.get(f"/desk/lists/{name}/", {"after": place})

    assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_request")


@pytest.mark.parametrize("name", ["queue", "mine", "all", "left", "closed"])
def test_a_list_costs_the_same_however_long_it_is(desk, agent, name, django_assert_max_num_queries):
    for state in (State.WAITING, State.MESSAGE, State.ACTIVE, State.CLOSED):
        for number in range(6):
            own = {"agent": agent} if state == State.ACTIVE else {}
            one = make_conversation(state, closed_at=ago(number), **own)
            Tag.objects.create(conversation=one, name=f"t{number}")

    with django_assert_max_num_queries(11):
        listed(desk, name)


def test_a_row_shows_who_what_and_how_long(desk, agent):
    conversation = make_conversation(name="<b>Anna", queue_at=ago(5))
    append(draft(conversation, "First"))
    append(draft(conversation, "Last <script>\nline"))

    page = desk.get("/desk/lists/queue/", headers={"accept-language": "en"}).content.decode()

    assert "&lt;b&gt;Anna" in page
    assert "Last &lt;script&gt; line" in page
    assert 'data-unread="2"' in page
    assert 'data-level="late"' in page
    assert "5 min" in page


def test_the_counts_tell_how_many_and_how_long(desk, agent):
    make_conversation(queue_at=ago(7))
    make_conversation(State.MESSAGE)
    make_conversation(agent=agent)

    page = desk.get("/desk/counts/", headers={"accept-language": "en"}).content.decode()

    assert re.findall(r'data-count="(\w+)">(\d+)', page) == [
        ("queue", "1"),
        ("mine", "1"),
        ("all", "3"),
        ("left", "1"),
        ("closed", "0"),
    ]
    assert "Longest wait: 7 min" in page


def test_nobody_else_gets_a_list(client, django_user_model):
    assert client.get("/desk/lists/queue/").status_code == 401

    client.force_login(django_user_model.objects.create_user("editor"))

    assert client.get("/desk/lists/queue/").status_code == 403
    assert client.get("/desk/lists/everything/").status_code == 403


def test_a_row_shows_what_people_said_and_not_the_assistant(desk):
    conversation = make_conversation()
    append(draft(conversation, "Where is my money?"))
    append(draft(conversation, "This may help.", Author(AuthorKind.ASSISTANT)))

    page = desk.get("/desk/lists/queue/").content.decode()

    assert "Where is my money?" in page
    assert "This may help." not in page


@pytest.mark.parametrize("before", ["", "x" * 300])
def test_a_row_that_was_searched_for_shows_the_words(desk, before):
    conversation = make_conversation()
    append(draft(conversation, f"{before} the unicorn is gone"))
    append(draft(conversation, "Thanks"))

    page = desk.get("/desk/lists/queue/", {"q": "Unicorn"}).content.decode()

    assert "the unicorn is gone" in page
    assert "Thanks" not in page
