"""Everything that is kept about one person, for that person."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from chat.models import Attachment, Conversation, EmailAlert, Event, Rating, Visitor
from chat.services.attachments import content


class NobodyFound(Exception):
    """No visitor fits what was asked for."""


def find_visitors(*, reference: str = "", email: str = "", subject: str = "", key: str = "") -> list[Visitor]:
    """The visitors behind a reference, an address, an app's id of its user, or a key; raises `NobodyFound`.

    Whoever opened conversations from several devices is several visitors; an address finds them all.
    """
    if reference:
        found = Visitor.objects.filter(conversations__reference__iexact=reference)
    elif email:
        found = Visitor.objects.filter(email__iexact=email)
    elif subject:
        found = Visitor.objects.filter(subject=subject)
    else:
        found = Visitor.objects.filter(key=key)
    visitors = list(found.distinct().order_by("pk"))
    if not visitors:
        raise NobodyFound
    return visitors


def export(visitors: Sequence[Visitor]) -> bytes:
    """A zip file with everything about these visitors as JSON, and their files as they were received."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        data = [_visitor(visitor) for visitor in visitors]
        text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        archive.writestr("data.json", text)
        files = Attachment.objects.filter(conversation__visitor__in=visitors, seq__isnull=False)
        for attachment in files:
            try:
                archive.writestr(f"files/{attachment.pk}/{attachment.name}", content(attachment))
            except FileNotFoundError:
                continue
    return buffer.getvalue()


def _visitor(visitor: Visitor) -> dict[str, Any]:
    names = ("key", "identity", "issuer", "subject", "language", "name", "email", "browser", "created_at")
    about = {name: getattr(visitor, name) for name in names}
    about["blocks"] = list(
        visitor.blocks.order_by("pk").values("created_at", "ends_at", "lifted_at", "reason")
    )
    return about | {"conversations": [_conversation(one) for one in visitor.conversations.order_by("pk")]}


def _conversation(conversation: Conversation) -> dict[str, Any]:
    names = (
        *("public_id", "reference", "state", "topic", "language", "created_at", "closed_at"),
        *("article", "guide", "page", "page_title", "fields"),
    )
    about = {name: getattr(conversation, name) for name in names}
    # Notes are agents' words to agents about the work; what was said to the customer and by them is all here.
    events = Event.objects.filter(conversation=conversation, pub_seq__isnull=False).order_by("seq")
    said = events.values("pub_seq", "kind", "author_kind", "author_name", "text", "attachments", "data", "at")
    rating = (
        Rating.objects.filter(conversation=conversation).values("score", "reasons", "comment", "at").first()
    )
    alert = EmailAlert.objects.filter(conversation=conversation).values("email", "asked_at", "confirmed_at")
    return about | {"events": list(said), "rating": rating, "email_alert": alert.first()}
