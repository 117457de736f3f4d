"""Adding what people write: the one way for sockets, HTTP, forms and the assistant.

Lock, tell a resent message from a new one, authorise, mask, number, insert, commit. Whoever calls it
acknowledges afterwards and tells the others. Many appends share one transaction, and so one commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from hashlib import blake2b
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from chat.core.events import Record
from chat.core.lifecycle import Reaction, can_write, on_visitor_message
from chat.core.terms import AuthorKind, EventKind, Nack, State
from chat.models import Attachment, Conversation, Event
from chat.services import ledger, secrets_in_text
from chat.services.announcements import Notice, announce
from chat.services.attachments import described
from chat.services.blocking import is_closed_to
from chat.services.ledger import Author, Head
from chat.services.states import requeue
from helpcenter.masking import asks_for_secret

DIGEST_BYTES = 16
VISITOR = Author(AuthorKind.VISITOR)


# Of these thousands are made each second; freezing them would cost as much as masking.
@dataclass(slots=True)
class Draft:
    """A text that somebody wants to add; `text` has been cleaned, `conversation` is the key of its row.

    `rev` is the assignment under which an agent wrote, if they told.
    """

    conversation: int
    author: Author
    text: str
    mid: str | None = None
    attachments: tuple[UUID, ...] = ()
    internal: bool = False
    rev: int | None = None


@dataclass(slots=True)
class Appended:
    """A text that is on disk; `dup` when it had been before, `records` are all events that came with it."""

    record: Record
    dup: bool = False
    records: tuple[Record, ...] = ()
    reopened: bool = False


class AppendRefused(Exception):
    """The text was not added; `code` says why, nothing has changed."""

    def __init__(self, code: Nack) -> None:
        super().__init__(code)
        self.code = code


Outcome = Appended | AppendRefused
# By conversation, kind of author, author and mid: the event and its digest.
Sent = dict[tuple[int, str, int, str], tuple[Record, str]]


@dataclass(slots=True)
class _Batch:
    """What one transaction knows."""

    heads: dict[int, Head]
    sent: Sent
    now: datetime


def append(draft: Draft) -> Appended:
    """Add one text in a transaction of its own and announce it; raises `AppendRefused`."""
    (outcome,) = append_all([draft])
    if isinstance(outcome, AppendRefused):
        raise outcome
    announce(notice_of(outcome))
    return outcome


def is_stored(draft: Draft) -> bool:
    """Whether something was stored under this text's `mid`: sending it again costs nobody anything."""
    return bool(_sent_before([draft]))


def append_all(drafts: Sequence[Draft]) -> list[Outcome]:
    """Add texts in their order within one transaction; each has its own outcome, none is announced.

    Raises `DatabaseError` when nothing at all was stored.
    """
    prepared = [_prepare(draft) for draft in drafts]
    try:
        return _append_all(drafts, prepared)
    except IntegrityError:
        # One of them has been sent before, which is rare: so it is looked for only now.
        return _append_all(drafts, prepared, look_first=True)


def _append_all(
    drafts: Sequence[Draft], prepared: Sequence[_Prepared], *, look_first: bool = False
) -> list[Outcome]:
    with transaction.atomic():
        heads = ledger.lock(draft.conversation for draft in drafts)
        batch = _Batch(heads, _sent_before(drafts) if look_first else {}, timezone.now())
        outcomes = [_append(batch, draft, ready) for draft, ready in zip(drafts, prepared, strict=True)]
        ledger.write(heads.values())
    return outcomes


def _sent_before(drafts: Sequence[Draft]) -> Sent:
    """What was stored under the mids of these texts."""
    keys = [draft.conversation for draft in drafts]
    mids = [draft.mid for draft in drafts if draft.mid]
    rows = Event.objects.filter(conversation__in=keys, mid__in=mids).values_list(*ledger.READ, "digest")
    sent = {}
    for row in rows:
        record = ledger.record_of(row[:-1])
        sent[record.conversation, record.author_kind, record.author, str(record.mid)] = (record, row[-1])
    return sent


def notice_of(outcome: Appended) -> Notice:
    """What others should hear of an append."""
    return Notice(
        outcome.record.conversation, outcome.records, state=outcome.reopened, queue=outcome.reopened
    )


@dataclass(slots=True)
class _Prepared:
    """What can be found out about a text before anything is locked."""

    digest: str
    masked: secrets_in_text.Checked
    refused: Nack | None


