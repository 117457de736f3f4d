"""From an address to a left message: whoever has the private link may read it, and nobody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from chat.core.tokens import fingerprint
from chat.models import Attachment, Conversation, LeftMessage


def left_message_for_token(token: str) -> LeftMessage:
    """The message behind a private link; raises `Http404`.

    Every token, however shaped, is hashed and looked up in an index of hashes, so the time tells nothing.
    """
    message = LeftMessage.objects.filter(token_hash=fingerprint(token)).first()
    if message is None:
        raise Http404("No such request.")
    return message


def attachment_for_token(token: str, attachment: UUID) -> Attachment:
    """A file of the message behind a private link; raises `Http404` also for another message's file."""
    found = left_message_for_token(token).attachments.filter(pk=attachment).first()
    if found is None:
        raise Http404("No such file.")
    return found


@dataclass(frozen=True, slots=True)
class Listening:
    """What a token lets its bearer listen to."""

    conversation: int
    public_id: str
    language: str


def listening_by_token(fingerprints: Sequence[str]) -> dict[str, Listening]:
    """The conversations of these tokens, many at a time; a token that is no good is missing."""
    rows = Conversation.objects.filter(token_hash__in=fingerprints)
    found = rows.values_list("token_hash", "pk", "public_id", "language")
    return {row[0]: Listening(row[1], str(row[2]), row[3]) for row in found}
