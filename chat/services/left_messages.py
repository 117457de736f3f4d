"""Leaving a message and answering it."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from chat.core.tokens import REFERENCE_BITS, reference
from chat.models import Attachment, LeftMessage, Reply
from chat.services.tickets import Ticket
from helpcenter.masking import asks_for_secret, mask_text, mask_url, mentions_code

# Longest texts that are stored, in characters; chat/forms.py refuses longer ones before masking.
LIMITS = {"name": 80, "email": 254, "device": 200, "steps": 2000, "problem": 2000}
MAX_REPLY = 10_000
MASKED = ("name", "device", "steps", "problem")
REFERENCE_TRIES = 5


class SecretRequested(ValueError):
    """A reply asks the customer for a password or a code, which nobody of ours may."""


@dataclass(frozen=True)
class Writing:
    """What the visitor wrote, and where they came from (slugs and a page's address, each may be empty)."""

    name: str
    email: str
    problem: str
    device: str = ""
    steps: str = ""
    topic: str = ""
    article: str = ""
    guide: str = ""
    page: str = ""

    def masked(self) -> tuple[Writing, list[str]]:
        """The same without secrets, and the kinds of what was hidden.

        The e-mail address stays as it is: chat/forms.py refuses one with a secret in it, and one that is
        made of a phone number, as many are, would lead nowhere with its digits hidden.
        """
        texts: dict[str, str] = {}
        kinds: set[str] = set()
        awaiting_code = False
        for name in MASKED:
            typed = getattr(self, name)
            found = mask_text(typed, awaiting_code=awaiting_code)
            texts[name] = found.text[: LIMITS[name]]
            kinds |= found.kinds
            awaiting_code = mentions_code(typed)
        return replace(self, **texts, page=mask_url(self.page)), sorted(kinds)


def leave_message(
    ticket: Ticket, writing: Writing, *, language: str, attachments: Collection[UUID] = ()
) -> LeftMessage:
    """Store the message of this form once, with those of the form's drafts that are named.

    Posting a form again, even at the same moment, returns the message that is already there and changes
    nothing; drafts named by the later post stay drafts.
    """
    masked, kinds = writing.masked()
    for _ in range(REFERENCE_TRIES):
        try:
            with transaction.atomic():
                message = _insert(ticket, masked, kinds, language)
                Attachment.objects.filter(draft_key=ticket.key, pk__in=attachments).update(
                    left_message=message, draft_key=""
                )
        except IntegrityError:
            if earlier := sent_with(ticket):
                return earlier
            # Otherwise the random reference was taken: draw another one.
        else:
            return message
    raise RuntimeError("No free reference was found.")


def sent_with(ticket: Ticket) -> LeftMessage | None:
    """The message that this form has become, if it was sent before."""
    return LeftMessage.objects.filter(token_hash=ticket.key).first()


def is_same(message: LeftMessage, writing: Writing) -> bool:
    """Whether the message holds just this writing, so that a second post adds nothing to it."""
    masked, _kinds = writing.masked()
    written = ("name", "email", "topic", "device", "steps", "problem")
    return all(getattr(message, name) == getattr(masked, name) for name in written)


def reply_to(message: LeftMessage, author: User, text: str) -> Reply:
    """Answer a message; raises `SecretRequested` for a text that asks for a password or a code."""
    if asks_for_secret(text):
        raise SecretRequested
    with transaction.atomic():
        reply = Reply.objects.create(
            left_message=message, author=author, text=mask_text(text[:MAX_REPLY]).text
        )
        LeftMessage.objects.filter(pk=message.pk).update(state=LeftMessage.State.ANSWERED)
    return reply


def _insert(ticket: Ticket, masked: Writing, kinds: list[str], language: str) -> LeftMessage:
    values = {column.name: getattr(masked, column.name) for column in fields(masked)}
    return LeftMessage.objects.create(
        reference=reference(secrets.randbits(REFERENCE_BITS)),
        token_hash=ticket.key,
        language=language,
        hidden=kinds,
        **values,
    )