def _prepare(draft: Draft) -> _Prepared:
    refused = None
    if draft.author.kind == AuthorKind.AGENT and not draft.internal and asks_for_secret(draft.text):
        refused = Nack.SECRET_REQUEST
    return _Prepared(_digest(draft), secrets_in_text.check(draft.text), refused)


def _digest(draft: Draft) -> str:
    """A fingerprint of what was sent that tells nothing to those without this site's key."""
    sent = "\0".join((draft.text, *map(str, draft.attachments), "1" if draft.internal else ""))
    return blake2b(sent.encode(), digest_size=DIGEST_BYTES, key=_key()).hexdigest()


@cache
def _key() -> bytes:
    return settings.SECRET_KEY.encode()[:64]


def _append(batch: _Batch, draft: Draft, ready: _Prepared) -> Outcome:
    head = batch.heads.get(draft.conversation)
    if head is None:
        return AppendRefused(Nack.CLOSED)
    author = draft.author
    if draft.mid and (found := batch.sent.get((head.pk, author.kind, author.id, draft.mid))):
        record, digest = found
        return Appended(record, dup=True) if digest == ready.digest else AppendRefused(Nack.MID_CONFLICT)
    refused = ready.refused or _may_not(head, draft, batch.now)
    if refused:
        # What was stored before stays stored, whatever has changed since.
        return _stored_before(draft, ready) or AppendRefused(refused)
    files = _take_files(head, draft)
    if files is None:
        return AppendRefused(Nack.BAD_FRAME)
    return _add(batch, head, draft, ready, files)


def _add(batch: _Batch, head: Head, draft: Draft, ready: _Prepared, files: list[dict[str, Any]]) -> Appended:
    first = len(head.records)
    reopened = head.state == State.CLOSED and draft.author.kind == AuthorKind.VISITOR
    if reopened:
        requeue(head, batch.now, reason="reopened", queue_at=batch.now)
    text, hidden = secrets_in_text.mask(head, draft.author, ready.masked, batch.now)
    record = head.add(
        EventKind.NOTE if draft.internal else EventKind.MESSAGE,
        draft.author,
        batch.now,
        text=text,
        public=not draft.internal,
        mid=draft.mid,
        digest=ready.digest,
        attachments=files,
        data={"hidden": hidden} if hidden else None,
    )
    if draft.attachments:
        Attachment.objects.filter(pk__in=draft.attachments).update(seq=record.seq)
    if draft.mid:
        batch.sent[head.pk, draft.author.kind, draft.author.id, draft.mid] = (record, ready.digest)
    return Appended(record, records=tuple(head.records[first:]), reopened=reopened)


def _stored_before(draft: Draft, ready: _Prepared) -> Appended | None:
    if draft.mid is None:
        return None
    found = _sent_before([draft]).get((draft.conversation, draft.author.kind, draft.author.id, draft.mid))
    return Appended(found[0], dup=True) if found and found[1] == ready.digest else None


def _may_not(head: Head, draft: Draft, now: datetime) -> Nack | None:
    """Why this author may not write here now; None when they may."""
    if draft.author.kind == AuthorKind.VISITOR:
        reaction = on_visitor_message(State(head.state), head.closed_at, now, settings.CHAT_TIMINGS.reopen)
        if reaction == Reaction.REOPEN and is_closed_to(head.pk):
            return Nack.BLOCKED
        return Nack.CLOSED if reaction == Reaction.REFUSE else None
    if draft.author.kind != AuthorKind.AGENT or draft.internal:
        return None
    if draft.rev is not None and draft.rev != head.assign_rev:
        return Nack.STALE_REV
    state, is_assignee = State(head.state), head.agent_id == draft.author.id
    if can_write(state, AuthorKind.AGENT, is_assignee=is_assignee):
        return None
    return Nack.CLOSED if state == State.CLOSED else Nack.NOT_ASSIGNEE


def is_over(conversation: Conversation) -> bool:
    """Whether nothing more can be said in it."""
    reopen, state = settings.CHAT_TIMINGS.reopen, State(conversation.state)
    return on_visitor_message(state, conversation.closed_at, timezone.now(), reopen) == Reaction.REFUSE


def _take_files(head: Head, draft: Draft) -> list[dict[str, Any]] | None:
    """The files of a text as the wire shows them; None when one isn't the author's to send."""
    if not draft.attachments:
        return []
    found = Attachment.objects.filter(
        conversation=head.pk, seq=None, author=draft.author.id, pk__in=draft.attachments
    )
    by_key = {file.pk: described(file) for file in found}
    if len(by_key) != len(draft.attachments):
        return None
    return [by_key[key] for key in draft.attachments]
