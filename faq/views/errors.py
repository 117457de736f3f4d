"""Pages for what went wrong; they still lead to a person and to the search."""

from __future__ import annotations

import logging
import sys
from urllib.parse import unquote

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from helpcenter.faults import RETRY_SECONDS, passes
from helpcenter.i18n import LANGUAGE_CODES

logger = logging.getLogger(__name__)
MAX_GUESS = 60


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request itself was damaged."""
    return _error(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: a form from somewhere else, or no right to see this."""
    return _error(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: with a search already filled in from the address that was tried."""
    return _error(request, 404, {"guess": guess_from_path(request.path)})


def server_error(request: HttpRequest) -> HttpResponse:
    """500: as much of the page as still works; 503 when the database or a disk is out of reach for now."""
    if not passes(sys.exc_info()[1]):
        return _error(request, 500)
    response = _error(request, 503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 where Django's own token check refused a post."""
    return _error(request, 403)


def guess_from_path(path: str) -> str:
    """Words to search for, from an address such as /en/articles/payment-faild/."""
    parts = [part for part in unquote(path).split("/") if part and part not in LANGUAGE_CODES]
    last = parts[-1] if parts else ""
    words = "".join(c if c.isalnum() else " " for c in last)
    return " ".join(words.split())[:MAX_GUESS]


def _error(request: HttpRequest, status: int, extra: dict[str, object] | None = None) -> HttpResponse:
    _choose_language(request)
    context = {"status": status, "guess": ""} | (extra or {})
    try:
        return render(request, "faq/error.html", context, status=status)
    except DatabaseError:
        logger.exception("The error page was rendered without the database")
        text = render_to_string("faq/error_plain.html", context)
        return HttpResponse(text, status=status)


def _choose_language(request: HttpRequest) -> None:
    """An error outside the languages' addresses speaks the visitor's language."""
    if translation.get_language_from_path(request.path_info) is None:
        translation.activate(translation.get_language_from_request(request))
