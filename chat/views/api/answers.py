"""How the API answers: always JSON, never a page, in the language of whoever asks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.utils import translation
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.csrf import csrf_exempt

from chat.core.api import BadBody, read_json
from chat.core.identity import IdentityRefused
from chat.core.terms import Nack
from chat.core.text import TextRefused
from chat.services.append import AppendRefused
from chat.services.refusal import Refused
from chat.sockets.texts import TEXTS
from helpcenter.faults import passes

logger = logging.getLogger(__name__)
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

STATUSES = {
    Nack.RATE_LIMITED: 429,
    Nack.TOO_LONG: 422,
    Nack.EMPTY: 422,
    Nack.CLOSED: 409,
    Nack.NOT_ASSIGNEE: 409,
    Nack.STALE_REV: 409,
    Nack.MID_CONFLICT: 409,
    Nack.TAKEN: 409,
    Nack.BAD_FRAME: 400,
    Nack.UNAVAILABLE: 503,
    Nack.BLOCKED: 403,
    Nack.SECRET_REQUEST: 422,
}
MESSAGES = {
    "bad_request": gettext_noop("This request can't be read."),
    "not_found": gettext_noop("There is no such conversation."),
    "method_not_allowed": gettext_noop("This can't be done here."),
    "too_large": gettext_noop("This is too large."),
    "unsupported_media_type": gettext_noop("Send this as application/json."),
    "bad_identity": gettext_noop("The app's confirmation of who you are is not valid."),
    "too_many": gettext_noop(
        "Too many conversations were opened from here. Please call us or leave a message, or try again later."
    ),
}


class ApiError(Exception):
    """An answer that is an error; `wait` is in seconds."""

    def __init__(self, status: int, code: str, *, message: str = "", wait: int = 0) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.wait = status, code, message, wait


def api(*methods: str) -> Callable[[View[P]], View[P]]:
    """A call of the API: these methods, no CSRF (nothing here goes by a cookie), every failure as JSON."""

    def decorate(view: View[P]) -> View[P]:
        @csrf_exempt
        @wraps(view)
        def call(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            with translation.override(language_of(request)):
                try:
                    if request.method not in methods:
                        raise ApiError(405, "method_not_allowed")
                    response = view(request, *args, **kwargs)
                except Exception as problem:  # noqa: BLE001 - each has its answer, the unknown is logged
                    response = failure(problem)
            response["Cache-Control"] = "no-store"
            if response.status_code == 405:
                response["Allow"] = ", ".join(methods)
            return response

        return call

    return decorate


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON that was sent; raises `ApiError`, `BadBody`."""
    if request.content_type != "application/json":
        raise ApiError(415, "unsupported_media_type")
    return read_json(request.body)


def bearer(request: HttpRequest) -> str:
    """The token of the `Authorization` header; raises `Http404` without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Http404
    return token.strip()


def language_of(request: HttpRequest) -> str:
    """The language that the client asks for, as far as we speak it."""
    return translation.get_language_from_request(request) or settings.LANGUAGE_CODE


def failure(problem: Exception) -> HttpResponse:
    """The answer to a failure; what nobody has foreseen is logged and is still no page."""
    if isinstance(problem, ApiError):
        return _error(problem.status, problem.code, problem.message, problem.wait)
    if isinstance(problem, Http404):
        return _error(404, "not_found")
    if isinstance(problem, TextRefused | AppendRefused | Refused):
        return _error(STATUSES[problem.code], problem.code, by=getattr(problem, "by", ""))
    if isinstance(problem, BadBody):
        return _error(400, "bad_request", f"{gettext(MESSAGES['bad_request'])} ({problem})")
    if isinstance(problem, IdentityRefused):
        return _error(400, "bad_identity")
    if isinstance(problem, RequestDataTooBig):
        return _error(413, "too_large")
    if isinstance(problem, MultiPartParserError | SuspiciousOperation):
        return _error(400, "bad_request")
    if isinstance(problem, DatabaseError) or passes(problem):
        logger.error("The database or a disk is out of reach", exc_info=problem)
        return _error(503, Nack.UNAVAILABLE, wait=2)
    logger.error("A call failed", exc_info=problem)
    return _error(500, Nack.UNAVAILABLE, wait=5)


def _error(status: int, code: str, message: str = "", wait: int = 0, by: str = "") -> HttpResponse:
    known: dict[str, str] = MESSAGES | {str(nack): text for nack, text in TEXTS.items()}
    error: dict[str, Any] = {"code": code, "message": message or gettext(known[code])}
    if by:
        error["by"] = by
    if wait:
        error["retry_after"] = wait
    headers = {"Retry-After": str(wait)} if wait else {}
    return JsonResponse({"error": error}, status=status, headers=headers)
