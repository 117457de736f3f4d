"""Adding what people write: once, numbered, masked, by whoever may."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from chat.core.terms import Nack, State
from chat.models import Conversation, Event
from chat.services.append import Appended, AppendRefused, append, append_all
from tests.chat.cast import author_of, draft, make_agent, make_conversation, texts

pytestmark = pytest.mark.django_db


def numbers(conversation):
    return list(Event.objects.filter(conversation=conversation).order_by("seq").values_list("seq", "pub_seq"))


def refused(one):
    with pytest.raises(AppendRefused) as problem:
        append(one)
    return problem.value.code


def test_numbers_have_no_holes():
    conversation = make_conversation()

    for text in ("one", "two", "three"):
        append(draft(conversation, text))

    assert numbers(conversation) == [(1, 1), (2, 2), (3, 3)]
    conversation.refresh_from_db()
    assert (conversation.seq, conversation.pub_seq) == (3, 3)


def test_many_texts_share_one_transaction_and_keep_their_order():
    first, second = make_conversation(), make_conversation()

    outcomes = append_all([draft(first, "a"), draft(second, "b"), draft(first, "c")])

    assert [outcome.record.seq for outcome in outcomes] == [1, 1, 2]
    assert texts(first) == ["a", "c"]


def test_a_note_leaves_no_hole_in_the_visitors_numbers():
    agent = make_agent()
    conversation = make_conversation(agent=agent)

    append(draft(conversation, "visible"))
    append(draft(conversation, "hidden", author_of(agent), internal=True))
    append(draft(conversation, "visible again"))

    assert numbers(conversation) == [(1, 1), (2, None), (3, 2)]


def test_a_resent_text_gets_the_first_result():
    conversation, mid = make_conversation(), str(uuid4())
    first = append(draft(conversation, "once", mid=mid))

    again = append(draft(conversation, "once", mid=mid))

    assert again.dup
    assert again.record.seq == first.record.seq
    assert texts(conversation) == ["once"]


def test_a_text_sent_twice_in_one_batch_is_stored_once():
    conversation, mid = make_conversation(), str(uuid4())

    first, second = append_all([draft(conversation, "once", mid=mid), draft(conversation, "once", mid=mid)])

    assert (first.dup, second.dup) == (False, True)
    assert texts(conversation) == ["once"]


def test_another_text_under_the_same_mid_is_refused():
    conversation, mid = make_conversation(), str(uuid4())
    append(draft(conversation, "once", mid=mid))

    assert refused(draft(conversation, "other", mid=mid)) == Nack.MID_CONFLICT
    assert texts(conversation) == ["once"]


def test_visitor_and_agent_may_use_the_same_mid():
    agent = make_agent()
    conversation, mid = make_conversation(agent=agent), str(uuid4())

    append(draft(conversation, "mine", mid=mid))
    append(draft(conversation, "also mine", author_of(agent), mid=mid))

    assert texts(conversation) == ["mine", "also mine"]


def test_a_resent_text_is_acknowledged_even_when_the_conversation_is_over():
    conversation, mid = make_conversation(), str(uuid4())
    append(draft(conversation, "once", mid=mid))
    long_ago = timezone.now() - timedelta(days=3)
    Conversation.objects.filter(pk=conversation.pk).update(state=State.CLOSED, closed_at=long_ago)

    assert append(draft(conversation, "once", mid=mid)).dup


@pytest.mark.parametrize(
    "state, code",
    [(State.WAITING, Nack.NOT_ASSIGNEE), (State.OFFERED, Nack.NOT_ASSIGNEE), (State.CLOSED, Nack.CLOSED)],
)
def test_an_agent_without_the_conversation_may_not_answer(state, code):
    conversation = make_conversation(state)

    assert refused(draft(conversation, "hi", author_of(make_agent()))) == code
    assert texts(conversation) == []


def test_another_agents_conversation_is_not_answered():
    conversation = make_conversation(agent=make_agent())

    assert refused(draft(conversation, "hi", author_of(make_agent()))) == Nack.NOT_ASSIGNEE


def test_what_was_written_under_an_older_assignment_is_refused():
    agent = make_agent()
    conversation = make_conversation(agent=agent, assign_rev=4)

    assert refused(draft(conversation, "late", author_of(agent), rev=3)) == Nack.STALE_REV
    assert append(draft(conversation, "in time", author_of(agent), rev=4))


def test_an_agent_may_not_ask_for_a_code():
    agent = make_agent()
    conversation = make_conversation(agent=agent)

    assert refused(draft(conversation, "请把验证码发给我", author_of(agent))) == Nack.SECRET_REQUEST
    assert texts(conversation) == []


def test_a_visitor_who_writes_again_within_a_day_is_back_in_the_queue():
    yesterday = timezone.now() - timedelta(hours=20)
    conversation = make_conversation(State.CLOSED, closed_at=yesterday, queue_at=yesterday)

    outcome = append(draft(conversation, "it happened again"))

    conversation.refresh_from_db()
    assert outcome.reopened
    assert conversation.state == State.WAITING
    assert conversation.queue_at > yesterday
    assert [record.kind for record in outcome.records] == ["state", "message"]


def test_a_conversation_that_ended_long_ago_stays_closed():
    conversation = make_conversation(State.CLOSED, closed_at=timezone.now() - timedelta(hours=25))

    assert refused(draft(conversation, "hello?")) == Nack.CLOSED


def test_secrets_are_hidden_before_they_are_stored():
    conversation = make_conversation()

    append(draft(conversation, "my card is 6222021234567890128 thanks"))

    event = Event.objects.get(conversation=conversation)
    assert "1234567890" not in event.text
    assert event.data["hidden"] == ["card"]


def test_a_code_sent_in_pieces_is_taken_back():
    conversation = make_conversation()
    append(draft(conversation, "验证码是"))
    append(draft(conversation, "482"))

    append(draft(conversation, "913"))

    stored = Event.objects.filter(conversation=conversation).order_by("seq")
    assert "482" not in "".join(event.text for event in stored)
    assert "913" not in "".join(event.text for event in stored)
    redaction = stored.get(kind="redacted")
    assert redaction.data["target"] == 2


def test_nothing_of_a_secret_is_in_the_digest():
    conversation = make_conversation()

    append(draft(conversation, "password: hunter22"))
    append(draft(conversation, "password: hunter22"))

    digests = set(Event.objects.values_list("digest", flat=True))
    assert len(digests) == 1
    assert "hunter22" not in digests.pop()


def test_what_is_not_the_authors_to_send_is_refused():
    conversation = make_conversation()

    assert refused(draft(conversation, "see this", attachments=(uuid4(),))) == Nack.BAD_FRAME
    assert texts(conversation) == []


def test_one_refusal_does_not_hold_up_the_others():
    agent = make_agent()
    conversation = make_conversation()

    good, bad, also_good = append_all(
        [draft(conversation, "a"), draft(conversation, "b", author_of(agent)), draft(conversation, "c")]
    )

    assert isinstance(good, Appended)
    assert isinstance(bad, AppendRefused)
    assert isinstance(also_good, Appended)
    assert numbers(conversation) == [(1, 1), (2, 2)]


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_no_hole_and_no_double():
    conversation = make_conversation()
    mids = [str(uuid4()) for _ in range(6)]

    def write():
        try:
            for mid in mids:
                append(draft(conversation, f"text {mid}", mid=mid))
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert numbers(conversation) == [(number, number) for number in range(1, 7)]
