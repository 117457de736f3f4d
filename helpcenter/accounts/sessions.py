"""What of a sign-in is still good: how old it is, how long nobody was there, and how it was proved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from helpcenter.faults import by_the_way

# Somebody's last sign of life is written down this often at most, in seconds.
TOUCH_SECONDS = 60
# In the session: the account that enrolled a second factor in it, and so has just used it.
ENROLLED = "accounts_enrolled"
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class Problem(StrEnum):
    """Why a session is not enough to go on."""

    IDLE = "idle"
    TOO_OLD = "too_old"
    SECOND_FACTOR = "second_factor"


def problem_of(
    user: User, key: str, session: Mapping[str, Any], request: HttpRequest | None = None
) -> Problem | None:
    """What is wrong with a signed-in session of `user`, None when nothing is; notes a sign of life.

    A session that isn't listed yet (it began before there was a list) is listed by its next `request`.
    """
    now = timezone.now()
    row = UserSession.objects.filter(session_key=key).first()
    if row is not None:
        if ended := _ended(row, now):
            return ended
        if (now - row.last_seen_at).total_seconds() >= TOUCH_SECONDS:
            by_the_way(lambda: UserSession.objects.filter(pk=row.pk).update(last_seen_at=now))
    elif request is not None:
        UserSession.objects.create_from_request(request)
    if settings.REQUIRE_SECOND_FACTOR and not is_proved(user, session):
        return Problem.SECOND_FACTOR
    return None


def is_proved(user: User, session: Mapping[str, Any]) -> bool:
    """Whether the account has a second factor and this session has shown it."""
    methods = session.get(AUTHENTICATION_METHODS_SESSION_KEY) or []
    was_shown = session.get(ENROLLED) == user.pk or any(one.get("method") == "mfa" for one in methods)
    return was_shown and has_factor(user)


def has_factor(user: User) -> bool:
    """Whether an account has an authenticator app or a security key."""
    return Authenticator.objects.filter(user=user, type__in=FACTORS).exists()


def end_others(user: User, key: str | None) -> int:
    """End every session of an account but the one named; how many were ended."""
    others = [row for row in UserSession.objects.purge_and_list(user) if row.session_key != key]
    for row in others:
        row.end()
    return len(others)


def _ended(row: UserSession, now: datetime) -> Problem | None:
    if now - row.created_at >= settings.SIGN_IN_LASTS:
        return Problem.TOO_OLD
    if now - row.last_seen_at >= settings.SIGN_IN_IDLE:
        return Problem.IDLE
    return None
