"""Slowing down whoever guesses passwords, without locking out the person whose account it is.

Failures count for an account together with the address they come from, so guessing elsewhere costs its owner
nothing. A browser in which somebody signed in before carries a signed cookie; it has counters of its own, so
that its owner still gets in while a colleague behind the same address is being guessed at. What is counted for
an address alone is only a high ceiling, because an office has one address.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from helpcenter.rate_limit import client_address, seconds_left, seconds_to_wait

COOKIE = "topay_device"
COOKIE_AGE = timedelta(days=365)
_SALT = "helpcenter.accounts.device"


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody who tries to sign in: by which name, from where, in which known browser."""

    username: str
    address: str
    device: str = ""

    @property
    def wait(self) -> int:
        """Seconds until they may try again, 0 for now."""
        return max(seconds_left(name, key, rate) for name, key, rate in self._counters())

    def failed(self) -> None:
        """Count a wrong password."""
        for name, key, rate in self._counters():
            seconds_to_wait(name, key, rate)

    def _counters(self) -> list[tuple[str, str, str]]:
        where = self.device or self.address
        kind = "sign-in-device" if self.device else "sign-in"
        # Each rate counts on its own.
        own = [(f"{kind}-{rate}", f"{self.username}|{where}", rate) for rate in settings.SIGN_IN_RATES]
        if self.device:
            return own
        return [*own, ("sign-in-address", self.address, settings.SIGN_IN_ADDRESS_RATE)]


@dataclass(frozen=True, slots=True)
class Proof:
    """Somebody who is known and proves that it is them; `kind` of proof counts on its own."""

    kind: str
    account: int
    rates: tuple[str, ...]

    @property
    def wait(self) -> int:
        """Seconds until they may try again, 0 for now."""
        return max(seconds_left(f"{self.kind}-{rate}", str(self.account), rate) for rate in self.rates)

    def failed(self) -> None:
        """Count a wrong one."""
        for rate in self.rates:
            seconds_to_wait(f"{self.kind}-{rate}", str(self.account), rate)


def code_of(account: int) -> Proof:
    """A code of the second factor: only who knows the account's password comes so far."""
    return Proof("code", account, settings.CODE_RATES)


def current_password_of(account: int) -> Proof:
    """The current password before it is changed, in a session that was left open perhaps."""
    return Proof("current-password", account, settings.SIGN_IN_RATES)


def attempt(request: HttpRequest, username: str) -> Attempt:
    """Who tries to sign in with this request."""
    name = _digest(username.strip().casefold())
    device, owners = _device(request)
    return Attempt(name, client_address(request), device if name in owners else "")


def remember_device(request: HttpRequest, response: HttpResponse, username: str) -> None:
    """Let this browser be known as one in which the account's owner signed in."""
    device, owners = _device(request)
    names = [_digest(username.strip().casefold()), *owners]
    value = {"id": device or secrets.token_urlsafe(12), "of": list(dict.fromkeys(names))[:5]}
    response.set_cookie(
        COOKIE,
        signing.dumps(value, salt=_SALT),
        max_age=COOKIE_AGE,
        path="/desk/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _device(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        value = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=COOKIE_AGE)
        return str(value["id"]), [str(name) for name in value["of"]]
    except (signing.BadSignature, KeyError, TypeError):
        return "", []


def _digest(username: str) -> str:
    """Names of accounts stand neither in cookies nor in counters."""
    return hashlib.sha256(username.encode("utf-8", "surrogatepass")).hexdigest()[:24]
