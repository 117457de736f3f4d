"""What a browser calls itself, in words that a person reads at a glance."""

from __future__ import annotations

from functools import lru_cache

from ua_parser import parse

KNOWN = 500


@lru_cache(KNOWN)
def described(user_agent: str) -> str:
    """Browser, system and device, such as "Chrome Mobile 120 · Android 14 · Pixel 7"; unchanged when nobody knows it."""
    found = parse(user_agent)
    parts = [_versioned(one) for one in (found.user_agent, found.os) if one]
    if found.device and found.device.model:
        parts.append(found.device.model)
    return " · ".join(dict.fromkeys(parts)) or user_agent


def _versioned(part: object) -> str:
    family, major = getattr(part, "family", ""), getattr(part, "major", None)
    return f"{family} {major}" if major else str(family)
