"""What is noted and done when Django and allauth say that a sign-in or a second factor changed."""

from __future__ import annotations

from typing import Any

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from helpcenter.accounts import audit
from helpcenter.accounts.sessions import ENROLLED, FACTORS, end_others
from helpcenter.rate_limit import client_address


@receiver(user_logged_in)
def _list_session(request: HttpRequest | None, user: User, **_: Any) -> None:
    """Every session is in the list, however it began."""
    if request is not None and hasattr(request, "session"):
        request.user = user
        UserSession.objects.create_from_request(request)


@receiver(signals.authenticator_added)
def _added(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    audit.record(user, "second_factor.added", f"account:{user.pk}", kind=authenticator.type)
    if authenticator.type in FACTORS:
        request.session[ENROLLED] = user.pk
        # Sessions that never showed the new factor are not worth what this one is.
        end_others(user, request.session.session_key)


@receiver(signals.authenticator_removed)
def _removed(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    audit.record(user, "second_factor.removed", f"account:{user.pk}", kind=authenticator.type)
    end_others(user, request.session.session_key)


@receiver(signals.authenticator_reset)
def _renewed(user: User, authenticator: Authenticator, **_: Any) -> None:
    audit.record(user, "second_factor.renewed", f"account:{user.pk}", kind=authenticator.type)


@receiver(signals.authenticator_used)
def _used(user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        audit.record(user, "second_factor.recovery_code_used", f"account:{user.pk}")


@receiver(signals.authentication_failed)
def _failed(request: HttpRequest, user: User, **_: Any) -> None:
    audit.record(user, "second_factor.failed", f"account:{user.pk}", address=client_address(request))
