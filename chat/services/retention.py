"""What is kept for how long: when its time is over it goes, some at a time, so that nobody waits for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from chat.core.terms import State
from chat.models import Attachment, Block, Conversation, Visitor
from chat.services.clock import database_now
from helpcenter.accounts.retention import forget_entries, forget_origins, forget_sessions

AT_ONCE = 100


def forget_overdue(now: datetime | None = None) -> dict[str, int]:
    """Remove what is overdue, at most `AT_ONCE` of each; how many of each were removed."""
    now, kept = now or database_now(), settings.RETENTION
    return {
        "conversations": _conversations(now - kept.conversations) if kept.conversations else 0,
        "attachments": _attachments(now - kept.attachments) if kept.attachments else 0,
        "addresses": _addresses(now - kept.addresses) if kept.addresses else 0,
        "sign_ins": forget_origins(now - kept.addresses, now, AT_ONCE) if kept.addresses else 0,
        "sessions": forget_sessions(now, AT_ONCE),
        "audit": forget_entries(now - kept.audit, AT_ONCE) if kept.audit else 0,
    }


def remove_files(paths: Iterable[str]) -> None:
    """Delete files whose rows are gone: a file without a row is waste, a row without a file an error."""
    for path in paths:
        default_storage.delete(path)


def _conversations(before: datetime) -> int:
    """Whole conversations that have been closed, or unanswered messages, for so long."""
    over = Q(state=State.CLOSED, closed_at__lt=before) | Q(state=State.MESSAGE, changed_at__lt=before)
    keys = list(Conversation.objects.filter(over).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    if not keys:
        return 0
    with transaction.atomic():
        paths = list(Attachment.objects.filter(conversation__in=keys).values_list("path", flat=True))
        visitors = set(Conversation.objects.filter(pk__in=keys).values_list("visitor", flat=True))
        Conversation.objects.filter(pk__in=keys).delete()
        others = Conversation.objects.filter(visitor=OuterRef("pk"))
        Visitor.objects.filter(~Exists(others), pk__in=visitors).delete()
    remove_files(paths)
    return len(keys)


def _attachments(before: datetime) -> int:
    """Files of so long ago; the message says that there was one, and fetching it finds nothing."""
    overdue = Attachment.objects.filter(created_at__lt=before).order_by("created_at")
    rows = list(overdue.values_list("pk", "path")[:AT_ONCE])
    Attachment.objects.filter(pk__in=[pk for pk, _path in rows]).delete()
    remove_files(path for _pk, path in rows)
    return len(rows)


def _addresses(before: datetime) -> int:
    """With which browser somebody came; who is blocked is known by it until the block ends."""
    ended = Block.objects.filter(ends_at__lt=before).exclude(client_key="")
    blocks = list(ended.values_list("pk", flat=True)[:AT_ONCE])
    Block.objects.filter(pk__in=blocks).update(client_key="")
    open_ones = Conversation.objects.filter(visitor=OuterRef("pk")).exclude(state=State.CLOSED)
    overdue = Visitor.objects.filter(~Exists(open_ones), created_at__lt=before).exclude(
        browser="", client_key=""
    )
    keys = list(overdue.values_list("pk", flat=True)[:AT_ONCE])
    return Visitor.objects.filter(pk__in=keys).update(browser="", client_key="")
