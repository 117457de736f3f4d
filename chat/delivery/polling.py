"""Waiting for events over HTTP, for those whose socket doesn't get through.

This stands in front of Django, whose threads are too few to wait on.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.db import DatabaseError
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from chat.access import Listening
from chat.core.terms import Audience, CloseCode
from chat.core.tokens import fingerprint
from chat.delivery.hub import Hub
from chat.delivery.process import process
from chat.delivery.rooms import Subscription
from chat.services import reading

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

PATH = re.compile(r"/api/chat/conversations/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/events/?")
NUMBER = re.compile(r"[0-9]{1,15}")
MOST_SECONDS = 25
MOST_AT_ONCE = 5
STATE_FRAME = '{"type":"state"'


class LongPoll:
    """Answers `GET …/events?after=N&wait=25`; everything else is for `application`."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        match = PATH.fullmatch(scope["path"])
        if scope["type"] != "http" or scope["method"] != "GET" or match is None:
            await self._application(scope, receive, send)
            return
        status, body = await _answer(match[1], scope, receive)
        await _send_json(send, status, body)


async def _answer(public_id: str, scope: Scope, receive: Receive) -> tuple[int, dict[str, Any]]:
    numbers = _numbers(scope)
    if numbers is None:
        return 400, _error("bad_request", scope)
    try:
        hub = await process.start()
        found = await hub.tokens.get(fingerprint(_bearer(scope)))
        if found is None or found.public_id != public_id:
            return 404, _error("not_found", scope)
        after, wait = numbers
        await _wait(hub, found, after, wait, receive)
        return 200, await hub.workers.run(reading.events_after, found.conversation, after)
    except (DatabaseError, LookupError):
        return 503, _error("unavailable", scope)


async def _wait(hub: Hub, found: Listening, after: int, seconds: int, receive: Receive) -> None:
    """Return when there is something new, when time is up, or when nobody waits any more."""
    waiter = Waiter()
    subscription = await hub.join(found.conversation, found.public_id, waiter, Audience.VISITOR, after)
    try:
        same = [
            old for old in subscription.room.listeners(Audience.VISITOR) if isinstance(old.listener, Waiter)
        ]
        for old in same[: max(0, len(same) - MOST_AT_ONCE)]:
            old.listener.close(CloseCode.REPLACED)
        if subscription.head > after or not seconds:
            return
        gone = asyncio.ensure_future(_until_gone(receive))
        changed = asyncio.ensure_future(waiter.changed.wait())
        await asyncio.wait([gone, changed], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in (gone, changed):
            task.cancel()
    finally:
        hub.leave(subscription)


class Waiter:
    """A listener who waits for one thing to happen."""

    def __init__(self) -> None:
        self.changed = asyncio.Event()

    def wake(self, subscription: Subscription) -> None:
        """There are events."""
        self.changed.set()

    def tell(self, frame: str) -> None:
        """A changed state is news, somebody's typing is not."""
        if frame.startswith(STATE_FRAME):
            self.changed.set()

    def close(self, code: CloseCode) -> None:
        """Wait no longer."""
        self.changed.set()


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _numbers(scope: Scope) -> tuple[int, int] | None:
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    after, wait = query.get("after", ["0"])[-1], query.get("wait", ["0"])[-1]
    if not NUMBER.fullmatch(after) or not NUMBER.fullmatch(wait):
        return None
    return int(after), min(int(wait), MOST_SECONDS)


def _bearer(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"authorization":
            scheme, _, token = value.decode("latin-1").partition(" ")
            return token.strip() if scheme.lower() == "bearer" else ""
    return ""


TEXTS = {
    "bad_request": gettext_noop("This request can't be read."),
    "not_found": gettext_noop("There is no such conversation."),
    "unavailable": gettext_noop("This can't be done right now. It will be tried again."),
}


def _error(code: str, scope: Scope) -> dict[str, Any]:
    with translation.override(_language(scope)):
        return {"error": {"code": code, "message": gettext(TEXTS[code])}}


def _language(scope: Scope) -> str:
    """The first language that the client asks for and we speak."""
    wanted = next((value for name, value in scope["headers"] if name == b"accept-language"), b"")
    for part in wanted.decode("latin-1")[:200].split(","):
        with contextlib.suppress(LookupError):
            return translation.get_supported_language_variant(part.split(";")[0].strip())
    return str(settings.LANGUAGE_CODE)


async def _send_json(send: Send, status: int, body: dict[str, Any]) -> None:
    content = json.dumps(body, ensure_ascii=False).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if status == 503:
        headers.append((b"retry-after", b"2"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
