"""Signing in and out, and the pages on which people look after their own account."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows import login as login_flow
from allauth.account.internal.flows import logout as logout_flow
from allauth.account.models import Login
from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from helpcenter.accounts import audit, devices, throttle
from helpcenter.accounts.forms import NewPasswordForm, SignInForm, seconds_to_wait
from helpcenter.accounts.sessions import end_others, has_factor

# The limit of confirming that it is them is counted a minute (allauth's `reauthenticate`).
CONFIRM_SECONDS = 60


class SaysWhen:
    """Mixed into views that limit guessing: who has to wait gets 429 and is told how long."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; also allauth's own answers to too many tries say when."""
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        shown = getattr(response, "context_data", None) or {}
        waits = [seconds_to_wait(shown.get(name)) for name in ("form", "webauthn_form")]
        if wait := max(waits) or (CONFIRM_SECONDS if response.status_code == 429 else 0):
            response.status_code = 429
            response["Retry-After"] = str(wait)
        return response


class SignIn(SaysWhen, LoginView):
    """Sign in with `username` and `password`; a second factor follows where there is one."""

    template_name = "accounts/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The form; the site keeps the name that it has on every other page."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        for name in ("site", "site_name"):
            context.pop(name, None)
        return context

    def get_default_redirect_url(self) -> str:
        """The desk or the admin."""
        return str(get_adapter().get_login_redirect_url(self.request))

    def form_valid(self, form: Any) -> HttpResponse:
        """Go on to the second step, or in."""
        user, name = form.get_user(), form.cleaned_data["username"]
        login = Login(user=user, redirect_url=self.get_redirect_url() or None)
        response = login_flow.perform_password_login(self.request, {"username": name}, login)
        throttle.remember_device(self.request, response, name)
        return response


class SecondStep(SaysWhen, AuthenticateView):
    """The second step of signing in: a code of an authenticator app, a recovery code, or a security key."""

    template_name = "accounts/second_step.html"


class ConfirmByPassword(SaysWhen, ReauthenticateView):
    """Is it still them? Before they change how they sign in."""

    template_name = "accounts/confirm.html"


class ConfirmByCode(SaysWhen, ReauthenticateByCodeView):
    """The same, for who has an authenticator app."""

    template_name = "accounts/confirm.html"


@never_cache
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session; its sockets end within a beat. Also leaves a sign-in that waits for its second step."""
    logout_flow.logout(request, show_message=False)
    return redirect("desk:login")


class Factors(IndexView):
    """What proves that it is them: app, keys, codes."""

    template_name = "accounts/factors.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Also whether one is missing that has to be there."""
        is_required = settings.REQUIRE_SECOND_FACTOR
        context: dict[str, Any] = super().get_context_data(**kwargs)
        missing = is_required and not has_factor(cast(User, self.request.user))
        # An account with a factor that this session hasn't shown signs in anew, and is then asked for it.
        return context | {"tab": "factors", "is_required": is_required, "is_missing": missing}


class ChangePassword(SaysWhen, PasswordChangeView):
    """A new password; every other session ends."""

    template_name = "accounts/password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("accounts:password_changed")
    extra_context = {"tab": "password"}

    def form_valid(self, form: Any) -> HttpResponse:
        """Save it, and note it."""
        response = super().form_valid(form)
        user = cast(User, self.request.user)
        end_others(user, self.request.session.session_key)
        UserSession.objects.create_from_request(self.request)
        audit.record(user, "password.changed", f"account:{user.pk}")
        return response


@login_required
@require_GET
def password_changed(request: HttpRequest) -> HttpResponse:
    """It is done."""
    return render(request, "accounts/password.html", {"tab": "password", "is_done": True})


@never_cache
@login_required
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    """Where they are signed in."""
    user = cast(User, request.user)
    rows = sorted(UserSession.objects.purge_and_list(user), key=lambda row: row.last_seen_at, reverse=True)
    shown = [devices.seen(row, is_this=row.session_key == request.session.session_key) for row in rows]
    return render(request, "accounts/sessions.html", {"tab": "sessions", "sessions": shown})


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions; its sockets end within a beat."""
    user = cast(User, request.user)
    row = get_object_or_404(UserSession, pk=pk, user=user)
    row.end()
    audit.record(user, "session.ended", f"account:{user.pk}")
    return HttpResponseRedirect(reverse("accounts:sessions"))


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """End every other session."""
    user = cast(User, request.user)
    count = end_others(user, request.session.session_key)
    audit.record(user, "session.ended", f"account:{user.pk}", count=count)
    return HttpResponseRedirect(reverse("accounts:sessions"))


@require_http_methods(["GET", "HEAD"])
def home(request: HttpRequest) -> HttpResponse:
    """The account begins with what protects it."""
    return redirect("mfa_index")
