"""The visitor's calls over HTTP."""

import json
from uuid import uuid4

import jwt
import pytest
from django.utils import timezone

from chat import api_urls
from chat.models import Conversation, Event, Visitor
from helpcenter.identity_keys import Key
from tests.chat.calls import get, opened, opening, post
from tests.chat.cast import make_agent, make_conversation, texts

pytestmark = pytest.mark.django_db
SECRET = b"0123456789abcdef0123456789abcdef"


@pytest.fixture
def signed_by_app(settings):
    """What the app's server says of a customer."""
    settings.IDENTITY_KEYS = {"app": {"1": Key("1", "HS256", SECRET)}}

    def sign(subject):
        now = int(timezone.now().timestamp())
        claims = {
            "iss": "app",
            "aud": settings.SITE_URL,
            "sub": subject,
            "iat": now,
            "exp": now + 60,
            "jti": str(uuid4()),
        }
        return jwt.encode(claims, SECRET, algorithm="HS256", headers={"kid": "1"})

    return sign


def test_a_conversation_is_opened_with_its_first_message(client, content):
    response = post(client, "conversations", opening())

    answer = response.json()
    assert response.status_code == 201
    assert answer["n"] == 1
    assert answer["state"]["state"] == "waiting"
    assert len(answer["token"]) >= 43
    conversation = Conversation.objects.get(public_id=answer["conversation"])
    assert answer["token"] not in conversation.token_hash
    assert texts(conversation)[0] == "我的付款失败了"


def test_the_same_request_opens_the_same_conversation(client, content):
    body = opening()
    first = post(client, "conversations", body)

    again = post(client, "conversations", body)

    assert again.status_code == 200
    assert again.json()["token"] == first.json()["token"]
    assert Conversation.objects.count() == 1
    assert Event.objects.filter(author_kind="visitor").count() == 1


def test_whoever_else_knows_the_mid_gets_no_token(client, content):
    body = opening()
    first = post(client, "conversations", body).json()

    response = client.post(
        "/api/chat/conversations",
        json.dumps(body),
        content_type="application/json",
        headers={"User-Agent": "somebody else"},
    )

    assert response.json()["token"] != first["token"]
    assert response.json()["conversation"] != first["conversation"]


@pytest.mark.parametrize(
    "values, status",
    [
        ({"mid": "no-uuid"}, 400),
        ({"text": 7}, 400),
        ({"text": " \u200b "}, 422),
        ({"text": "x" * 2001}, 422),
        ({"unknown": 1}, 400),
        ({"language": "fr"}, 400),
        ({"email": "nobody"}, 400),
        ({"website": "https://spam.example"}, 400),
        ({"fields": {"a": ["b"]}}, 400),
        ({"fields": {str(n): "x" for n in range(21)}}, 400),
        ({"page": "https://example.com"}, 400),
        ({"page": []}, 400),
        ({"page": False}, 400),
        ({"fields": {"card6222021234567890128": "x"}}, 400),
        ({"email": "6222021234567890128@example.com"}, 400),
        ({"identity": "no.jwt.here"}, 400),
        ({"name": "a\x00b"}, 400),
    ],
)
def test_a_bad_opening_is_refused_and_changes_nothing(client, content, values, status):
    response = post(client, "conversations", opening(**values))

    assert response.status_code == status
    assert response.json()["error"]["message"]
    assert (Conversation.objects.count(), Visitor.objects.count(), Event.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    "raw", ["[]", "{", '{"mid": NaN}', '{"a":' * 300 + "1" + "}" * 300, '{"mid":"a","mid":"b"}', "\udcff"]
)
def test_what_is_no_json_object_is_refused(client, raw):
    response = client.post(
        "/api/chat/conversations", raw.encode("utf-8", "surrogateescape"), content_type="application/json"
    )

    assert response.status_code == 400
    assert response.json()["error"]["code"] == "bad_request"


def test_a_form_post_is_not_taken(client):
    response = client.post("/api/chat/conversations", {"text": "hello"})

    assert response.status_code == 415


def test_too_many_openings_name_the_wait_and_another_way(client, content, settings):
    settings.CHAT_OPEN_RATE = "2/h"
    for _ in range(2):
        post(client, "conversations", opening())

    response = post(client, "conversations", opening())

    assert response.status_code == 429
    assert response.json()["error"]["code"] == "rate_limited"
    assert response.json()["error"]["retry_after"] > 0
    assert Conversation.objects.count() == 2


def test_secrets_are_hidden_wherever_they_are_typed(client, content):
    card = "6222021234567890128"
    answer = opened(
        client,
        text=f"my card {card}",
        name=f"card {card}",
        page={"url": f"https://example.com/?card={card}", "title": card},
        fields={"note": card},
    )

    conversation = Conversation.objects.get(public_id=answer["conversation"])
    stored = json.dumps(list(Event.objects.values("text", "data")), default=str)
    stored += (
        f"{conversation.visitor.name} {conversation.page} {conversation.page_title} {conversation.fields}"
    )
    assert "1234567890" not in stored


def test_the_assistant_answers_at_once_and_the_queue_goes_on(client, content):
    answer = opened(client)

    cards = Event.objects.filter(kind="article", author_kind="assistant")
    assert cards.filter(data__slug="payment-failed").exists()
    assert answer["state"]["state"] == "waiting"
    assert Conversation.objects.get().suggestions.count() == cards.count()


def test_what_became_of_a_suggestion_is_kept(client, content):
    answer = opened(client)

    response = post(
        client,
        f"conversations/{answer['conversation']}/suggestions",
        {"slug": "payment-failed", "outcome": "solved"},
        answer["token"],
    )

    assert response.status_code == 200
    assert Conversation.objects.get().suggestions.filter(slug="payment-failed", solved_at=None).count() == 0


