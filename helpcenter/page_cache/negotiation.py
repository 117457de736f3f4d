"""Which encoding a browser wants and whether it has the page already; plain bytes in and out."""

from __future__ import annotations

from functools import lru_cache

PREFERENCE = (b"br", b"gzip")
MAX_HEADER = 256


@lru_cache(maxsize=512)
def best_encoding(accept: bytes) -> bytes:
    """The best encoding that `Accept-Encoding` allows; b"" when it wants the page as it is."""
    qualities: dict[bytes, float] = {}
    for part in accept[:MAX_HEADER].lower().split(b","):
        name, _semicolon, parameters = part.strip().partition(b";")
        qualities[name.strip()] = _quality(parameters)
    anything = qualities.get(b"*", 0.0)
    best = max(PREFERENCE, key=lambda name: qualities.get(name, anything))
    return best if qualities.get(best, anything) > 0 else b""


def _quality(parameters: bytes) -> float:
    name, _equals, value = parameters.strip().partition(b"=")
    if name.strip() != b"q":
        return 1.0
    try:
        return max(0.0, min(1.0, float(value)))
    except ValueError:
        return 0.0


def matches(if_none_match: bytes, etag: bytes) -> bool:
    """Whether `If-None-Match` names this page."""
    if if_none_match == etag:
        return True
    known = (part.strip().removeprefix(b"W/") for part in if_none_match.split(b","))
    return any(part in (etag, b"*") for part in known)
