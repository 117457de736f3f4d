"""Which encoding a browser wants and whether it has the page already; plain bytes in and out."""

from __future__ import annotations

from collections.abc import Container
from functools import lru_cache

PREFERENCE = (b"br", b"gzip")
MAX_HEADER = 256


@lru_cache(maxsize=512)
def encodings(accept: bytes) -> tuple[bytes, ...]:
    """The encodings of `Accept-Encoding` that we know, best first; b"" (as it is) always comes last."""
    qualities: dict[bytes, float] = {}
    for part in accept[:MAX_HEADER].lower().split(b","):
        name, _semicolon, parameters = part.strip().partition(b";")
        qualities[name.strip()] = _quality(parameters)
    anything = qualities.get(b"*", 0.0)
    wanted = [(qualities.get(name, anything), name) for name in PREFERENCE]
    chosen = [name for quality, name in sorted(wanted, key=lambda w: -w[0]) if quality > 0]
    return (*chosen, b"")


def _quality(parameters: bytes) -> float:
    name, _equals, value = parameters.strip().partition(b"=")
    if name.strip() != b"q":
        return 1.0
    try:
        return max(0.0, min(1.0, float(value)))
    except ValueError:
        return 0.0


def choose(accept: bytes, available: Container[bytes]) -> bytes:
    """The best encoding that the page has."""
    return next(name for name in encodings(accept) if name in available)


def matches(if_none_match: bytes, etag: bytes) -> bool:
    """Whether `If-None-Match` names this page."""
    if if_none_match == etag:
        return True
    known = (part.strip().removeprefix(b"W/") for part in if_none_match.split(b","))
    return any(part in (etag, b"*") for part in known)