def test_a_message_is_stored_once(client, content):
    answer = opened(client)
    path, body = f"conversations/{answer['conversation']}/messages", {"mid": str(uuid4()), "text": "hello"}

    first = post(client, path, body, answer["token"])
    again = post(client, path, body, answer["token"])
    other = post(client, path, body | {"text": "something else"}, answer["token"])

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert first.json() == again.json()
    assert other.json()["error"]["code"] == "mid_conflict"


def test_too_many_messages_name_the_wait(client, content, settings):
    settings.CHAT_MESSAGE_RATE = "2/m"
    answer = opened(client)
    path = f"conversations/{answer['conversation']}/messages"

    statuses = [
        post(client, path, {"mid": str(uuid4()), "text": "hi"}, answer["token"]).status_code for _ in range(3)
    ]

    assert statuses == [201, 201, 429]


def test_events_come_in_order_without_holes(client, content):
    answer = opened(client)

    found = get(client, f"conversations/{answer['conversation']}/events?after=0", answer["token"]).json()

    assert [event["n"] for event in found["events"]] == list(range(1, found["head"] + 1))
    assert found["events"][0]["author"]["kind"] == "visitor"


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "0" * 5000, "9" * 30, "٣"])
def test_numbers_that_are_none_are_refused(client, content, after):
    answer = opened(client)

    response = get(client, f"conversations/{answer['conversation']}/events?after={after}", answer["token"])

    assert response.status_code == 400


def test_urgent_matters_go_first(client, content):
    opened(client, text="我的手机丢了，钱包还开着")

    assert Conversation.objects.get().priority == Conversation.Priority.URGENT


def test_rating_waits_for_the_end(client, content):
    answer = opened(client)
    path = f"conversations/{answer['conversation']}"

    early = post(client, f"{path}/rating", {"score": 5}, answer["token"])
    ended = post(client, f"{path}/end", {}, answer["token"])
    late = post(
        client, f"{path}/rating", {"score": 5, "reasons": ["fast"], "comment": "谢谢"}, answer["token"]
    )

    assert (early.status_code, ended.status_code, late.status_code) == (409, 200, 200)
    assert ended.json()["state"]["state"] == "closed"
    assert Conversation.objects.get().rating.score == 5


@pytest.mark.parametrize(
    "body", [{"score": 0}, {"score": 6}, {"score": True}, {"score": 3, "reasons": "x"}, {}]
)
def test_a_bad_rating_is_refused(client, content, body):
    answer = opened(client)
    post(client, f"conversations/{answer['conversation']}/end", {}, answer["token"])

    response = post(client, f"conversations/{answer['conversation']}/rating", body, answer["token"])

    assert response.status_code == 400


def test_who_does_not_want_to_wait_leaves_a_message(client, content):
    answer = opened(client)

    response = post(client, f"conversations/{answer['conversation']}/leave-message", {}, answer["token"])

    assert response.json()["state"]["state"] == "message"


def test_the_transcript_is_in_the_visitors_language(client, content):
    answer = opened(client)

    response = get(client, f"conversations/{answer['conversation']}/transcript", answer["token"])

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "我的付款失败了" in response.content.decode()


def test_availability_tells_who_is_there(client, content):
    make_agent()

    found = get(client, "availability").json()

    assert found["agents_online"] == 1
    assert found["open"] is True
    assert found["expected_wait_seconds"] == 0


def test_signing_in_during_a_conversation_keeps_it(client, content, settings, signed_by_app):
    answer = opened(client)
    path, token = f"conversations/{answer['conversation']}", answer["token"]

    good = post(client, f"{path}/identity", {"identity": signed_by_app("customer-1")}, token)
    again = post(client, f"{path}/messages", {"mid": str(uuid4()), "text": "still me"}, token)
    other = post(client, f"{path}/identity", {"identity": signed_by_app("customer-2")}, token)

    assert (good.status_code, again.status_code, other.status_code) == (200, 201, 400)
    visitor = Conversation.objects.get().visitor
    assert (visitor.identity, visitor.subject) == ("signed", "customer-1")


CALLS = [
    ("get", "events"),
    ("post", "messages"),
    ("post", "attachments"),
    ("post", "end"),
    ("post", "leave-message"),
    ("post", "rating"),
    ("post", "suggestions"),
    ("post", "identity"),
    ("get", "transcript"),
]


@pytest.mark.parametrize("method, call", CALLS)
@pytest.mark.parametrize("token", ["", "nonsense", "mine", "mine "])
def test_what_is_not_yours_does_not_exist(client, method, call, token):
    theirs = make_conversation(token="theirs")
    make_conversation(token="mine")
    path = f"conversations/{theirs.public_id}/{call}"
    body = {"mid": str(uuid4()), "text": "hello"}

    response = get(client, path, token) if method == "get" else post(client, path, body, token)

    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"
    assert texts(theirs) == []
    theirs.refresh_from_db()
    assert theirs.state == "waiting"


def test_every_call_is_in_the_matrix():
    names = {
        str(path.pattern).rsplit("/", 1)[-1]
        for path in api_urls.urlpatterns
        if "conversation>" in str(path.pattern)
    }

    assert names == {call for _, call in CALLS}


def test_a_wrong_method_is_said_to_be_one(client):
    response = client.get("/api/chat/conversations")

    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"


def test_errors_speak_the_clients_language(client):
    response = client.get("/api/chat/conversations", headers={"Accept-Language": "en"})

    assert response.json()["error"]["message"] == "This can't be done here."
