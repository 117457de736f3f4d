"""Who a host app says its customer is: signed tokens, checked for everything before anything is believed. Pure.

A token is a JWT of at most five minutes. It names its issuer (`iss`) and key (`kid`), whom it is for (`aud`), the
customer (`sub`), when it was made and ends (`iat`, `exp`) and itself (`jti`, so that it works once).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from jwt import PyJWS, PyJWTError
from jwt.exceptions import InvalidSignatureError

from helpcenter.identity_keys import Key, KeySet

LONGEST_TOKEN = 8 * 1024  # characters
LONGEST_LIFE = timedelta(minutes=5)
LEEWAY = timedelta(seconds=30)
LONGEST_SUBJECT = 200
LONGEST_JTI = 128
LONGEST_NAME = 80
LONGEST_EMAIL = 254
_REQUIRED = ("iss", "aud", "sub", "iat", "exp", "jti")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Refusal(StrEnum):
    """Why a token was not believed."""

    MALFORMED = "malformed"
    UNKNOWN_ISSUER = "unknown_issuer"
    UNKNOWN_KEY = "unknown_key"
    WRONG_ALGORITHM = "wrong_algorithm"
    BAD_SIGNATURE = "bad_signature"
    MISSING_CLAIM = "missing_claim"
    BAD_CLAIM = "bad_claim"
    WRONG_AUDIENCE = "wrong_audience"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    LIVES_TOO_LONG = "lives_too_long"
    REPLAYED = "replayed"
    OTHER_PERSON = "other_person"


class IdentityRefused(Exception):
    """A token was not believed, for this `reason`; nothing has changed."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says, all of it checked; `name` and `email` are empty when it says nothing of them."""

    issuer: str
    subject: str
    name: str
    email: str
    expires_at: datetime
    jti: str


def verify(token: str, keys: KeySet, *, audience: str, now: datetime) -> Claims:
    """The claims of a token for `audience` (this site's address) at `now`; raises `IdentityRefused`.

    Whether the token was used before is not known here.
    """
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN or not token.isascii():
        raise IdentityRefused(Refusal.MALFORMED)
    header, said = _read(token)
    key = _key_of(header, said, keys)
    claims = _signed_claims(token, key)
    _check_audience(claims, audience)
    expires_at = _check_times(claims, now)
    return Claims(
        issuer=claims["iss"],
        subject=_text(claims, "sub", LONGEST_SUBJECT),
        name=_optional(claims, "name")[:LONGEST_NAME],
        email=_email(claims),
        expires_at=expires_at,
        jti=_text(claims, "jti", LONGEST_JTI),
    )


def _read(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims before anything is proved: good for nothing but finding the key."""
    try:
        parts = PyJWS().decode_complete(token, options={"verify_signature": False})
    except (PyJWTError, ValueError, RecursionError):
        raise IdentityRefused(Refusal.MALFORMED) from None
    return parts["header"], _claims_of(parts["payload"])


def _claims_of(payload: bytes) -> dict[str, Any]:
    try:
        claims = json.loads(payload)
    except (ValueError, RecursionError):
        raise IdentityRefused(Refusal.MALFORMED) from None
    if not isinstance(claims, dict):
        raise IdentityRefused(Refusal.MALFORMED)
    return claims


def _key_of(header: dict[str, Any], said: dict[str, Any], keys: KeySet) -> Key:
    issuer, kid = said.get("iss"), header.get("kid")
    if issuer is None:
        raise IdentityRefused(Refusal.MISSING_CLAIM)
    if not isinstance(issuer, str) or issuer not in keys:
        raise IdentityRefused(Refusal.UNKNOWN_ISSUER)
    if not isinstance(kid, str) or kid not in keys[issuer]:
        raise IdentityRefused(Refusal.UNKNOWN_KEY)
    key = keys[issuer][kid]
    if header.get("alg") != key.alg:
        raise IdentityRefused(Refusal.WRONG_ALGORITHM)
    return key


def _signed_claims(token: str, key: Key) -> dict[str, Any]:
    try:
        parts = PyJWS(algorithms=[key.alg]).decode_complete(token, key.material, algorithms=[key.alg])
    except InvalidSignatureError:
        raise IdentityRefused(Refusal.BAD_SIGNATURE) from None
    except (PyJWTError, ValueError, RecursionError):
        raise IdentityRefused(Refusal.MALFORMED) from None
    claims = _claims_of(parts["payload"])
    if any(claims.get(name) is None for name in _REQUIRED):
        raise IdentityRefused(Refusal.MISSING_CLAIM)
    return claims


def _check_audience(claims: dict[str, Any], audience: str) -> None:
    named = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if not all(isinstance(name, str) for name in named):
        raise IdentityRefused(Refusal.BAD_CLAIM)
    if audience not in named:
        raise IdentityRefused(Refusal.WRONG_AUDIENCE)


def _check_times(claims: dict[str, Any], now: datetime) -> datetime:
    """When the token ends. Only comparisons until the numbers are known to be small."""
    current, leeway, life = now.timestamp(), LEEWAY.total_seconds(), LONGEST_LIFE.total_seconds()
    issued, ends = _number(claims, "iat"), _number(claims, "exp")
    if issued > current + leeway or ("nbf" in claims and _number(claims, "nbf") > current + leeway):
        raise IdentityRefused(Refusal.NOT_YET_VALID)
    if ends <= current:
        raise IdentityRefused(Refusal.EXPIRED)
    if issued < current - life or ends > issued + life:
        raise IdentityRefused(Refusal.LIVES_TOO_LONG)
    return datetime.fromtimestamp(ends, UTC)


def _number(claims: dict[str, Any], name: str) -> float:
    value = claims[name]
    # NaN compares with nothing, so it is neither below zero nor above.
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise IdentityRefused(Refusal.BAD_CLAIM)
    return value


def _text(claims: dict[str, Any], name: str, longest: int) -> str:
    value = claims[name]
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
        raise IdentityRefused(Refusal.BAD_CLAIM)
    return value


def _optional(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name, "")
    if value is None:
        return ""
    if not isinstance(value, str) or not value.isprintable():
        raise IdentityRefused(Refusal.BAD_CLAIM)
    return value.strip()


def _email(claims: dict[str, Any]) -> str:
    email = _optional(claims, "email")
    if email and (len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email)):
        raise IdentityRefused(Refusal.BAD_CLAIM)
    return email
