"""The parts of the ASGI application, put together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver

from helpcenter.one_hop import OneHopHandler
from helpcenter.page_cache.application import PageCache

Message = MutableMapping[str, Any]
FORBIDDEN = 4403
# Compiled before the first visitor, and before the garbage collector is told what lives for ever.
WARM_TEMPLATES = (
    "faq/home.html",
    "faq/article.html",
    "faq/category.html",
    "faq/search.html",
    "faq/error.html",
)


def make_http_application() -> PageCache:
    """Django on lasting threads behind the cache of public pages."""
    handler = OneHopHandler()
    get_resolver().check()
    for name in WARM_TEMPLATES:
        get_template(name)
    return PageCache(handler, settings.PAGE_CACHE_BYTES)


async def refuse_websocket(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """Refuse a socket before it is accepted: nothing listens on one yet."""
    await receive()
    await send({"type": "websocket.close", "code": FORBIDDEN})
