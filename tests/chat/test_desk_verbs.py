"""What agents do at the desk over HTTP: who may, what it does, what they are told."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from chat.core.terms import State
from chat.models import Attachment, Event, Offer, Rating, Suggestion, Tag, Visitor
from chat.services.append import append
from chat.services.conversations import close
from tests.chat.cast import author_of, draft, make_agent, make_conversation
from tests.chat.conftest import text_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return make_agent("Lin")


@pytest.fixture
def desk(agent):
    return at_desk(agent)


def at_desk(agent):
    """The browser of an agent who reads English."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(agent.user)
    return client


def of(conversation, verb=""):
    return f"/desk/conversations/{conversation.public_id}/{verb}"


def post(client, conversation, verb, **body):
    return client.post(of(conversation, f"{verb}/"), json.dumps(body), content_type="application/json")


def kinds(conversation):
    return list(
        Event.objects.filter(conversation=conversation).order_by("seq").values_list("kind", flat=True)
    )


def fresh(conversation):
    conversation.refresh_from_db()
    return conversation


VERBS = ["take", "reopen", "close", "tags", "redact", "article", "block", "lift", "reveal", "attachments"]


@pytest.mark.parametrize("verb", VERBS)
def test_a_conversation_one_may_not_see_is_not_there(desk, verb):
    theirs = make_conversation(agent=make_agent("Chen"))

    assert post(desk, theirs, verb).status_code == 404
    assert fresh(theirs).agent.name == "Chen"


@pytest.mark.parametrize("verb", VERBS)
def test_nothing_happens_without_a_csrf_token(agent, verb):
    client = Client(enforce_csrf_checks=True)
    client.force_login(agent.user)

    assert post(client, make_conversation(agent=agent), verb).status_code == 403


@pytest.mark.parametrize("path", ["", "events", "panel/"])
def test_reading_is_for_those_who_may(desk, client, agent, path):
    theirs, own = make_conversation(agent=make_agent("Chen")), make_conversation(agent=agent)

    assert desk.get(of(theirs, path)).status_code == 404
    assert desk.get(of(own, path)).status_code == 200
    assert client.get(of(own, path)).status_code == 401


def test_an_agent_sees_what_they_may_do(desk, agent):
    own = desk.get(of(make_conversation(agent=agent))).json()
    waiting = desk.get(of(make_conversation(name="Anna", topic="payment"))).json()

    assert own["may"] | {"take": False, "answer": True, "close": True, "reopen": False} == own["may"]
    assert waiting["may"] | {"take": True, "answer": False, "close": False, "block": False} == waiting["may"]
    assert waiting["visitor"] == {"name": "Anna", "identity": "guest", "language": "zh-hans"}


def test_older_events_come_in_portions_with_the_agents_numbers(desk, agent):
    conversation = make_conversation(agent=agent)
    for number in range(1, 8):
        append(draft(conversation, f"{number}", author_of(agent), internal=number == 3))

    events = desk.get(of(conversation, "events"), {"before": 6, "limit": 3}).json()["events"]

    assert [(event["n"], event["text"], event["kind"]) for event in events] == [
        (3, "3", "note"),
        (4, "4", "message"),
        (5, "5", "message"),
    ]


def test_a_left_message_is_taken_by_whoever_has_time(desk, agent):
    left = make_conversation(State.MESSAGE)

    answer = post(desk, left, "take").json()

    assert (answer["state"]["state"], answer["agent"]["name"], answer["rev"]) == ("active", "Lin", 1)
    assert answer["may"]["answer"]


def test_whoever_comes_second_is_told_who_was_first():
    first, second, boss = make_agent("Lin"), make_agent("Chen"), make_agent("boss", supervisor=True)
    conversation = make_conversation(agent=first)
    Offer.objects.create(
        conversation=conversation,
        agent=second,
        made_at=timezone.now(),
        expires_at=timezone.now() + timedelta(seconds=9),
    )

    refused = post(at_desk(second), conversation, "take")

    assert (refused.status_code, refused.json()["error"]["code"], refused.json()["error"]["by"]) == (
        409,
        "taken",
        "Lin",
    )
    assert post(at_desk(boss), conversation, "take").json()["agent"]["name"] == "boss"
    assert fresh(conversation).assignments.filter(ended_at=None).get().agent == boss


