"""What of a request decides which bytes answer it."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http.request import split_domain_port, validate_host

MAX_HOSTS = 1000


@dataclass(slots=True)
class Asked:
    """One GET or HEAD, as far as the cache looks at it."""

    prefix: str
    path: str
    query: bytes
    is_secure: bool
    host: bytes
    accept_encoding: bytes
    if_none_match: bytes
    is_htmx: bool


def read_request(scope: MutableMapping[str, Any]) -> Asked:
    """Read the headers that matter; this runs for every request, so it counts microseconds."""
    headers = dict(scope["headers"])
    if b"x-forwarded-proto" in headers and settings.SECURE_PROXY_SSL_HEADER:
        is_secure = _forwarded_scheme(scope["headers"]) == b"https"
    else:
        is_secure = scope["scheme"] == "https"
    return Asked(
        scope.get("root_path", ""),
        scope["path"],
        scope["query_string"],
        is_secure,
        headers.get(b"host", b"").lower(),
        headers.get(b"accept-encoding", b""),
        headers.get(b"if-none-match", b""),
        b"hx-request" in headers,
    )


def _forwarded_scheme(headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The proxy's first word on the scheme, which is the one that counts for Django."""
    first = next(value for name, value in headers if name == b"x-forwarded-proto")
    return first.split(b",", 1)[0].strip()


class OurHosts:
    """The hosts that Django would answer for; nothing is kept for any other."""

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = allowed
        self.known: set[bytes] = set()

    def learn(self, host: bytes) -> bool:
        """Whether `host` is ours; then it is known from now on."""
        name, _port = split_domain_port(host.decode("latin-1"))
        if not name or not validate_host(name, self._allowed):
            return False
        if len(self.known) < MAX_HOSTS:
            self.known.add(host)
        return True
