"""Ending, handing on and leaving conversations."""

import pytest

from chat.core.terms import Nack, State
from chat.models import Assignment, Conversation, Event, Offer
from chat.services import announcements, conversations
from chat.services.append import append
from tests.chat.cast import author_of, draft, make_agent, make_conversation, texts
from tests.chat.routes import PENDING, ago, go_absent, make_offer, reasons, refusal

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    """Who answers, and will be offered nothing again: they are about to go home."""
    made = make_agent("Li Na")
    go_absent(made, seconds=1)
    return made


@pytest.fixture
def conversation(agent):
    return make_conversation(agent=agent, assign_rev=3, queue_at=ago(minutes=9))


@pytest.fixture
def told(django_capture_on_commit_callbacks):
    """The agents who are told while something is done."""

    def of(verb, *args, **values):
        agents = set()
        stop = announcements.listen(lambda notice: agents.update(notice.agents))
        with django_capture_on_commit_callbacks(execute=True):
            verb(*args, **values)
        stop()
        return agents

    return of


def verbs(agent, conversation):
    """Every verb that only who answers may use."""
    return [
        (conversations.close, (agent, conversation, "solved"), {}),
        (conversations.transfer, (agent, conversation), {"to_agent": agent}),
        (conversations.redact, (agent, conversation, 1), {}),
    ]


# --- Ending


def test_who_answers_ends_it(agent, conversation):
    conversations.close(agent.pk, conversation.pk, "solved")

    conversation.refresh_from_db()
    assert (conversation.state, conversation.close_reason) == (State.CLOSED, "solved")
    assert conversation.closed_at is not None
    assert Assignment.objects.get(conversation=conversation).end_reason == "solved"
    assert reasons(conversation) == ["solved"]


def test_the_place_of_an_ended_conversation_is_given_to_who_waits(conversation):
    agent = make_agent(capacity=1)
    ends, waits = make_conversation(agent=agent), make_conversation()

    conversations.close(agent.pk, ends.pk, "solved")

    assert Offer.objects.get(conversation=waits, outcome=PENDING).agent == agent


def test_what_is_over_is_not_ended_again(agent, conversation):
    conversations.close(agent.pk, conversation.pk, "solved")

    assert refusal(conversations.close, agent.pk, conversation.pk, "again").code == Nack.CLOSED


def test_the_visitor_ends_it_once(conversation):
    conversations.end(conversation.pk)
    conversations.end(conversation.pk)

    assert Conversation.objects.get(pk=conversation.pk).state == State.CLOSED
    assert Event.objects.get(conversation=conversation).author_kind == "visitor"


def test_an_offer_ends_with_its_conversation_and_its_agent_is_told(agent, told):
    conversation = make_conversation()
    offer = make_offer(conversation, agent)

    assert told(conversations.end, conversation.pk) == {agent.pk}

    offer.refresh_from_db()
    assert offer.outcome == Offer.Outcome.WITHDRAWN


# --- Handing on


def test_what_is_handed_on_waits_at_its_old_place_for_the_wanted_agent(agent, conversation):
    wanted, queue_at = make_agent(online=False), conversation.queue_at

    conversations.transfer(agent.pk, conversation.pk, to_agent=wanted.pk)

    conversation.refresh_from_db()
    assert (conversation.state, conversation.agent) == (State.WAITING, None)
    assert (conversation.wanted_agent, conversation.queue_at) == (wanted, queue_at)
    assert conversation.assign_rev == 4
    assert reasons(conversation) == ["transferred"]


def test_a_wanted_agent_who_is_there_is_offered_it_at_once(agent, conversation):
    make_agent("somebody else")
    wanted = make_agent("wanted")

    conversations.transfer(agent.pk, conversation.pk, to_agent=wanted.pk)

    assert Offer.objects.get(conversation=conversation, outcome=PENDING).agent == wanted


def test_a_topic_changes_who_may_take_it(content, agent, conversation):
    make_agent(topics=["payment"])
    knows = make_agent(topics=["security"])

    conversations.transfer(agent.pk, conversation.pk, to_topic="security")

    assert Offer.objects.get(conversation=conversation, outcome=PENDING).agent == knows