def test_an_agent_without_room_is_told_so(agent, desk):
    agent.capacity = 1
    agent.save()
    make_conversation(agent=agent)

    refused = post(desk, make_conversation(), "take")

    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "no_room")


def test_a_closed_conversation_is_the_agents_again_when_reopened(desk, agent):
    conversation = make_conversation(agent=agent)
    post(desk, conversation, "close", reason="no_answer", tags=["vip"])
    closed = fresh(conversation)
    assert (closed.state, closed.close_reason, closed.tags.get().name) == ("closed", "no_answer", "vip")
    assert Event.objects.get(conversation=conversation).data["reason"] == "ended"

    answer = post(desk, conversation, "reopen").json()

    assert answer["state"]["state"] == "active"
    assert fresh(conversation).closed_at is None
    assert kinds(conversation) == ["state", "state", "assigned"]
    assert Event.objects.get(conversation=conversation, seq=2).data["reason"] == "reopened"


@pytest.mark.parametrize("body", [{"reason": "bored"}, {"reason": 5}, {"tags": 5}, {"tags": [1]}])
def test_a_bad_reason_or_tag_closes_nothing(desk, agent, body):
    conversation = make_conversation(agent=agent)

    assert post(desk, conversation, "close", **body).status_code == 400
    assert fresh(conversation).state == State.ACTIVE


def test_too_many_tags_are_refused_and_the_old_ones_stay(desk, agent):
    conversation = make_conversation(agent=agent)
    Tag.objects.create(conversation=conversation, name="old")

    refused = post(desk, conversation, "tags", tags=[f"t{n}" for n in range(11)])

    assert (refused.status_code, refused.json()["error"]["message"]) == (
        422,
        "At most 10 tags of 30 characters.",
    )
    assert Tag.objects.get().name == "old"


def test_tags_are_cleaned_and_suggested_to_others(desk, agent):
    conversation = make_conversation(agent=agent)

    kept = post(desk, conversation, "tags", tags=[" VIP ", "vip", "", "card 4111111111111111"]).json()["tags"]

    assert kept == ["VIP", "card 411111******1111"]
    assert desk.get("/desk/tags/", {"q": "vi"}).json() == {"tags": ["VIP"]}


def test_a_text_is_taken_back_once_and_its_number_stays(desk, agent):
    conversation = make_conversation(agent=agent)
    append(draft(conversation, "My secret"))

    assert post(desk, conversation, "redact", n=1).status_code == 200

    event = Event.objects.get(conversation=conversation, seq=1)
    assert (event.text, event.data["redacted"]) == ("", True)
    assert post(desk, conversation, "redact", n=99).status_code == 400


def test_a_file_waits_for_the_message_it_is_for(desk, agent, media):
    conversation = make_conversation(agent=agent)

    uploaded = desk.post(of(conversation, "attachments/"), {"file": text_file()})

    assert uploaded.status_code == 201
    append(draft(conversation, "See", author_of(agent), attachments=(UUID(uploaded.json()["id"]),)))
    assert Attachment.objects.get().seq == 1
    assert desk.get(uploaded.json()["url"]).status_code == 200


@pytest.mark.parametrize("name, content, status", [("a.exe", b"MZ", 422), ("a.txt", b"", 422)])
def test_a_bad_file_is_refused_in_words(desk, agent, media, name, content, status):
    refused = desk.post(
        of(make_conversation(agent=agent), "attachments/"), {"file": text_file(name, content)}
    )

    assert refused.status_code == status
    assert refused.json()["error"]["message"]


def test_an_article_is_shown_once_as_a_card_in_the_customers_language(desk, agent, content):
    conversation, mid = make_conversation(agent=agent), str(uuid4())

    for _ in range(2):
        shown = post(desk, conversation, "article", kind="article", slug="forgot-password", mid=mid)
        assert (shown.status_code, shown.json()) == (201, {"n": 1})

    event = Event.objects.get(conversation=conversation)
    assert (event.kind, event.author_name, event.pub_seq) == ("article", "Lin", 1)
    assert event.data["url"] == "/zh-hans/articles/forgot-password/"
    assert Suggestion.objects.get().slug == "forgot-password"


@pytest.mark.parametrize(
    "body, status", [({"slug": "nothing"}, 404), ({}, 400), ({"kind": "x", "slug": "a"}, 400)]
)
def test_what_is_not_published_becomes_no_card(desk, agent, content, body, status):
    conversation = make_conversation(agent=agent)

    assert post(desk, conversation, "article", **body).status_code == status
    assert kinds(conversation) == []


