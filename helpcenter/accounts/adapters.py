"""Where allauth asks the project: addresses, what follows a sign-in, how secrets are kept."""

from __future__ import annotations

import base64
import hashlib
import time
from functools import lru_cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from helpcenter.accounts import audit
from helpcenter.rate_limit import client_address

# Whoever proved themselves so short a time ago is not asked again before they change how they sign in.
FRESH_SECONDS = 300


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in as the help center does it."""

    error_messages = DefaultAccountAdapter.error_messages | dict.fromkeys(
        ("too_many_login_attempts", "rate_limited"),
        _("Too many tries. Wait a few minutes, then try again."),
    )

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, and note it."""
        super().login(request, user)
        audit.record(user, "sign_in", address=client_address(request))

    def logout(self, request: HttpRequest) -> None:
        """Sign out, and note it."""
        audit.record(request.user, "sign_out", address=client_address(request))
        super().logout(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The desk for who answers there, the admin for everybody else."""
        user = request.user
        goes_to_admin = isinstance(user, User) and user.is_staff and not user.has_perm("chat.answer")
        return reverse("admin:index" if goes_to_admin else "desk:home")

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that the server in front saw; headers that anybody can write don't count."""
        address = client_address(request).split("/")[0]
        return address if address != "unknown" else "0.0.0.0"  # noqa: S104 - a label, nothing is bound

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not right after signing in."""
        request = context.request
        records = get_authentication_records(request, request.user)
        if records and time.time() - records[-1]["at"] < FRESH_SECONDS:
            return False
        return super().is_reauthentication_required(app=app, **kwargs)

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by administrators."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say what happened themselves."""


class FactorAdapter(DefaultMFAAdapter):
    """Second factors as the help center keeps them."""

    def encrypt(self, text: str) -> str:
        """Keep secrets unreadable for who has the database alone."""
        return _boxes(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret of before."""
        keys = _boxes(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        return keys.decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """The name that an authenticator app shows."""
        return settings.SITE_NAME

    def _get_site_name(self) -> str:
        return settings.SITE_NAME


@lru_cache(maxsize=4)
def _boxes(*secrets: str) -> MultiFernet:
    digests = [hashlib.sha256(b"helpcenter.accounts.factors" + one.encode()).digest() for one in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one)) for one in digests])
