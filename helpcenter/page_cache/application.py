"""The cache itself: an ASGI application around Django's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from helpcenter.page_cache.entries import Entry, Header, Key, Shelf, build_entry
from helpcenter.page_cache.negotiation import choose, matches
from helpcenter.page_cache.watcher import Watcher

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

MARK = b"x-public-page"
MAX_QUERY_BYTES = 400
MAX_PATHS = 20_000
NO_BODY: Message = {"type": "http.response.body", "body": b""}


@dataclass
class Asked:
    """What of a request decides which bytes answer it."""

    path: str
    query: bytes
    is_secure: bool
    host: bytes = b""
    accept_encoding: bytes = b""
    if_none_match: bytes = b""
    is_fragment: bool = False


@dataclass
class Captured:
    """A response of Django's, held back until it is clear whether it is kept."""

    status: int = 0
    headers: list[Header] = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)

    @property
    def parameters(self) -> tuple[str, ...] | None:
        """The query parameters that matter, or None when the page isn't public."""
        for name, value in self.headers:
            if name.lower() == MARK:
                return tuple(value.decode().split())
        return None


class PageCache:
    """Answers anonymous GETs of public pages from memory; everything else goes on to `application`."""

    def __init__(self, application: Application, max_bytes: int, watcher: Watcher | None = None) -> None:
        self.application = application
        self.max_bytes = max_bytes
        self.shelf = Shelf(max_bytes)
        self.watcher = watcher or Watcher(self.empty)
        # What a path's query parameters mean, learnt from its first answer; None: not a public page.
        self._rules: dict[str, tuple[str, ...] | None] = {}
        self._known_hosts: set[bytes] = set()
        self._making: dict[Key, asyncio.Future[Entry | None]] = {}

    def empty(self) -> None:
        """Forget every page and what was learnt about paths; may be called from any thread."""
        self.shelf = Shelf(self.max_bytes)
        self._rules = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] not in ("GET", "HEAD"):
            await self.application(scope, receive, send)
            return
        asked = _read(scope)
        if asked.is_fragment or not self._is_our_host(asked.host) or len(asked.query) > MAX_QUERY_BYTES:
            await self.application(scope, receive, send)
            return
        shelf = self.shelf
        entry = shelf.get(self._key(asked)) if asked.path in self._rules else None
        if entry is None:
            if scope["method"] == "HEAD" and self._rules.get(asked.path) is None:
                await self.application(scope, receive, send)
                return
            entry = await self._make(asked, shelf, scope, receive, send)
        if entry is not None:
            await _answer(entry, asked, scope["method"], send)

    def _key(self, asked: Asked) -> Key:
        rule = self._rules.get(asked.path)
        if not asked.query or rule == ():
            return asked.path, asked.is_secure
        if rule is None:
            return asked.path, asked.is_secure, asked.query
        pairs = parse_qsl(asked.query.decode("latin-1"), keep_blank_values=True)
        return asked.path, asked.is_secure, tuple(sorted(pair for pair in pairs if pair[0] in rule))

    async def _make(
        self, asked: Asked, shelf: Shelf, scope: Scope, receive: Receive, send: Send
    ) -> Entry | None:
        """Let Django make the page, once for all who wait for it; None when it has been sent already."""
        if asked.path in self._rules and self._rules[asked.path] is None:
            await self.application(scope, receive, send)
            return None
        key = (id(shelf), *self._key(asked))
        others = self._making.get(key)
        if others is not None:
            entry = await asyncio.shield(others)
            if entry is None:
                await self.application(scope, receive, send)
            return entry
        self._making[key] = future = asyncio.get_running_loop().create_future()
        entry = None
        try:
            entry = await self._fill(asked, shelf, scope, receive, send, future)
        finally:
            self._making.pop(key, None)
            if not future.done():
                future.set_result(entry)
        return entry

    async def _fill(
        self,
        asked: Asked,
        shelf: Shelf,
        scope: Scope,
        receive: Receive,
        send: Send,
        future: asyncio.Future[Entry | None],
    ) -> Entry | None:
        self.watcher.ensure_started()
        held = Captured()

        async def capture(message: Message) -> None:
            if message["type"] == "http.response.start":
                held.status, held.headers = message["status"], list(message["headers"])
                if held.parameters is None:
                    if held.status == 200:
                        self._learn(asked.path, None)
                    if not future.done():
                        future.set_result(None)
            if held.parameters is None:
                await send(message)
            elif message["type"] == "http.response.body":
                held.body += message.get("body", b"")

        await self.application(_as_get(scope), receive, capture)
        if held.parameters is None:
            return None
        self._learn(asked.path, held.parameters)
        entry = await asyncio.to_thread(build_entry, held.headers, bytes(held.body))
        shelf.put(self._key(asked), entry)
        return entry

    def _learn(self, path: str, rule: tuple[str, ...] | None) -> None:
        if len(self._rules) >= MAX_PATHS:
            self._rules.clear()
        self._rules[path] = rule

    def _is_our_host(self, host: bytes) -> bool:
        if host in self._known_hosts:
            return True
        name, _port = split_domain_port(host.decode("latin-1"))
        if not name or not validate_host(name, settings.ALLOWED_HOSTS):
            return False
        if len(self._known_hosts) < 1000:
            self._known_hosts.add(host)
        return True


def _read(scope: Scope) -> Asked:
    asked = Asked(
        path=scope.get("root_path", "") + scope["path"],
        query=scope.get("query_string", b""),
        is_secure=scope.get("scheme") == "https",
    )
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            asked.accept_encoding = value
        elif name == b"host":
            asked.host = value
        elif name == b"if-none-match":
            asked.if_none_match = value
        elif name == b"hx-request":
            asked.is_fragment = True
        elif name == b"x-forwarded-proto" and settings.SECURE_PROXY_SSL_HEADER:
            asked.is_secure = value == b"https"
    return asked


def _as_get(scope: Scope) -> Scope:
    """A HEAD is answered from the page, so the page is made as for a GET."""
    return scope if scope["method"] == "GET" else dict(scope) | {"method": "GET"}


async def _answer(entry: Entry, asked: Asked, method: str, send: Send) -> None:
    variant = entry.variants[choose(asked.accept_encoding, entry.variants)]
    if asked.if_none_match and matches(asked.if_none_match, variant.etag):
        await send(variant.not_modified)
        await send(NO_BODY)
        return
    await send(variant.start)
    await send(variant.body if method == "GET" else NO_BODY)
