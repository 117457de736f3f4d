"""The door to all that is for people who work here."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext

from helpcenter.accounts import audit
from helpcenter.accounts.sessions import Problem, problem_of

# Elsewhere nobody is signed in, and pages are the same bytes for everyone.
GUARDED = ("/desk/", "/admin/", "/api/chat/attachments/")
SIGNED_OUT = "X-Signed-Out"


class WorkersOnly:
    """Ends sessions that lasted too long, and leads to the second factor where one is compulsory."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let a request through, or answer it."""
        if not request.path_info.startswith(GUARDED):
            return self.get_response(request)
        response = self._refusal(request) or self.get_response(request)
        if response.status_code == 401:
            # The desk keeps what was being written and asks for a new sign-in.
            response[SIGNED_OUT] = "1"
        return response

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not isinstance(request.user, User):
            return None
        user = request.user
        problem = problem_of(user, request.session.session_key or "", request.session, request)
        if problem is None:
            return None
        if problem is not Problem.SECOND_FACTOR:
            logout(request)
            request.user = AnonymousUser()
            audit.record(user, f"sign_out.{problem}")
            return None
        return _lead_to_factor(user, request)


def _lead_to_factor(user: User, request: HttpRequest) -> HttpResponse | None:
    """Before anything else a second factor is set up, or shown where this session hasn't yet."""
    home = reverse("mfa_index")
    if request.path_info.startswith(home) or request.path_info == reverse("account_logout"):
        return None
    if _is_page(request):
        return HttpResponseRedirect(_way_to_factor(user, request.get_full_path()))
    message = gettext("Set up a second factor first.")
    error = {"error": {"code": "second_factor", "message": message, "url": home}}
    return JsonResponse(error, status=401, headers={"Cache-Control": "no-store"})


def _way_to_factor(user: User, wanted: str) -> str:
    kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    if Authenticator.Type.TOTP in kinds:
        return f"{reverse('mfa_reauthenticate')}?{urlencode({'next': wanted})}"
    if Authenticator.Type.WEBAUTHN in kinds:
        return f"{reverse('mfa_reauthenticate_webauthn')}?{urlencode({'next': wanted})}"
    return reverse("mfa_index")


def _is_page(request: HttpRequest) -> bool:
    """Whether somebody goes there, and not a script that asks for a part of a page."""
    headers = request.headers
    by_script = "HX-Request" in headers or headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    return request.method in ("GET", "HEAD") and not by_script and "json" not in headers.get("Accept", "")
