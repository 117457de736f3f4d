"""From ids and tokens to conversations and files: whoever may not read one is told that it isn't there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from chat.core.tokens import fingerprint
from chat.models import Agent, Attachment, Conversation, Event
from chat.querysets import readable_by


def conversation_behind(token: str) -> Conversation:
    """The conversation behind a private link; raises `Http404`.

    Every token, however shaped, is hashed and looked up in an index of hashes, so the time tells nothing.
    """
    conversations, key = Conversation.objects.select_related("visitor"), fingerprint(token)
    found = (
        conversations.filter(token_hash=key).first()
        or conversations.filter(
            # The link in mails to an address that was confirmed.
            email_alert__link_hash=key,
            email_alert__confirmed_at__isnull=False,
        ).first()
    )
    if found is None:
        raise Http404("No such conversation.")
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


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation that an agent may read, and under which assignment that was found."""

    conversation: int
    rev: int
    is_assignee: bool


def open_for_agent(agent: int, is_supervisor: bool, public_id: str) -> Opened:
    """A conversation by its public id, for an agent who may read it; raises `Http404`."""
    found = readable_by(Agent.objects.get(pk=agent), is_supervisor=is_supervisor)
    row = found.filter(public_id=public_id).values_list("pk", "assign_rev", "agent").first()
    if row is None:
        raise Http404("No such conversation.")
    return Opened(row[0], row[1], row[2] == agent)


def conversation_for_agent(agent: Agent, public_id: UUID, *, is_supervisor: bool) -> Conversation:
    """A conversation with its visitor and agent, for an agent who may read it; raises `Http404`."""
    found = readable_by(agent, is_supervisor=is_supervisor).select_related("visitor", "agent")
    conversation = found.filter(public_id=public_id).first()
    if conversation is None:
        raise Http404("No such conversation.")
    return conversation


def open_many_for_agent(agent: int, is_supervisor: bool, public_ids: Sequence[str]) -> dict[str, Opened]:
    """Those of these conversations that an agent may read, by their public ids."""
    found = readable_by(Agent.objects.get(pk=agent), is_supervisor=is_supervisor)
    rows = found.filter(public_id__in=public_ids).values_list("public_id", "pk", "assign_rev", "agent")
    return {str(row[0]): Opened(row[1], row[2], row[3] == agent) for row in rows}


def key_of(public_id: str) -> int:
    """The key of a conversation's row, for a verb that looks at the right itself; raises `Http404`."""
    key = Conversation.objects.filter(public_id=public_id).values_list("pk", flat=True).first()
    if key is None:
        raise Http404("No such conversation.")
    return key


def conversation_for_token(public_id: UUID, token: str) -> Conversation:
    """The conversation that this token opens, if it is that one; raises `Http404`."""
    found = Conversation.objects.filter(token_hash=fingerprint(token), public_id=public_id).first()
    if found is None:
        raise Http404("No such conversation.")
    return found


def attachment_for_visitor(attachment: UUID, token: str) -> Attachment:
    """A file of the conversation that this token opens; raises `Http404`."""
    files = Attachment.objects.filter(pk=attachment, conversation=conversation_behind(token))
    # Their own, also before it is sent, and what agents have sent them: no notes, nothing that still waits.
    sent = Event.objects.filter(
        conversation=OuterRef("conversation"), seq=OuterRef("seq"), pub_seq__isnull=False
    )
    return _found(files.filter(Q(author=0, seq=None) | Exists(sent)))


def attachment_for_agent(attachment: UUID, agent: Agent, *, is_supervisor: bool) -> Attachment:
    """A file that was sent in a conversation which this agent may read; raises `Http404`."""
    readable = readable_by(agent, is_supervisor=is_supervisor)
    return _found(Attachment.objects.filter(pk=attachment, conversation__in=readable, seq__isnull=False))


def attachment_in(conversation: int, attachment: UUID) -> Attachment:
    """A file that was sent in this conversation, for those who may read them all; raises `Http404`."""
    sent = Attachment.objects.filter(pk=attachment, conversation=conversation, seq__isnull=False)
    return _found(sent)


def _found(attachments: QuerySet[Attachment]) -> Attachment:
    # What was taken back has left its event; its file must not stay reachable.
    found = attachments.select_related("conversation").first()
    if found is None or (found.seq is not None and _is_taken_back(found)):
        raise Http404("No such file.")
    return found


def _is_taken_back(attachment: Attachment) -> bool:
    event = Event.objects.filter(conversation=attachment.conversation, seq=attachment.seq or 0).first()
    return event is None or bool(event.data.get("redacted"))
