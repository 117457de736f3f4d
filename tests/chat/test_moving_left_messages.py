"""The migrations that make conversations of left messages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from chat.access import attachment_for_visitor
from chat.core.tokens import fingerprint
from chat.models import Attachment, Conversation, Event
from chat.services.append import append
from tests.chat.cast import draft, texts

BEFORE, MOVED = "0003_used_tokens", "0004_left_messages_move"
LEFT_AT = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


def migrate(*targets):
    """Bring the database to these migrations, all there are when none is named; the models of then."""
    executor = MigrationExecutor(connection)
    goal = [("chat", name) for name in targets] or executor.loader.graph.leaf_nodes()
    executor.migrate(goal)
    return MigrationExecutor(connection).loader.project_state(goal).apps


@pytest.fixture
def old(transactional_db):
    """The models before the move, in a database that is as it was then."""
    yield migrate(BEFORE)
    migrate()


def leave(old, reference="TP-0000-0001", **values):
    """A message as it used to be stored."""
    values = {
        "language": "en",
        "name": "Some Customer",
        "email": "customer@example.com",
        "problem": "No money.",
    } | values
    return old.get_model("chat", "LeftMessage").objects.create(
        reference=reference, token_hash=fingerprint(reference), created_at=LEFT_AT, **values
    )


def reply(old, message, text, *, hours, author=None):
    """An answer as it used to be stored."""
    old.get_model("chat", "Reply").objects.create(
        left_message=message, text=text, created_at=LEFT_AT + hours * HOUR, author_id=author
    )


def attach(old, **owner):
    """A file as it used to be stored."""
    path = f"attachments/{len(str(owner))}"
    return old.get_model("chat", "Attachment").objects.create(
        name="a.txt", size=3, media_type="text/plain", sha256="0" * 64, path=path, **owner
    )


def test_message_is_a_conversation_of_the_same_link_when_it_was_moved(old):
    leave(old, topic="payment", article="fees", device="P60", steps="Twice.", hidden=["card"])

    migrate()

    moved = Conversation.objects.get(token_hash=fingerprint("TP-0000-0001"))
    assert (moved.reference, moved.state, moved.topic) == ("TP-0000-0001", "message", "payment")
    assert (moved.article, moved.fields) == ("fees", {"device": "P60", "steps": "Twice."})
    assert (moved.visitor.identity, moved.visitor.email) == ("claimed", "customer@example.com")
    assert (moved.created_at, moved.queue_at, moved.visitor_wrote_at) == (LEFT_AT, LEFT_AT, LEFT_AT)
    assert (texts(moved), moved.events.get(seq=1).data) == (["No money."], {"hidden": ["card"]})


def test_answers_keep_their_order_and_author_when_they_were_moved(old):
    author = get_user_model().objects.create_user("supervisor")
    message = leave(old, state="answered")
    reply(old, message, "It is back.", hours=2, author=author.pk)
    reply(old, message, "We look.", hours=1)

    migrate()

    moved = Conversation.objects.get()
    answers = Event.objects.filter(author_kind="agent").values_list("seq", "pub_seq", "text", "author")
    assert list(answers) == [(2, 2, "We look.", 0), (3, 3, "It is back.", author.pk)]
    assert (moved.seq, moved.pub_seq, moved.state) == (3, 3, "message")
    assert (moved.answered_at, moved.agent_wrote_at) == (LEFT_AT + HOUR, LEFT_AT + 2 * HOUR)


def test_file_is_found_under_its_link_when_it_was_moved(old):
    file = attach(old, left_message=leave(old))

    migrate()

    found = attachment_for_visitor(file.pk, "TP-0000-0001")
    assert found.seq == 1
    assert [shown["id"] for shown in Event.objects.get().attachments] == [str(file.pk)]


def test_drafts_of_open_forms_stay_as_they_are(old):
    file = attach(old, draft_key="k" * 64)

    migrate()

    assert Attachment.objects.get(pk=file.pk).draft_key == "k" * 64
    assert not Conversation.objects.exists()


def test_closed_message_stays_closed_when_it_was_moved(old):
    reply(old, leave(old, state="closed"), "Solved.", hours=1)

    migrate()

    moved = Conversation.objects.get()
    assert (moved.state, moved.closed_at, moved.seq) == ("closed", LEFT_AT + HOUR, 3)
    assert Event.objects.get(seq=3).data["state"] == "closed"


def test_visitor_goes_on_writing_when_the_message_was_moved(old):
    leave(old)
    migrate()

    append(draft(Conversation.objects.get(), "Still no money."))

    assert texts(Conversation.objects.get()) == ["No money.", "Still no money."]


def test_tables_stay_when_a_message_arrives_after_the_move(old):
    between = migrate(MOVED)
    leave(between)

    with pytest.raises(RuntimeError, match="after the move"):
        migrate()
    migrate(BEFORE)
    migrate()

    assert Conversation.objects.count() == 1
