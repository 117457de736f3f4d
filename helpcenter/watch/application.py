"""Answers `/healthz`, `/readyz` and `/metrics` in front of Django, which may be what is broken.

No host name is checked here: those who ask come by address.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from chat.delivery.process import process
from helpcenter.metrics import REGISTRY
from helpcenter.watch.access import may_read
from helpcenter.watch.figures import DatabaseFigures, SocketFigures
from helpcenter.watch.readiness import readiness

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
TEXT, JSON = "text/plain; charset=utf-8", "application/json"
# A check that hangs is a check that failed.
MOST_SECONDS = 8.0
Answer = tuple[int, str, bytes]


class Watched:
    """An application with the addresses that operators' machines ask."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._readiness: asyncio.Future[dict[str, str]] | None = None
        REGISTRY.register(DatabaseFigures())
        REGISTRY.register(SocketFigures())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["path"] not in PATHS:
            await self._application(scope, receive, send)
            return
        status, kind, body = await self._answer(scope)
        if scope["method"] == "HEAD":
            body = b""
        headers = [(b"content-type", kind.encode()), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope) -> Answer:
        if scope["method"] not in ("GET", "HEAD"):
            return 405, TEXT, b"GET or HEAD\n"
        if scope["path"] == "/healthz":
            return 200, TEXT, b"ok\n"
        if scope["path"] == "/readyz":
            return await self._ready()
        address = (scope.get("client") or ("", 0))[0]
        if not may_read(address, scope["headers"], settings.METRICS_TOKEN):
            return 404, TEXT, b"not found\n"
        figures = await asyncio.to_thread(generate_latest, REGISTRY)
        return 200, CONTENT_TYPE_LATEST, figures

    async def _ready(self) -> Answer:
        if process.is_draining:
            return 503, JSON, _as_json({"process": "ends"})
        # However many ask, the checks run once at a time.
        if self._readiness is None or self._readiness.done():
            self._readiness = asyncio.ensure_future(asyncio.to_thread(readiness))
        try:
            checks = await asyncio.wait_for(asyncio.shield(self._readiness), MOST_SECONDS)
        except TimeoutError:
            checks = {"process": "a check does not come to an end"}
        is_ready = set(checks.values()) == {"ok"}
        return 200 if is_ready else 503, JSON, _as_json(checks)


def _as_json(checks: dict[str, str]) -> bytes:
    return json.dumps({"ready": set(checks.values()) == {"ok"}, "checks": checks}).encode()
