"""Each request that Django answers: counted by route, timed, and findable in the log by its number."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from helpcenter.logs import request_id
from helpcenter.metrics import REQUEST_SECONDS, REQUESTS
from helpcenter.page_cache.decorators import MARK

logger = logging.getLogger("helpcenter.requests")
GIVEN = re.compile(r"[A-Za-z0-9-]{8,64}")
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestFigures:
    """Outermost middleware: what it measures is the whole of Django's work."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then note route, status and time; no path and no query, which may hold what is private."""
        begun = time.perf_counter()
        token = request_id.set(_number_of(request))
        try:
            response = self._get_response(request)
            if MARK not in response:
                # A public page is kept for everybody, so it can't carry one request's number.
                response["X-Request-ID"] = request_id.get()
            _note(request, response.status_code, time.perf_counter() - begun)
        finally:
            request_id.reset(token)
        return response


def _number_of(request: HttpRequest) -> str:
    """The proxy's number of the request, so that both logs can be read together, or one of our own."""
    given = request.headers.get("X-Request-ID", "")
    return given if GIVEN.fullmatch(given) else uuid4().hex


def _note(request: HttpRequest, status: int, seconds: float) -> None:
    match = request.resolver_match
    route = match.route if match else "unknown"
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(route, method, status).inc()
    REQUEST_SECONDS.labels(route).observe(seconds)
    values = {"route": route, "status_code": status, "duration_ms": round(seconds * 1000, 1)}
    logger.info("%s %s %s", method, route, status, extra=values)