def test_the_note_is_masked_and_for_agents_only(agent, conversation):
    note = "card 6222021234567890128, please look"

    conversations.transfer(agent.pk, conversation.pk, to_agent=make_agent().pk, note=note)

    stored = Event.objects.get(conversation=conversation, kind="note")
    assert stored.pub_seq is None
    assert "please look" in stored.text
    assert "1234567890" not in stored.text


@pytest.mark.parametrize(
    "to", [{}, {"to_agent": 404}, {"to_topic": "nothing"}, {"to_agent": 404, "to_topic": "payment"}]
)
def test_it_is_not_handed_on_to_nobody(agent, conversation, to):
    assert refusal(conversations.transfer, agent.pk, conversation.pk, **to).code == Nack.BAD_FRAME


def test_it_is_not_handed_on_to_who_has_left(agent, conversation):
    gone = make_agent()
    gone.user.is_active = False
    gone.user.save()

    to = {"to_agent": gone.pk}
    assert refusal(conversations.transfer, agent.pk, conversation.pk, **to).code == Nack.BAD_FRAME


def test_a_note_that_is_too_long_hands_nothing_on(agent, conversation):
    to = {"to_agent": make_agent().pk, "note": "x" * 2001}

    assert refusal(conversations.transfer, agent.pk, conversation.pk, **to).code == Nack.TOO_LONG


def test_what_is_over_is_not_handed_on(agent, conversation):
    conversations.close(agent.pk, conversation.pk, "solved")

    to = {"to_agent": make_agent().pk}
    assert refusal(conversations.transfer, agent.pk, conversation.pk, **to).code == Nack.CLOSED


# --- Leaving a message


@pytest.mark.parametrize("state", [State.WAITING, State.OFFERED])
def test_who_would_rather_not_wait_leaves_a_message(state, agent, told):
    conversation = make_conversation()
    if state == State.OFFERED:
        make_offer(conversation, agent)

    agents = told(conversations.leave_message, conversation.pk)

    assert Conversation.objects.get(pk=conversation.pk).state == State.MESSAGE
    assert reasons(conversation) == ["visitor"]
    assert agents == ({agent.pk} if state == State.OFFERED else set())


def test_leaving_it_twice_is_leaving_it_once():
    conversation = make_conversation()

    conversations.leave_message(conversation.pk)
    conversations.leave_message(conversation.pk)

    assert reasons(conversation) == ["visitor"]


def test_what_is_answered_already_is_not_left(conversation):
    assert refusal(conversations.leave_message, conversation.pk).code == Nack.TAKEN


def test_what_is_over_is_not_left():
    over = make_conversation(State.CLOSED, closed_at=ago(minutes=1))

    assert refusal(conversations.leave_message, over.pk).code == Nack.CLOSED


# --- Who may


@pytest.mark.parametrize("verb", range(3), ids=["close", "transfer", "redact"])
@pytest.mark.parametrize("state", [State.WAITING, State.ACTIVE])
def test_who_does_not_answer_may_not(verb, state, agent):
    conversation = make_conversation(state, agent=agent if state == State.ACTIVE else None)
    append(draft(conversation, "hello"))

    function, args, values = verbs(make_agent().pk, conversation.pk)[verb]

    assert refusal(function, *args, **values).code == Nack.NOT_ASSIGNEE


@pytest.mark.parametrize("verb", range(3), ids=["close", "transfer", "redact"])
def test_a_supervisor_may_in_every_conversation(verb, conversation):
    append(draft(conversation, "hello"))
    before = Event.objects.count()

    function, args, values = verbs(make_agent(supervisor=True).pk, conversation.pk)[verb]
    function(*args, supervisor=True, **values)

    assert Event.objects.count() == before + 1


# --- Taking back


def test_a_text_is_taken_back_and_its_number_stays(agent, conversation):
    sent = append(draft(conversation, "too much", author_of(agent)))

    conversations.redact(agent.pk, conversation.pk, sent.record.seq)

    assert texts(conversation) == [""]
    event = Event.objects.get(conversation=conversation, kind="redacted")
    assert event.data["target"] == sent.record.seq


def test_only_texts_are_taken_back(agent, conversation):
    conversations.transfer(agent.pk, conversation.pk, to_agent=agent.pk)
    supervisor = make_agent(supervisor=True).pk

    refused = refusal(conversations.redact, supervisor, conversation.pk, 1, supervisor=True)

    assert refused.code == Nack.BAD_FRAME
