"""Leaving a message by the contact form, and answering it.

A left message is a conversation that nobody waits at; its first event is what went wrong.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from chat.core.events import Record
from chat.core.terms import AuthorKind, EventKind, State
from chat.core.text import clean_text
from chat.core.tokens import REFERENCE_BITS, reference
from chat.core.urgency import is_urgent
from chat.models import Attachment, Conversation, Event, Visitor
from chat.services import ledger
from chat.services.agents import agent_of
from chat.services.announcements import Notice, announce
from chat.services.append import DIGEST_BYTES, VISITOR, Draft, append
from chat.services.attachments import described
from chat.services.ledger import Author, Head
from chat.services.opening import URGENT_TOPIC
from chat.services.tickets import Ticket
from helpcenter.masking import mask_text, mask_url, mentions_code

# Longest texts that are stored, in characters; chat/forms.py refuses longer ones before masking.
LIMITS = {"name": 80, "email": 254, "device": 200, "steps": 2000, "problem": 2000}
MASKED = ("name", "device", "steps", "problem")
DETAILS = ("device", "steps")
REFERENCE_TRIES = 5
FIRST = 1


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

    def digest(self) -> str:
        """A fingerprint of what was typed that tells nothing to those without this site's key."""
        typed = replace(self, article="", guide="", page="")
        mac = salted_hmac("chat.left_message", "\0".join(astuple(typed)), algorithm="sha256")
        return mac.hexdigest()[: 2 * DIGEST_BYTES]


def leave_message(
    ticket: Ticket, writing: Writing, *, language: str, attachments: Collection[UUID] = ()
) -> Conversation:
    """Store the message of this form once, with those of the form's drafts that are named.

    Posting a form again, even at the same moment, returns the conversation that is already there and changes
    nothing; drafts named by the later post stay drafts.
    """
    for _ in range(REFERENCE_TRIES):
        try:
            with transaction.atomic():
                return _leave(ticket, writing, language, attachments)
        except IntegrityError:
            if earlier := sent_with(ticket):
                return earlier
            # Otherwise the random reference was taken: draw another one.
    raise RuntimeError("No free reference was found.")


def sent_with(ticket: Ticket) -> Conversation | None:
    """What this form has become, if it was sent before."""
    return Conversation.objects.filter(token_hash=ticket.key).first()


def is_same(conversation: Conversation, writing: Writing, *, files: int) -> bool:
    """Whether it was made of just this writing and as many files, so that a second post adds nothing."""
    bound = Attachment.objects.filter(conversation=conversation, seq=FIRST).count()
    first = Event.objects.filter(conversation=conversation, seq=FIRST, digest=writing.digest())
    return files == bound and first.exists()


def reply_to(conversation: Conversation, user: User, text: str, *, mid: str | None = None) -> Record:
    """Answer publicly as the agent that `user` is; with a `mid` the same answer is added once.

    Raises `TextRefused`, `AppendRefused` (as for a text that asks for a password or a code) and
    `PermissionDenied`.
    """
    agent = agent_of(user)
    author = Author(AuthorKind.AGENT, agent.pk, agent.name)
    return append(Draft(conversation.pk, author, clean_text(text), mid)).record


def _leave(ticket: Ticket, writing: Writing, language: str, attachments: Collection[UUID]) -> Conversation:
    masked, kinds = writing.masked()
    now = timezone.now()
    conversation = _insert(ticket, masked, language, now)
    head = ledger.lock([conversation.pk])[conversation.pk]
    # Locked, so that nobody deletes a draft while it becomes part of the message.
    drafts = Attachment.objects.select_for_update().filter(draft_key=ticket.key, pk__in=attachments)
    files = list(drafts)
    record = _say(head, masked.problem, files, kinds, writing.digest(), now)
    kept = Attachment.objects.filter(pk__in=[file.pk for file in files])
    kept.update(conversation=conversation, seq=record.seq, draft_key="")
    ledger.write([head])
    announce(Notice(conversation.pk, tuple(head.records), queue=True))
    return conversation


def _say(
    head: Head, text: str, files: list[Attachment], hidden: list[str], digest: str, now: datetime
) -> Record:
    return head.add(
        EventKind.MESSAGE,
        VISITOR,
        now,
        text=text,
        digest=digest,
        attachments=[described(file) for file in files],
        data={"hidden": hidden} if hidden else None,
    )


def _insert(ticket: Ticket, masked: Writing, language: str, now: datetime) -> Conversation:
    urgent = masked.topic == URGENT_TOPIC or is_urgent(masked.problem)
    return Conversation.objects.create(
        visitor=_visitor(masked, language, now),
        token_hash=ticket.key,
        reference=reference(secrets.randbits(REFERENCE_BITS)),
        state=State.MESSAGE,
        topic=masked.topic,
        language=language,
        priority=Conversation.Priority.URGENT if urgent else Conversation.Priority.NORMAL,
        queue_at=now,
        created_at=now,
        article=masked.article,
        guide=masked.guide,
        page=masked.page[:500],
        fields={name: text for name in DETAILS if (text := getattr(masked, name))},
    )


def _visitor(masked: Writing, language: str, now: datetime) -> Visitor:
    return Visitor.objects.create(
        identity=Visitor.Identity.CLAIMED,
        language=language,
        name=masked.name,
        email=masked.email,
        created_at=now,
    )
