"""A response of Django's, held back until it is clear whether it is kept."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from helpcenter.page_cache.decorators import EVERY_LANGUAGE, MARK
from helpcenter.page_cache.entries import Header

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

logger = logging.getLogger(__name__)

MARK_NAME = MARK.lower().encode()
# A page that varies by anything else is not the same for everyone.
HARMLESS_VARY = {b"", b"accept-encoding", b"hx-request"}
FORBIDDEN_CACHE_CONTROL = (b"private", b"no-store")


class Held:
    """Takes the messages of a response: passes them on to `send`, or keeps a public page's."""

    def __init__(self, send: Send, on_passed_on: Callable[[], object]) -> None:
        self._send = send
        self._on_passed_on = on_passed_on
        self.rule: tuple[str, ...] | None = None
        self.headers: list[Header] = []
        self.body = bytearray()
        # A page like any other, which a view has not declared public.
        self.is_ordinary_page = False

    async def take(self, message: Message) -> None:
        """Take one ASGI message."""
        if message["type"] == "http.response.start":
            self.headers = list(message["headers"])
            mark = next((value for name, value in self.headers if name.lower() == MARK_NAME), None)
            self.is_ordinary_page = mark is None and message["status"] == 200
            if mark is not None and EVERY_LANGUAGE in mark.decode().split():
                self.headers = [_without_languages(header) for header in self.headers]
            if mark is not None and (message["status"] != 200 or not is_same_for_everyone(self.headers)):
                logger.warning("A page that is declared public isn't the same for everyone; it isn't kept")
                mark = None
            if mark is not None:
                self.rule = tuple(part for part in mark.decode().split() if part != EVERY_LANGUAGE)
            else:
                self._on_passed_on()
        if self.rule is None:
            await self._send(without_mark(message))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")


def _without_languages(header: Header) -> Header:
    name, value = header
    if name.lower() != b"vary":
        return header
    parts = (part.strip() for part in value.split(b","))
    return name, b", ".join(part for part in parts if part.lower() != b"accept-language")


def is_same_for_everyone(headers: Iterable[Header]) -> bool:
    """Whether the headers let a response be shared: no cookie, no variation by visitor, nothing private."""
    for name, value in headers:
        match name.lower():
            case b"set-cookie":
                return False
            case b"vary" if not {part.strip().lower() for part in value.split(b",")} <= HARMLESS_VARY:
                return False
            case b"cache-control" if any(word in value.lower() for word in FORBIDDEN_CACHE_CONTROL):
                return False
    return True


def without_mark(message: Message) -> Message:
    """The message as a client may see it."""
    if message["type"] != "http.response.start":
        return message
    headers = [header for header in message["headers"] if header[0].lower() != MARK_NAME]
    return {**message, "headers": headers}
