"""The forms of signing in."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from helpcenter.accounts import audit, throttle
from helpcenter.rate_limit import client_address

# Longer than a code can be valid on any clock that is let in.
CODE_USED_SECONDS = 180
# Seconds after which allauth's own counting of wrong codes forgets (`ACCOUNT_RATE_LIMITS`).
LONGEST_WAIT = 300
# The codes of errors that say so, ours and allauth's.
TOO_OFTEN = frozenset({"too_often", "too_many_login_attempts", "rate_limited"})


class SignInForm(AuthenticationForm):
    """`username` and `password`; says the same for a wrong name as for a wrong password."""

    request: HttpRequest
    wait = 0
    error_messages = AuthenticationForm.error_messages | {
        "invalid_login": _("This name and password don't belong together. Both are case-sensitive.")
    }

    def clean(self) -> dict[str, Any]:
        """Check the password, unless too many were wrong before; raises `ValidationError`."""
        name = self.cleaned_data.get("username") or ""
        attempt = throttle.attempt(self.request, name)
        self.wait = attempt.wait
        if self.wait:
            raise ValidationError(too_often(self.wait), code="too_often")
        try:
            return super().clean()
        except ValidationError:
            attempt.failed()
            # The name is not kept: people type passwords into the wrong field.
            audit.record(None, "sign_in.failed", address=client_address(self.request))
            raise


class CodeOnce:
    """A code of an authenticator app counts once, for all processes and as long as it could be repeated.

    After too many wrong ones none is looked at for a while.
    """

    user: Any
    authenticator: Authenticator
    wait = 0

    def clean_code(self) -> str:
        """The code; raises `ValidationError` when it is wrong or was used, or too many were wrong before."""
        proof = throttle.code_of(self.user.pk)
        self.wait = proof.wait
        if self.wait:
            raise ValidationError(too_often(self.wait), code="too_often")
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            proof.failed()
            raise
        digits = "".join(sign for sign in code if sign.isalnum())
        is_totp = self.authenticator.type == Authenticator.Type.TOTP
        if is_totp and not cache.add(f"accounts.code.{self.user.pk}.{digits}", 1, CODE_USED_SECONDS):
            raise ValidationError(_("This code was used already. Wait for the next one."), code="used")
        return code


class SecondStepForm(CodeOnce, AuthenticateForm):
    """The code of an authenticator app, or a recovery code, while signing in."""

    code = forms.CharField(label=_("Code"), max_length=40)


class ConfirmByCodeForm(CodeOnce, ReauthenticateForm):
    """The same before something important."""

    code = forms.CharField(label=_("Code"), max_length=40)


class NewPasswordForm(PasswordChangeForm):
    """A new password, for who knows the current one."""

    wait = 0

    def clean_old_password(self) -> str:
        """The current password; raises `ValidationError` when it is wrong, or too many were wrong before."""
        account: int = self.user.pk
        proof = throttle.current_password_of(account)
        self.wait = proof.wait
        if self.wait:
            raise ValidationError(too_often(self.wait), code="too_often")
        try:
            return super().clean_old_password()
        except ValidationError:
            proof.failed()
            audit.record(self.user, "password.change_failed", f"account:{account}")
            raise


def seconds_to_wait(form: Any) -> int:
    """How long somebody has to wait because of what is wrong with a form; 0 when it is anything else."""
    errors = form.errors.as_data() if form is not None and form.is_bound else {}
    if not any(error.code in TOO_OFTEN for found in errors.values() for error in found):
        return 0
    # Where allauth counts by itself it doesn't say how long: no longer than this.
    return getattr(form, "wait", 0) or LONGEST_WAIT


def too_often(seconds: int) -> str:
    """That there were too many tries, and when the next one may be."""
    if seconds < 90:
        text = ngettext(
            "Too many tries. You can try again in %(n)s second.",
            "Too many tries. You can try again in %(n)s seconds.",
            seconds,
        )
        return text % {"n": seconds}
    minutes = -(-seconds // 60)
    text = ngettext(
        "Too many tries. You can try again in %(n)s minute.",
        "Too many tries. You can try again in %(n)s minutes.",
        minutes,
    )
    return text % {"n": minutes}