def test_a_waiting_conversation_gets_no_card_before_it_is_taken(desk, content):
    refused = post(desk, make_conversation(), "article", slug="forgot-password")

    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_assignee")


def test_articles_are_found_in_the_customers_language(desk, content):
    page = desk.get("/desk/articles/", {"q": "忘记密码", "language": "zh-hans"}).content.decode()

    assert 'data-slug="forgot-password"' in page
    assert "/zh-hans/articles/forgot-password/" in page


def test_an_address_is_shown_only_when_asked_for(desk, agent):
    conversation = make_conversation(agent=agent)
    conversation.visitor.email = "anna@example.com"
    conversation.visitor.save()

    assert "anna@example.com" not in desk.get(of(conversation, "panel/")).content.decode()
    assert post(desk, conversation, "reveal").json() == {"email": "anna@example.com"}


def test_the_panel_tells_where_somebody_came_from(desk, agent, content):
    conversation = make_conversation(
        agent=agent,
        topic="payment",
        article="payment-failed",
        page="https://topay.example.com/pay",
        page_title="Paying",
        fields={
            "amount": "<b>12",
            "odd": "thing",
            "searches": "frozen\n<i>card",
            "answers": "Which way?: By card",
        },
    )
    Suggestion.objects.create(
        conversation=conversation, kind="article", slug="two-factor", seq=1, opened_at=timezone.now()
    )
    close(agent.pk, conversation.pk, "solved")
    Rating.objects.create(conversation=conversation, agent=agent, score=4, comment="Fine")
    Visitor.objects.update(browser="Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0")

    page = desk.get(of(conversation, "panel/")).content.decode()

    for words in (
        "Paying",
        "&lt;b&gt;12",
        "odd",
        '<li dir="auto">frozen</li>',
        "&lt;i&gt;card",
        "Which way?: By card",
        "opened",
        "4 of 5",
        "Fine",
        "Firefox 130 · Windows 10",
        "Nobody has confirmed who this is",
    ):
        assert words in page


def test_earlier_conversations_are_shown_as_far_as_one_may_read_them(desk, agent):
    first = make_conversation(agent=agent)
    theirs = make_conversation(State.CLOSED, visitor=first.visitor)
    own = make_conversation(agent=agent, visitor=first.visitor)

    page = desk.get(of(first, "panel/")).content.decode()

    assert own.reference in page
    assert theirs.reference not in page
    assert "1 more with colleagues" in page


@pytest.mark.parametrize("method, path", [("get", "take/"), ("post", "panel/"), ("post", "events")])
def test_a_wrong_method_is_refused(desk, agent, method, path):
    assert getattr(desk, method)(of(make_conversation(agent=agent), path)).status_code == 405


def test_colleagues_who_are_there_come_first(desk, agent, content):
    make_agent("Away", online=False)

    found = desk.get("/desk/agents/").json()

    assert [(one["name"], one["presence"], one["is_self"]) for one in found["agents"]] == [
        ("Lin", "online", True),
        ("Away", "offline", False),
    ]
    assert {"slug": "payment", "title": "Payments and cards"} in found["topics"]


def test_the_panel_costs_the_same_however_much_there_is(desk, agent, content, django_assert_max_num_queries):
    conversation = make_conversation(agent=agent, topic="payment", article="payment-failed")
    for number in range(8):
        make_conversation(agent=agent, visitor=conversation.visitor)
        Tag.objects.create(conversation=conversation, name=f"t{number}")
        Suggestion.objects.create(conversation=conversation, kind="article", slug=f"a{number}", seq=1)

    with django_assert_max_num_queries(20):
        desk.get(of(conversation, "panel/"))


def test_a_desk_that_was_left_open_goes_on_after_a_new_sign_in(agent):
    conversation, client = make_conversation(agent=agent), Client(enforce_csrf_checks=True)
    assert client.get("/desk/session/").json()["error"]["code"] == "signed_out"

    client.force_login(agent.user)
    token = client.get("/desk/session/").json()["csrf"]
    done = client.post(
        of(conversation, "tags/"),
        {"tags": "vip"},
        headers={"X-CSRFToken": token, "Origin": "http://testserver"},
    )

    assert done.json() == {"tags": ["vip"]}
