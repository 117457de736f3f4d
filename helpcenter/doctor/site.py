"""The site as the world sees it: TLS, the proxy in front, origins, second factors, demo accounts."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError

from faq.services.roles import DEMO_ACCOUNTS
from helpcenter.doctor.findings import Finding, ok, problem, warning

SECONDS = 5
LEAST_DAYS = 14
HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "ZG9jdG9yLWRvY3Rvci1kbw==",
}


def _is_local() -> bool:
    return (urlsplit(settings.SITE_URL).hostname or "") in ("localhost", "127.0.0.1", "::1")


def tls() -> Iterator[Finding]:
    """Whether the address is encrypted, with a certificate that browsers take and that lasts."""
    parts = urlsplit(settings.SITE_URL)
    if parts.scheme != "https":
        if _is_local():
            yield ok("tls", "not needed on this machine alone")
        else:
            mend = "put the nginx of deploy/ in front and set SITE_URL to https://…"
            yield problem("tls", f"{settings.SITE_URL} is not encrypted", mend)
        return
    try:
        days = _days_left(parts.hostname or "", parts.port or 443)
    except (ssl.SSLError, OSError) as failed:
        mend = "check the certificate and that the address is reachable from here"
        yield problem("tls", f"{settings.SITE_URL}: {failed}", mend)
        return
    if days < LEAST_DAYS:
        yield warning("tls", f"the certificate ends in {days} day(s)", "renew it")
    else:
        yield ok("tls", f"the certificate is good for {days} days")


def _days_left(host: str, port: int) -> int:
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=SECONDS) as raw,
        context.wrap_socket(raw, server_hostname=host) as secured,
    ):
        known = secured.getpeercert() or {}
    return int((ssl.cert_time_to_seconds(str(known["notAfter"])) - time.time()) // 86400)


def proxy() -> Iterator[Finding]:
    """Whether what stands in front passes on what we need, and nothing that was forged."""
    try:
        status, _ = _ask("/healthz", {})
        if status != 200:
            mend = "start the server, and have the proxy pass everything on"
            yield problem("proxy", f"{settings.SITE_URL}/healthz answers {status}", mend)
            return
        yield from _sockets()
        yield from _forwarding()
    except (OSError, http.client.HTTPException) as failed:
        mend = "start the site, or run this where it can be reached"
        yield warning("proxy", f"{settings.SITE_URL} can't be reached from here: {failed}", mend)


def _sockets() -> Iterator[Finding]:
    status, _ = _ask("/ws/chat/", HANDSHAKE | {"Origin": settings.SITE_URL})
    if status == 101:
        yield ok("proxy", "passes sockets on")
    else:
        mend = "pass the Upgrade, Connection, Host and Origin headers on, as deploy/nginx does"
        yield problem("proxy", f"a socket's handshake is answered with {status}", mend)


def _forwarding() -> Iterator[Finding]:
    """Figures are for machines on our side; through the proxy they must not be seen."""
    status, _ = _ask("/metrics", {})
    if status == 200 and not _is_local():
        mend = "have the proxy set X-Forwarded-For, and answer /metrics with 404"
        yield problem("proxy", "/metrics can be read from outside", mend)
    if not settings.ENV.is_secure:
        return
    status, location = _ask("/", {"X-Forwarded-Proto": "http"})
    if status in (301, 308) and location.startswith("https://"):
        mend = "have the proxy overwrite X-Forwarded-Proto, as deploy/nginx does"
        yield problem("proxy", "a client's own X-Forwarded-Proto gets through", mend)


def _ask(path: str, headers: dict[str, str]) -> tuple[int, str]:
    parts = urlsplit(settings.SITE_URL)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response.status, response.headers.get("Location", "")
    finally:
        connection.close()


def origins() -> Iterator[Finding]:
    """Who may frame the widget, and which host names are answered."""
    insecure = [origin for origin in settings.EMBED_ORIGINS if origin.startswith("http://")]
    if insecure and settings.ENV.is_secure:
        yield warning(
            "origins", f"{', '.join(insecure)} may frame the widget unencrypted", "use https origins"
        )
    host = urlsplit(settings.SITE_URL).hostname or ""
    if not any(
        host == name or (name.startswith(".") and host.endswith(name)) for name in settings.ALLOWED_HOSTS
    ):
        yield problem("origins", f"ALLOWED_HOSTS does not answer to {host}", "add it, or unset ALLOWED_HOSTS")
    else:
        framed = len(settings.EMBED_ORIGINS)
        yield ok("origins", f"answers to {host}; {framed} other site(s) may frame the widget")


def people() -> Iterator[Finding]:
    """Whether those who sign in are safe from others, and nobody is left from the demo."""
    try:
        left = list(
            get_user_model()
            .objects.filter(username__in=DEMO_ACCOUNTS, is_active=True)
            .values_list("username", flat=True)
        )
    except DatabaseError:
        return
    if left and not _is_local():
        mend = "deactivate or delete them under /admin/auth/user/"
        yield problem("accounts", f"demo accounts can sign in: {', '.join(left)}", mend)
    if settings.DEBUG and not _is_local():
        yield problem("debug", "DEBUG shows the insides to everybody", "unset DEBUG")
    if settings.REQUIRE_SECOND_FACTOR:
        yield ok("second factor", "compulsory")
    elif _is_local():
        yield ok("second factor", "optional, on this machine alone")
    else:
        mend = "set REQUIRE_SECOND_FACTOR=1"
        yield warning("second factor", "a stolen password is enough to read conversations", mend)
