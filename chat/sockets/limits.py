"""How many sockets and frames one client may have."""

from __future__ import annotations

import ipaddress
from collections import Counter
from functools import cache, lru_cache

from django.conf import settings

from chat.core.rates import Bucket
from helpcenter.rate_limit import parse_rate

FRAMES_PER_MESSAGE = 6
MIN_SOCKETS_PER_ADDRESS = 500
SOCKETS_PER_OPENING = 10
AGENT_FACTOR = 4
MOST_WRITERS = 20_000

_sockets: Counter[str] = Counter()
_buckets: dict[tuple[str, int], Bucket] = {}


def admit(address: str) -> bool:
    """Count a socket of this address unless it has as many as it may; many customers share one address."""
    key = network(address)
    if _sockets[key] >= sockets_per_address():
        return False
    _sockets[key] += 1
    return True


def leave(address: str) -> None:
    """A socket that was admitted has ended."""
    key = network(address)
    _sockets[key] -= 1
    if _sockets[key] <= 0:
        del _sockets[key]


@cache
def sockets_per_address() -> int:
    """The ceiling follows from how many conversations a client may open."""
    return max(MIN_SOCKETS_PER_ADDRESS, SOCKETS_PER_OPENING * parse_rate(settings.CHAT_OPEN_RATE).amount)


@cache
def frames_per_second() -> float:
    """Frames of all kinds that a socket may send."""
    rate = parse_rate(settings.CHAT_MESSAGE_RATE)
    return max(5.0, FRAMES_PER_MESSAGE * rate.amount / rate.get_expiry())


@cache
def _message_rate() -> tuple[int, int]:
    rate = parse_rate(settings.CHAT_MESSAGE_RATE)
    return rate.amount, rate.get_expiry()


def message_wait(writer: tuple[str, int], now: float, *, is_agent: bool = False) -> int:
    """Count a message of `writer` at `now` (seconds); 0 when it may be sent, else milliseconds to wait."""
    bucket = _buckets.get(writer)
    if bucket is None:
        amount, seconds = _message_rate()
        burst = amount * (AGENT_FACTOR if is_agent else 1)
        if len(_buckets) >= MOST_WRITERS:
            # Who wrote first is most likely to have rested long enough to start with a full one again.
            del _buckets[next(iter(_buckets))]
        bucket = _buckets[writer] = Bucket(burst / seconds, burst, now)
    wait = bucket.take(now)
    return int(wait * 1000) + 1 if wait else 0


@lru_cache(10_000)
def network(address: str) -> str:
    """What counts as one address: IPv4 whole, IPv6 by its /64 network."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def forget() -> None:
    """Start counting anew, with the settings of now (tests)."""
    _buckets.clear()
    _sockets.clear()
    for kept in (sockets_per_address, frames_per_second, _message_rate):
        kept.cache_clear()
