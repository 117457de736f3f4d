"""A conversation by plain forms, as a browser without JavaScript has it."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest

from chat.core.terms import State
from chat.models import Conversation, Event, Rating
from chat.services.append import append
from chat.services.conversations import end
from tests.chat.cast import author_of, draft, make_agent, texts
from tests.chat.conftest import text_file

CHAT = "/en/chat/"
PAGE = "/en/chat/conversation/"
QUESTION = "My payment failed and the money is gone."


@pytest.fixture
def opened(visitor, topics):
    """A conversation that was opened by the form; its cookie is in the browser."""
    visitor.post(CHAT, {"text": QUESTION, "topic": "payment"})
    return Conversation.objects.get()


def say(visitor, text="It was on Monday.", mid=None, **values):
    return visitor.post(PAGE, {"text": text, "mid": mid or str(uuid4())} | values)


def test_conversation_waits_with_its_question_when_the_form_is_sent(visitor, topics):
    response = visitor.post(CHAT, {"text": QUESTION, "topic": "payment", "name": "Some Customer"})

    found = Conversation.objects.get()
    assert (response.status_code, response["Location"]) == (303, PAGE)
    assert (found.state, found.topic, found.visitor.name) == (State.WAITING, "payment", "Some Customer")
    assert texts(found)[0] == QUESTION


def test_token_is_in_a_cookie_of_the_page_and_nowhere_else(visitor, topics):
    response = visitor.post(CHAT, {"text": QUESTION})

    cookie = response.cookies["topay_conversation_en"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (PAGE, True, "Lax")
    assert cookie.value not in response["Location"]
    assert cookie.value not in visitor.get(PAGE).content.decode()


def test_other_language_has_the_conversation_too(visitor, opened):
    assert QUESTION in visitor.get("/zh-hans/chat/conversation/").content.decode()


def test_article_that_led_here_is_kept(visitor, content):
    visitor.post(
        CHAT, {"text": QUESTION}, headers={"Referer": f"http://testserver{CHAT}?article=payment-failed"}
    )

    assert Conversation.objects.get().article == "payment-failed"


def test_one_conversation_is_opened_when_the_form_is_posted_twice(visitor, topics):
    for _ in range(2):
        visitor.post(CHAT, {"text": QUESTION})

    assert Conversation.objects.count() == 1


def test_somebody_else_with_the_same_question_gets_a_conversation_of_their_own(visitor, topics):
    visitor.post(CHAT, {"text": QUESTION})
    visitor.get(PAGE)
    visitor.cookies.clear()

    visitor.post(CHAT, {"text": QUESTION})

    assert Conversation.objects.count() == 2


@pytest.mark.parametrize(
    "values",
    [
        {"text": ""},
        {"text": "x" * 2001},
        {"email": "nobody"},
        {"topic": "no-such-topic"},
        {"website": "https://example.com"},
        {"name": "n" * 81},
    ],
)
def test_texts_come_back_when_something_is_wrong(visitor, topics, values):
    response = visitor.post(CHAT, {"text": QUESTION, "name": "Some Customer"} | values)

    page = response.content.decode()
    assert response.status_code == 422
    assert 'role="alert"' in page
    assert "Some Customer" in page or "nnn" in page
    assert not Conversation.objects.exists()


def test_wait_is_told_and_the_text_kept_when_too_many_were_opened(visitor, topics, settings):
    settings.CHAT_OPEN_RATE = "1/12h"
    visitor.post(CHAT, {"text": "The first question."})

    response = visitor.post(CHAT, {"text": QUESTION})

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert QUESTION in response.content.decode()
    assert "12 hours" in response.content.decode()


def test_form_of_another_site_opens_nothing(visitor, topics):
    response = visitor.post(CHAT, {"text": QUESTION}, headers={"Origin": "https://elsewhere.example"})

    assert response.status_code == 403
    assert not Conversation.objects.exists()


def test_page_is_kept_by_no_cache(visitor, opened):
    response = visitor.get(PAGE)

    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]


def test_page_without_a_cookie_shows_nothing(visitor, opened):
    visitor.cookies.clear()

    response = visitor.get(PAGE)

    assert response.status_code == 404
    assert QUESTION not in response.content.decode()


def test_page_comes_again_by_itself_unless_somebody_writes(visitor, opened):
    assert 'http-equiv="refresh" content="20"' in visitor.get(PAGE).content.decode()
    assert 'http-equiv="refresh"' not in visitor.get(f"{PAGE}?draft=1").content.decode()


def test_text_is_added_once_when_its_form_is_posted_twice(visitor, opened):
    mid = str(uuid4())

    for _ in range(2):
        assert say(visitor, mid=mid).status_code == 303

    assert texts(opened).count("It was on Monday.") == 1


def test_file_is_added_once_when_its_form_is_posted_twice(visitor, opened, media):
    mid = str(uuid4())

    for _ in range(2):
        say(visitor, mid=mid, file=text_file())

    with_files = [event for event in Event.objects.all() if event.attachments]
    assert len(with_files) == 1
    link = re.search(r'href="([^"]+)" download>note.txt', visitor.get(PAGE).content.decode()).group(1)
    assert visitor.get(link).content == b"It says error 51."


def test_bad_file_is_refused_beside_the_text(visitor, opened, media):
    response = say(visitor, "Look at this.", file=text_file("virus.exe"))

    assert response.status_code == 422
    assert "Look at this." in response.content.decode()
    assert "Look at this." not in texts(opened)


def test_secret_is_hidden_and_the_customer_told(visitor, opened):
    say(visitor, "My password is hunter2secret")

    page = visitor.get(PAGE).content.decode()
    assert "hunter2secret" not in page
    assert "For your safety we have hidden" in page


def test_answer_of_the_agent_and_the_way_to_check_them_are_shown(visitor, opened):
    agent = make_agent("Lin Xiao")
    Conversation.objects.update(state=State.ACTIVE, agent=agent)
    append(draft(opened, "I am looking into it.", author_of(agent)))

    page = visitor.get(PAGE).content.decode()

    assert "I am looking into it." in page
    assert agent.verify_code in page


def test_conversation_ends_and_is_rated(visitor, opened):
    visitor.post(PAGE, {"do": "end"})
    visitor.post(PAGE, {"do": "rate", "score": "4", "comment": "Quick."})

    opened.refresh_from_db()
    assert opened.state == State.CLOSED
    assert Rating.objects.get().score == 4
    assert "4 of 5" in visitor.get(PAGE).content.decode()


def test_rating_before_the_end_changes_nothing(visitor, opened):
    assert visitor.post(PAGE, {"do": "rate", "score": "4"}).status_code == 409
    assert not Rating.objects.exists()


def test_conversation_is_left_as_a_message(visitor, opened):
    visitor.post(PAGE, {"do": "leave"})

    opened.refresh_from_db()
    assert opened.state == State.MESSAGE


def test_leaving_a_message_is_refused_when_it_has_ended(visitor, opened):
    end(opened.pk)

    response = visitor.post(PAGE, {"do": "leave"})

    assert response.status_code == 409
    assert "has ended" in response.content.decode()


def test_transcript_is_a_text_file(visitor, opened):
    response = visitor.get(f"{PAGE}transcript/")

    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert QUESTION in response.content.decode()


def test_device_forgets_the_conversation(visitor, opened):
    visitor.post(PAGE, {"do": "forget"})

    assert visitor.get(PAGE).status_code == 404
