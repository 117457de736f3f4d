"""Whether this process can do its work: the database, the layer between processes, the ticker, the disk."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import redis
from django.conf import settings
from django.db import DatabaseError, connection, connections
from redis.exceptions import RedisError

from chat.models import Duty
from chat.services.clock import database_now

logger = logging.getLogger(__name__)
LEAST_FREE_BYTES = 200 * 1024 * 1024
# The ticker's duty is held for 10 s at a time; a new holder may need as long to notice.
LATE = timedelta(seconds=30)
TICKER = "ticker"
REDIS_SECONDS = 2


class NotReady(Exception):
    """Something this process needs is not there; the text says what, without secrets."""


def database() -> None:
    """Ask the database something; raises `NotReady`."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.fetchone()
    except DatabaseError:
        logger.warning("The database is out of reach", exc_info=True)
        raise NotReady("the database does not answer") from None


def layer() -> None:
    """Ask Redis for a sign of life, where there is one; raises `NotReady`."""
    if not settings.REDIS_URL:
        return
    client = redis.Redis.from_url(
        settings.REDIS_URL, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
    )
    try:
        client.ping()
    except (RedisError, OSError):
        raise NotReady("Redis does not answer") from None
    finally:
        client.close()


def ticker() -> None:
    """Whether some process does what falls due; raises `NotReady`."""
    try:
        expires = Duty.objects.filter(name=TICKER).values_list("expires_at", flat=True).first()
        is_late = expires is None or database_now() - expires > LATE
    except DatabaseError:
        raise NotReady("the database does not answer") from None
    if is_late:
        raise NotReady("nobody does what falls due")


def disk() -> None:
    """Whether attachments, and the database if it is a file, can still be written; raises `NotReady`."""
    folders = [Path(settings.MEDIA_ROOT)]
    if settings.IS_SQLITE:
        folders.append(Path(str(settings.DATABASES["default"]["NAME"])).parent)
    for folder in folders:
        there = next(place for place in (folder, *folder.parents) if place.exists())
        if shutil.disk_usage(there).free < LEAST_FREE_BYTES:
            raise NotReady("the disk is nearly full")
        if not os.access(there, os.W_OK):
            raise NotReady("a folder can't be written")


CHECKS: dict[str, Callable[[], None]] = {
    "database": database,
    "layer": layer,
    "ticker": ticker,
    "disk": disk,
}


def readiness() -> dict[str, str]:
    """Each check's outcome: "ok", or what is wrong."""
    try:
        return {name: _outcome(check) for name, check in CHECKS.items()}
    finally:
        connections.close_all()


def _outcome(check: Callable[[], None]) -> str:
    try:
        check()
    except NotReady as reason:
        return str(reason)
    return "ok"
