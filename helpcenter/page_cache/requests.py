"""What of a request decides which bytes answer it."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

MAX_HOSTS = 1000


@dataclass(slots=True)
class Asked:
    """One GET or HEAD, as far as the cache looks at it."""

    path: str
    query: bytes
    is_secure: bool
    host: bytes = b""
    accept_encoding: bytes = b""
    if_none_match: bytes = b""
    is_htmx: bool = False


def read_request(scope: MutableMapping[str, Any]) -> Asked:
    """Read the headers that matter; as Django does, the proxy's first word on the scheme counts."""
    asked = Asked(
        path=scope.get("root_path", "") + scope["path"],
        query=scope.get("query_string", b""),
        is_secure=scope.get("scheme") == "https",
    )
    forwarded = None
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            asked.accept_encoding = value
        elif name == b"host":
            asked.host = value.lower()
        elif name == b"if-none-match":
            asked.if_none_match = value
        elif name == b"hx-request":
            asked.is_htmx = True
        elif name == b"x-forwarded-proto" and forwarded is None:
            forwarded = value
    if forwarded is not None and settings.SECURE_PROXY_SSL_HEADER:
        asked.is_secure = forwarded.split(b",", 1)[0].strip() == b"https"
    return asked


class OurHosts:
    """The set of hosts that Django would answer for; nothing is kept for any other."""

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = allowed
        self._known: set[bytes] = set()

    def __contains__(self, host: bytes) -> bool:
        if host in self._known:
            return True
        name, _port = split_domain_port(host.decode("latin-1"))
        if not name or not validate_host(name, self._allowed):
            return False
        if len(self._known) < MAX_HOSTS:
            self._known.add(host)
        return True
