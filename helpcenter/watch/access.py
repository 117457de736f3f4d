"""Who may read a process's figures: machines beside it, and whoever has the token."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from hmac import compare_digest

# Written by any proxy in front; a request that came through one comes from outside.
FORWARDED = frozenset(
    {b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"forwarded", b"x-real-ip"}
)
# `is_private` would also let in ranges that are nobody's, such as those of documentation.
NEAR = [
    ipaddress.ip_network(network)
    for network in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
]


def may_read(address: str, headers: Iterable[tuple[bytes, bytes]], token: str) -> bool:
    """Whether figures may be shown to a request from `address`; `token` is empty when there is none."""
    known = dict(headers)
    if token and compare_digest(known.get(b"authorization", b""), f"Bearer {token}".encode()):
        return True
    return not FORWARDED & known.keys() and _is_near(address)


def _is_near(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in NEAR if network.version == found.version)
