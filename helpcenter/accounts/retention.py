"""What is kept of signing in, and for how long: sessions that are over, where they came from, the audit log."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session

from helpcenter.accounts import audit


def forget_sessions(now: datetime, most: int) -> int:
    """Remove up to `most` sessions with which nobody can go on; how many."""
    keys = list(Session.objects.filter(expire_date__lt=now).values_list("pk", flat=True)[:most])
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)


def forget_origins(before: datetime, now: datetime, most: int) -> int:
    """Remove from which address and with which browser somebody signed in before a time, up to `most`; how many.

    A sign-in that may still be in use keeps its line: how old it is and when it was last used stand there.
    """
    over = min(before, now - settings.SIGN_IN_LASTS)
    keys = list(UserSession.objects.filter(created_at__lt=over).values_list("pk", flat=True)[:most])
    UserSession.objects.filter(pk__in=keys).delete()
    return len(keys)


def forget_entries(before: datetime, most: int) -> int:
    """Cut the audit log off at a time, up to `most` entries; how many. The rest of the chain still holds."""
    return audit.cut_off(before, most)
