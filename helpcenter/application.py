"""The parts of the ASGI application, put together."""

from __future__ import annotations

import logging
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections
from django.template.loader import get_template
from django.urls import get_resolver

from faq.services import search_index
from helpcenter.i18n import DEFAULT_LANGUAGE
from helpcenter.one_hop import OneHopHandler
from helpcenter.page_cache.application import PageCache

logger = logging.getLogger(__name__)

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
    # In a thread of its own, because a server may import this inside its event loop.
    reader = threading.Thread(target=_read_search_index)
    reader.start()
    reader.join()
    return PageCache(handler, settings.PAGE_CACHE_BYTES)


def _read_search_index() -> None:
    """Have the index in memory before the first visitor searches; without a database it is read later."""
    try:
        search_index.find("topay", DEFAULT_LANGUAGE)
    except DatabaseError:
        logger.warning("The search index can't be read yet", exc_info=True)
    finally:
        connections.close_all()


async def refuse_websocket(
    scope: MutableMapping[str, Any],
    receive: Callable[[], Awaitable[Message]],
    send: Callable[[Message], Awaitable[None]],
) -> None:
    """Refuse a socket before it is accepted: nothing listens on one yet."""
    await receive()
    await send({"type": "websocket.close", "code": FORBIDDEN})
