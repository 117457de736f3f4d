"""Forgetting one person, also in what a restored backup brings back."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from chat.core.terms import AuthorKind, EventKind, State
from chat.core.tokens import fingerprint
from chat.models import (
    Attachment,
    Block,
    Conversation,
    Cursor,
    EmailAlert,
    Event,
    Rating,
    Suggestion,
    Visitor,
)
from chat.services import conversations, ledger
from chat.services.announcements import Notice, announce
from chat.services.ledger import SYSTEM, Head
from chat.services.retention import remove_files

LEDGER = "erasures.jsonl"
# What people wrote; everything else in a conversation is what the house did.
TEXTS = (EventKind.MESSAGE, EventKind.NOTE)
# So many events in one statement.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Erased:
    """What was forgotten."""

    conversations: int
    texts: int
    files: int


def erase(visitors: Sequence[Visitor]) -> Erased:
    """Forget these visitors: their texts, files, names and addresses; numbers and times stay for the reports.

    It is written down beside the attachments, outside of the database, so that a restored backup can be made to
    forget them too.
    """
    _write_down([visitor.key for visitor in visitors])
    return _forget([visitor.pk for visitor in visitors])


def erase_again() -> Erased:
    """After a restore: forget whoever has ever been erased."""
    keys = _written_down()
    return _forget(list(Visitor.objects.filter(key__in=keys).values_list("pk", flat=True)))


def remember(lines: str) -> None:
    """Add what a backup's list knows and ours doesn't."""
    known = set(ledger_path().read_text().splitlines()) if ledger_path().exists() else set()
    _append([line + "\n" for line in lines.splitlines() if line.strip() and line not in known])


def ledger_path() -> Path:
    """Where erasures are written down: the keys of visitors and nothing else."""
    return Path(settings.MEDIA_ROOT) / LEDGER


def _forget(visitors: Sequence[int]) -> Erased:
    found = Conversation.objects.filter(visitor__in=visitors)
    for key in found.exclude(state__in=(State.CLOSED, State.MESSAGE)).values_list("pk", flat=True):
        conversations.end(key)
    keys = list(found.values_list("pk", flat=True))
    with transaction.atomic():
        heads = ledger.lock(keys)
        paths = list(Attachment.objects.filter(conversation__in=keys).values_list("path", flat=True))
        Attachment.objects.filter(conversation__in=keys).delete()
        texts = sum(_empty_texts(head) for head in heads.values())
        _empty_rows(keys, visitors)
    remove_files(paths)
    _scrub()
    return Erased(len(keys), texts, len(paths))


def _empty_texts(head: Head) -> int:
    """Empty the texts of a locked conversation, and say so in it: what processes and screens remember goes too."""
    events = Event.objects.filter(conversation=head.pk)
    texts = events.filter(kind__in=TEXTS).exclude(data={"redacted": True}, text="")
    numbers = list(texts.order_by("seq").values_list("seq", "pub_seq"))
    texts.update(text="", attachments=[], data={"redacted": True}, digest="", mid=None)
    events.filter(author_kind=AuthorKind.VISITOR).update(author_name="")
    said = []
    for start in range(0, len(numbers), AT_ONCE):
        for seq, pub_seq in numbers[start : start + AT_ONCE]:
            data = {"target": seq, "target_pub": pub_seq, "reason": "erased"}
            head.add(EventKind.REDACTED, SYSTEM, timezone.now(), public=pub_seq is not None, data=data)
        ledger.write([head])
        said += head.records
        head.records = []
    if said:
        announce(Notice(head.pk, tuple(said)))
    return len(numbers)


def _empty_rows(keys: Sequence[int], visitors: Sequence[int]) -> None:
    Cursor.objects.filter(conversation__in=keys).delete()
    EmailAlert.objects.filter(conversation__in=keys).delete()
    Suggestion.objects.filter(conversation__in=keys).delete()
    Rating.objects.filter(conversation__in=keys).update(comment="")
    for key in keys:
        Conversation.objects.filter(pk=key).update(
            token_hash=fingerprint(secrets.token_urlsafe(32)),
            page="",
            page_title="",
            article="",
            guide="",
            fields={},
        )
    # Who is blocked stays blocked; only why, and from where, is forgotten.
    Block.objects.filter(visitor__in=visitors).update(reason="", client_key="")
    nobody = {"name": "", "email": "", "browser": "", "issuer": "", "subject": "", "client_key": ""}
    Visitor.objects.filter(pk__in=visitors).update(identity=Visitor.Identity.GUEST, **nobody)


def _scrub() -> None:
    """SQLite leaves deleted bytes in its file and its log until both are written anew."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _write_down(keys: Sequence[UUID]) -> None:
    at = timezone.now().isoformat()
    _append([json.dumps({"at": at, "visitor": str(key)}) + "\n" for key in keys])


def _append(lines: Sequence[str]) -> None:
    path = ledger_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    # One write of whole lines: processes that erase at the same time don't mix theirs.
    with open(path, "a", opener=lambda name, flags: os.open(name, flags, 0o640)) as file:
        file.write("".join(lines))
        file.flush()
        os.fsync(file.fileno())


def _written_down() -> set[UUID]:
    path = ledger_path()
    if not path.exists():
        return set()
    return {UUID(json.loads(line)["visitor"]) for line in path.read_text().splitlines() if line.strip()}
