"""The number that tells every process when what customers see has changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from django.db import transaction
from django.db.models import Count, F, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from faq.models import ContentVersion, ServiceNotice, Translation

Version = tuple[int, int, str, str]
# How long a process may go on with a version it has read, in seconds; publishing shows within two.
POLL_SECONDS = 1.0

_lock = threading.Lock()
# When it was asked for, in seconds of the monotonic clock, and the answer.
_known: tuple[float, Version] | None = None
# An answer to an earlier question may miss a change that was made here since.
_not_before = 0.0
_listeners: list[Callable[[], None]] = []


def bump() -> None:
    """Count one visible change; call it inside the transaction that makes the change."""
    ContentVersion.objects.filter(pk=1).update(number=F("number") + 1)
    transaction.on_commit(_changed_here)


def on_change(listener: Callable[[], None]) -> None:
    """Have `listener` called in this process right after a change made here is committed."""
    _listeners.append(listener)


def current() -> Version:
    """The version as the database knows it, with everything that fell due by now."""
    now = timezone.now()
    published = Translation.objects.published(now).order_by().values("status").annotate(due=Count("pk"))
    due = Coalesce(Subquery(published.values("due")), 0)
    number, due = ContentVersion.objects.annotate(due=due).values_list("number", "due").get(pk=1)
    notices = ServiceNotice.objects.active(now).order_by("pk").values_list("pk", flat=True)
    return number, due, ",".join(map(str, notices)), timezone.localdate(now).isoformat()


def known() -> Version:
    """The version, read from the database at most once a second in each process."""
    remembered = _known
    if remembered and time.monotonic() - remembered[0] < POLL_SECONDS:
        return remembered[1]
    return refresh()


def refresh() -> Version:
    """Read the version now, for this process's later questions too; what was read earlier never replaces it."""
    global _known
    asked_at = time.monotonic()
    fresh = current()
    with _lock:
        if asked_at >= _not_before and (_known is None or asked_at >= _known[0]):
            _known = (asked_at, fresh)
    return fresh


def forget() -> None:
    """Read the version anew at the next question (after a change made here, and in tests)."""
    global _known, _not_before
    with _lock:
        _known, _not_before = None, time.monotonic()


def _changed_here() -> None:
    forget()
    for listener in _listeners:
        listener()
