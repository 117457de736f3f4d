"""Limits on how often somebody may do something, shared by all processes when Redis is there."""

from __future__ import annotations

import ipaddress
import logging
import math
import re
import time
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItem, parse
from limits.errors import StorageError
from limits.storage import Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from helpcenter.moving_windows import MovingWindows

logger = logging.getLogger(__name__)
UNITS = {"s": "second", "m": "minute", "h": "hour", "d": "day"}
# limits' own counters in memory start a thread for nearly every use and walk through all keys in it.
_memory = MovingWindows()
RATE = re.compile(r"^(?P<amount>\d+)/(?P<multiples>\d*)(?P<unit>[smhd])$")


@cache
def parse_rate(rate: str) -> RateLimitItem:
    """Turn `5/s` or `6/12h` into a limit; raises `ValueError` for anything else."""
    match = RATE.match(rate)
    if match is None:
        raise ValueError(f"{rate!r} must look like 5/s, 60/m or 6/12h")
    return parse(f"{match['amount']} per {match['multiples'] or 1} {UNITS[match['unit']]}")


def seconds_to_wait(name: str, key: str, rate: str) -> int:
    """Count one use of `name` by `key`; 0 when it is within `rate`, else whole seconds to wait."""
    item = parse_rate(rate)
    storage = _storage()
    try:
        wait = _hit(storage, item, name, key) if storage else _use(item, name, key)
    except StorageError:
        # A customer in need is not turned away because Redis is: this process counts alone meanwhile.
        logger.warning("Redis is out of reach; limits are counted in this process only", exc_info=True)
        wait = _use(item, name, key)
    return _whole(wait, item)


def seconds_left(name: str, key: str, rate: str) -> int:
    """Whole seconds until `name` may be used again by `key`, 0 when it may now; counts nothing."""
    item = parse_rate(rate)
    storage = _storage()
    try:
        if storage is None:
            return _whole(_memory.wait((name, key), item.amount, item.get_expiry()), item)
        limiter = MovingWindowRateLimiter(storage)
        if limiter.test(item, name, key):
            return 0
        return _whole(max(1.0, limiter.get_window_stats(item, name, key).reset_time - time.time()), item)
    except StorageError:
        logger.warning("Redis is out of reach; limits are counted in this process only", exc_info=True)
        return _whole(_memory.wait((name, key), item.amount, item.get_expiry()), item)


def _whole(seconds: float, item: RateLimitItem) -> int:
    """Rounded up, and never more than the whole window, which a clock's last digits would add a second to."""
    return min(math.ceil(seconds), item.get_expiry())


def forgive(name: str, key: str, rate: str) -> None:
    """Forget how often `name` was used by `key`: what failed through our fault must not count against them."""
    _memory.forget((name, key))
    storage = _storage()
    if storage is None:
        return
    try:
        MovingWindowRateLimiter(storage).clear(parse_rate(rate), name, key)
    except StorageError:
        logger.warning("Redis is out of reach; nothing is forgiven there", exc_info=True)


def _use(item: RateLimitItem, name: str, key: str) -> float:
    return _memory.use((name, key), item.amount, item.get_expiry())


def _hit(storage: Storage, item: RateLimitItem, name: str, key: str) -> float:
    limiter = MovingWindowRateLimiter(storage)
    if limiter.hit(item, name, key):
        return 0.0
    reset_at = limiter.get_window_stats(item, name, key).reset_time
    return max(1.0, reset_at - time.time())


def client_address(request: HttpRequest) -> str:
    """The address that counts against a ceiling: IPv4 whole, IPv6 by its /64 network."""
    raw = request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104 - a label for "unknown", nothing is bound
    try:
        address = ipaddress.ip_address(raw)
    except ValueError:
        return "unknown"
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def forget_all() -> None:
    """Empty every counter (tests start from zero)."""
    if storage := _storage():
        storage.reset()
    _memory.clear()


@cache
def _storage() -> Storage | None:
    """The counters that all processes share; none without Redis."""
    if not settings.REDIS_URL:
        return None
    return _storage_at(settings.REDIS_URL, wrap_exceptions=True, socket_timeout=2, socket_connect_timeout=2)


def _storage_at(address: str, **options: Any) -> Storage:
    storage = storage_from_string(address, **options)
    if not isinstance(storage, Storage):
        raise TypeError(f"{address} is no storage for synchronous code")
    return storage
