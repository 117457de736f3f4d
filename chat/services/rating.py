"""What visitors think of a conversation that has ended."""

from __future__ import annotations

from django.db import transaction

from chat.core.api import RatingBody
from chat.core.terms import EventKind, Nack, State
from chat.models import Assignment, Rating
from chat.services import ledger
from chat.services.announcements import Notice, announce
from chat.services.append import VISITOR
from chat.services.clock import database_now
from chat.services.refusal import Refused
from helpcenter.masking import mask_text


def rate(conversation: int, body: RatingBody) -> None:
    """Keep a rating, in place of an earlier one; raises `Refused` before the end of the conversation."""
    with transaction.atomic():
        head = ledger.lock([conversation])[conversation]
        if head.state != State.CLOSED:
            raise Refused(Nack.CLOSED)
        now = database_now()
        last = Assignment.objects.filter(conversation=conversation).order_by("-started_at", "-pk").first()
        comment = mask_text(body.comment).text
        values = {"score": body.score, "reasons": list(body.reasons), "comment": comment, "at": now}
        Rating.objects.update_or_create(
            conversation_id=conversation, defaults=values | {"agent_id": last.agent_id if last else None}
        )
        data = {"score": body.score, "reasons": list(body.reasons)}
        head.add(EventKind.RATING, VISITOR, now, text=comment, data=data)
        ledger.write([head])
        announce(Notice(conversation, tuple(head.records)))
