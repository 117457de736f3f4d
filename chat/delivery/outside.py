"""For a command beside the servers: what it changes in conversations is told to the processes that serve them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from uuid import uuid4

import redis
from django.conf import settings
from redis.exceptions import RedisError

from chat.delivery.hints import CHANNEL, TIMEOUT_SECONDS, Hint
from chat.services.announcements import Notice, listen

logger = logging.getLogger(__name__)


@contextmanager
def telling_servers() -> Iterator[None]:
    """While it lasts, servers hear at once of what changes here; without Redis they find it within seconds."""
    if not settings.REDIS_URL:
        yield
        return
    timeouts = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
    client = redis.Redis.from_url(settings.REDIS_URL, **timeouts)  # type: ignore[arg-type]
    stop = listen(partial(_publish, client, uuid4().hex[:12]))
    try:
        yield
    finally:
        stop()
        client.close()


def _publish(client: Any, me: str, notice: Notice) -> None:
    try:
        client.publish(CHANNEL, me + json.dumps(_hints(notice), separators=(",", ":")))
    except (RedisError, OSError):
        logger.warning("Redis is out of reach; servers hear of changes some seconds late", exc_info=True)


def _hints(notice: Notice) -> list[tuple[int | None, Hint]]:
    hints: list[tuple[int | None, Hint]] = []
    if notice.conversation is not None:
        number = notice.records[-1].seq if notice.records else 0
        hints.append((notice.conversation, {"n": number, "s": int(notice.state)}))
    if notice.agents or notice.queue:
        hints.append((None, {"a": notice.agents, "q": int(notice.queue)}))
    return hints
