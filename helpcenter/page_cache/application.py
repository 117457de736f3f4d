"""The cache itself: an ASGI application around Django's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings

from helpcenter.metrics import PAGE_CACHE
from helpcenter.page_cache.entries import Entry, Key, Shelf, build_entry
from helpcenter.page_cache.held import Held, without_mark
from helpcenter.page_cache.negotiation import best_encoding, matches
from helpcenter.page_cache.requests import Asked, OurHosts, read_request
from helpcenter.page_cache.watcher import Watcher

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
# The query parameters that change a path's page; None for a page that is not public.
Rule = tuple[str, ...] | None
# Nobody has asked for the path yet; no parameter has such a name.
UNKNOWN: Rule = ("?",)

MAX_QUERY_BYTES = 400
MAX_PATHS = 20_000
# Longer than any path of a page; what anybody can make up isn't worth the memory.
MAX_PATH_CHARS = 300
# What those who wait get when the first one's client went away; one of them is the first then.
GIVEN_UP = Entry({})
HITS, MISSES = PAGE_CACHE.labels("hit"), PAGE_CACHE.labels("miss")
NO_BODY: Message = {"type": "http.response.body", "body": b""}


class PageCache:
    """Answers GETs of public pages from memory; everything else goes on to `application`.

    Cookies don't matter: a public page is the same for everyone. What htmx asks for is always passed on,
    because a view may answer it with a fragment.
    """

    def __init__(self, application: Application, max_bytes: int, watcher: Watcher | None = None) -> None:
        self.application = application
        self.max_bytes = max_bytes
        self.shelf = Shelf(max_bytes)
        self.watcher = watcher or Watcher()
        self.watcher.on_change = self.empty
        self._hosts = OurHosts(settings.ALLOWED_HOSTS)
        # Learnt from the first page of each path; it depends on the path's view, not on the content.
        self._rules: dict[str, Rule] = {}
        self._making: dict[Key, asyncio.Future[Entry | None]] = {}

    def empty(self) -> None:
        """Forget every page; may be called from any thread."""
        self.shelf = Shelf(self.max_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        method = scope["method"]
        if method != "GET" and method != "HEAD":
            await self._pass_on(scope, receive, send)
            return
        asked = read_request(scope)
        shelf, rule = self.shelf, self._rules.get(asked.path, UNKNOWN)
        if rule is None or not self._may_be_kept(asked) or (rule is UNKNOWN and method == "HEAD"):
            await self._pass_on(scope, receive, send)
            return
        entry = None if rule is UNKNOWN else shelf.get(_key(asked, rule))
        if entry is None:
            MISSES.inc()
            entry = await self._make(asked, shelf, scope, receive, send)
        else:
            HITS.inc()
        if entry is not None:
            await _answer(entry, asked, method, send)

    def _may_be_kept(self, asked: Asked) -> bool:
        # Daphne takes a prefix from anybody's header; it would be in every link of the page.
        if asked.is_htmx or asked.prefix or len(asked.query) > MAX_QUERY_BYTES:
            return False
        return asked.host in self._hosts.known or self._hosts.learn(asked.host)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def strip_mark(message: Message) -> None:
            await send(without_mark(message))

        await self.application(scope, receive, strip_mark)

    async def _make(
        self, asked: Asked, shelf: Shelf, scope: Scope, receive: Receive, send: Send
    ) -> Entry | None:
        """Have Django make the page once for all who wait for it; None when it has been sent already."""
        rule = self._rules.get(asked.path, UNKNOWN)
        key = (id(shelf), *_key(asked, rule))
        while making := self._making.get(key):
            entry = await asyncio.shield(making)
            if entry is not GIVEN_UP:
                if entry is None:
                    await self._pass_on(scope, receive, send)
                return entry
        if rule is not UNKNOWN:
            scope, send = _for_everyone(scope), _as_asked(scope, send)
        return await self._make_first(key, asked, shelf, scope, receive, send)

    async def _make_first(
        self, key: Key, asked: Asked, shelf: Shelf, scope: Scope, receive: Receive, send: Send
    ) -> Entry | None:
        """The page, also for those who have begun to wait; None when the answer was no public page."""
        self._making[key] = making = asyncio.get_running_loop().create_future()
        held = Held(send, on_passed_on=lambda: _settle(making, None))
        entry = GIVEN_UP
        try:
            self.watcher.ensure_started()
            await self.application(scope, receive, held.take)
            if held.rule is not None:
                self._learn(asked.path, held.rule)
                entry = await asyncio.to_thread(build_entry, held.headers, bytes(held.body))
                shelf.put(_key(asked, held.rule), entry)
                return entry
            if held.is_ordinary_page:
                self._learn(asked.path, None)
            return None
        finally:
            self._making.pop(key, None)
            _settle(making, entry)

    def _learn(self, path: str, rule: Rule) -> None:
        if len(path) > MAX_PATH_CHARS:
            return
        if len(self._rules) >= MAX_PATHS:
            self._rules.clear()
        self._rules[path] = rule


def _settle(making: asyncio.Future[Entry | None], entry: Entry | None) -> None:
    if not making.done():
        making.set_result(entry)


def _key(asked: Asked, rule: Rule) -> Key:
    """What one page is kept under; while its rule is unknown every query is a page of its own."""
    if not asked.query or not rule:
        return asked.host, asked.path, asked.is_secure
    if rule is UNKNOWN:
        return asked.host, asked.path, asked.is_secure, asked.query
    pairs = parse_qsl(asked.query.decode(errors="replace"), keep_blank_values=True)
    # By name only: among several values of one name the order says which one counts.
    known = sorted((pair for pair in pairs if pair[0] in rule), key=lambda pair: pair[0])
    return asked.host, asked.path, asked.is_secure, tuple(known)


def _for_everyone(scope: Scope) -> Scope:
    """The request for a page that is known to be public: nobody's cookies, and the whole page for a HEAD."""
    headers = [header for header in scope["headers"] if header[0] != b"cookie"]
    return dict(scope) | {"method": "GET", "headers": headers}


def _as_asked(scope: Scope, send: Send) -> Send:
    """Sends what isn't kept after all, without a body to who asked for none."""
    if scope["method"] != "HEAD":
        return send

    async def send_headers(message: Message) -> None:
        await send(message if message["type"] == "http.response.start" else {**message, "body": b""})

    return send_headers


async def _answer(entry: Entry, asked: Asked, method: str, send: Send) -> None:
    variant = entry.variants[best_encoding(asked.accept_encoding)]
    if asked.if_none_match and matches(asked.if_none_match, variant.etag):
        await send(variant.not_modified)
        await send(NO_BODY)
        return
    await send(variant.start)
    await send(variant.body if method == "GET" else NO_BODY)
