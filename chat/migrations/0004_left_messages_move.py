"""Left messages become conversations; what is moved is deleted from where it was.

A migration of its own, because PostgreSQL can't change tables in the transaction that changed their rows.
"""

from django.db import migrations

VISITOR, AGENT, SYSTEM = "visitor", "agent", "system"


def move(apps, schema_editor):
    """Move every left message with its answers and files, oldest first."""
    models = {name: apps.get_model("chat", name) for name in ("LeftMessage", "Reply", "Attachment")}
    models |= {name: apps.get_model("chat", name) for name in ("Visitor", "Conversation", "Event")}
    for message in models["LeftMessage"].objects.order_by("created_at", "pk"):
        _move_one(models, message)
    models["Reply"].objects.all().delete()
    models["LeftMessage"].objects.all().delete()


def _move_one(models, message):
    replies = list(models["Reply"].objects.filter(left_message=message).order_by("created_at", "pk"))
    files = models["Attachment"].objects.filter(left_message=message)
    events = [_first(message, files.order_by("created_at", "id")), *map(_answer, replies)]
    is_closed = message.state == "closed"
    if is_closed:
        events.append(_end(events[-1]["at"]))
    conversation = _conversation(models, message, replies, events, is_closed)
    models["Event"].objects.bulk_create(
        models["Event"](conversation_id=conversation.pk, seq=number, pub_seq=number, **event)
        for number, event in enumerate(events, start=1)
    )
    files.update(conversation=conversation, seq=1, left_message=None)


def _conversation(models, message, replies, events, is_closed):
    same = ("reference", "token_hash", "language", "topic", "article", "guide", "page", "created_at")
    details = {"device": message.device, "steps": message.steps}
    return models["Conversation"].objects.create(
        **{name: getattr(message, name) for name in same},
        visitor=_visitor(models, message),
        state="closed" if is_closed else "message",
        seq=len(events),
        pub_seq=len(events),
        queue_at=message.created_at,
        changed_at=events[-1]["at"],
        visitor_wrote_at=message.created_at,
        answered_at=replies[0].created_at if replies else None,
        agent_wrote_at=replies[-1].created_at if replies else None,
        closed_at=events[-1]["at"] if is_closed else None,
        close_reason="solved" if is_closed else "",
        fields={name: text for name, text in details.items() if text},
    )


def _visitor(models, message):
    return models["Visitor"].objects.create(
        identity="claimed",
        language=message.language,
        name=message.name,
        email=message.email,
        created_at=message.created_at,
    )


def _first(message, files):
    return {
        "kind": "message",
        "author_kind": VISITOR,
        "text": message.problem,
        "attachments": [_described(file) for file in files],
        "data": {"hidden": message.hidden} if message.hidden else {},
        "at": message.created_at,
    }


def _answer(reply):
    """Without a name, as customers knew none; the number tells us who it was."""
    return {
        "kind": "message",
        "author_kind": AGENT,
        "author": reply.author_id or 0,
        "text": reply.text,
        "at": reply.created_at,
    }


def _end(at):
    return {
        "kind": "state",
        "author_kind": SYSTEM,
        "data": {"state": "closed", "reason": "solved", "rev": 0},
        "at": at,
    }


def _described(file):
    """As the wire shows a file."""
    return {
        "id": str(file.pk),
        "name": file.name,
        "size": file.size,
        "type": file.media_type,
        "width": file.width,
        "height": file.height,
        "url": f"/api/chat/attachments/{file.pk}/",
    }


class Migration(migrations.Migration):
    dependencies = [("chat", "0003_used_tokens")]
    # There is no way back for the rows: they stay conversations.
    operations = [migrations.RunPython(move, migrations.RunPython.noop)]
