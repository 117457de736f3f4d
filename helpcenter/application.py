"""The parts of the ASGI application, put together."""

from __future__ import annotations

import logging
import threading

from django.conf import settings
from django.db import DatabaseError, connections
from django.template.loader import get_template
from django.urls import get_resolver

from chat.delivery.polling import LongPoll
from faq.services import search_index
from helpcenter.i18n import DEFAULT_LANGUAGE
from helpcenter.one_hop import OneHopHandler
from helpcenter.page_cache.application import PageCache
from helpcenter.watch.application import Watched

logger = logging.getLogger(__name__)

# Compiled before the first visitor, and before the garbage collector is told what lives for ever.
WARM_TEMPLATES = (
    "faq/home.html",
    "faq/article.html",
    "faq/category.html",
    "faq/search.html",
    "faq/error.html",
)


def make_http_application() -> Watched:
    """Django on lasting threads behind the cache of public pages; who waits for messages waits before both."""
    handler = OneHopHandler()
    get_resolver().check()
    for name in WARM_TEMPLATES:
        get_template(name)
    # In a thread of its own, because a server may import this inside its event loop.
    reader = threading.Thread(target=_read_search_index)
    reader.start()
    reader.join()
    return Watched(LongPoll(PageCache(handler, settings.PAGE_CACHE_BYTES)))


def _read_search_index() -> None:
    """Have the index in memory before the first visitor searches; without a database it is read later."""
    try:
        search_index.find("topay", DEFAULT_LANGUAGE)
    except DatabaseError:
        logger.warning("The search index can't be read yet", exc_info=True)
    finally:
        connections.close_all()
