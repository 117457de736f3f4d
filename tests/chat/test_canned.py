"""Canned replies: filling in, finding, loading and editing them."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from chat.core.canned import fill
from chat.models import CannedResponse
from helpcenter.masking import asks_for_secret, mask_text
from tests.chat.cast import make_agent, make_conversation
from tests.chat.test_desk_verbs import at_desk


@pytest.fixture
def loaded(content):
    call_command("load_canned", stdout=StringIO())


def canned(client, **query):
    return client.get("/desk/canned/", query).json()


@pytest.mark.parametrize(
    "text, name, wanted",
    [
        ("Hello {name}, welcome", "Anna", "Hello Anna, welcome"),
        ("Hello {name}, welcome", "", "Hello, welcome"),
        ("你好，{name}。", "", "你好。"),
        ("{name}，你好", "", "你好"),
        ("{name}", "{name}", "{name}"),
        ("Use {unknown} {name}", "A", "Use {unknown} A"),
        ("{ name } {}", "A", "{ name } {}"),
    ],
)
def test_a_placeholder_is_filled_or_goes_with_its_comma(text, name, wanted):
    assert fill(text, {"name": name}) == wanted


@pytest.mark.django_db
def test_replies_come_filled_in_for_the_conversation(loaded):
    agent = make_agent("Lin")
    conversation = make_conversation(agent=agent, language="en", name="Anna")

    (greeting,) = canned(at_desk(agent), q="/hello", conversation=str(conversation.public_id))

    assert greeting["text"].startswith("Hello Anna. I'm Lin")
    assert agent.verify_code in greeting["text"]
    assert greeting["language"] == "en"


@pytest.mark.django_db
def test_replies_on_the_topic_come_first_and_those_of_other_topics_not_at_all(loaded):
    agent = make_agent("Lin")
    conversation = make_conversation(agent=agent, topic="payment")

    found = [one["shortcut"] for one in canned(at_desk(agent), conversation=str(conversation.public_id))]

    assert found[:2] == ["payment-failed", "refund-time"]
    assert "scam" not in found


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["退款", "refund-t", "多久"])
def test_a_reply_is_found_by_shortcut_title_and_text(loaded, words):
    found = canned(at_desk(make_agent()), q=words, language="zh-hans")

    assert "refund-time" in [one["shortcut"] for one in found]


@pytest.mark.django_db
def test_loading_again_keeps_what_was_changed_and_what_was_deleted(loaded):
    CannedResponse.objects.filter(shortcut="hello", language="en").update(text="Hi")
    CannedResponse.objects.filter(shortcut="wait").delete()

    call_command("load_canned", stdout=StringIO())

    assert CannedResponse.objects.get(shortcut="hello", language="en").text == "Hi"
    assert not CannedResponse.objects.filter(shortcut="wait").exists()
    assert CannedResponse.objects.filter(language="zh-hans").count() >= 12


@pytest.mark.django_db
@pytest.mark.parametrize("supervisor, status", [(True, 200), (False, 302)])
def test_supervisors_edit_replies_in_the_admin_and_agents_do_not(client, supervisor, status):
    agent = make_agent("Lin", supervisor=supervisor)
    agent.user.is_staff = supervisor
    agent.user.save()
    client.force_login(agent.user)

    assert client.get("/admin/chat/cannedresponse/add/").status_code == status


@pytest.mark.django_db
@pytest.mark.parametrize("query, status", [({"language": "xx"}, 400), ({"conversation": "x"}, 404)])
def test_a_bad_question_is_refused(query, status):
    assert at_desk(make_agent()).get("/desk/canned/", query).status_code == status


@pytest.mark.django_db
def test_every_reply_can_be_sent_as_it_is(loaded):
    texts = CannedResponse.objects.values_list("text", flat=True)

    assert [text for text in texts if asks_for_secret(text) or mask_text(text).kinds] == []
