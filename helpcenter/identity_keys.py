"""The keys with which host apps sign who their customers are.

Only public keys, or a shared secret where an app can't sign with a pair. The algorithm belongs to the key: what
a token says about it is compared, never followed.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from jwt import PyJWK, PyJWTError

ALGORITHMS = ("ES256", "EdDSA", "HS256")
LONGEST_NAME = 200
MIN_SECRET_BYTES = 32
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+={0,2}")
_MEMBERS = {"kid", "alg", "key"}

Material = EllipticCurvePublicKey | Ed25519PublicKey | bytes


class BadKeys(ValueError):
    """The keys can't be used; the text says which and why, without any of the key."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of an issuer: `alg` is the only algorithm that it is ever used with."""

    kid: str
    alg: str
    material: Material = field(repr=False)


KeySet = Mapping[str, Mapping[str, Key]]


def parse_keys(text: str) -> dict[str, dict[str, Key]]:
    """Issuer → kid → key, from JSON such as `{"topay-app": [{"kid": "1", "alg": "ES256", "key": "…"}]}`.

    `key` is a PEM public key, a JWK object, or for HS256 a secret in base64url. Raises `BadKeys`.
    """
    try:
        issuers = json.loads(text, object_pairs_hook=_without_doubles)
    except (ValueError, RecursionError) as error:
        reason = f"{error}" if isinstance(error, BadKeys) else "is not valid JSON"
        raise BadKeys(reason) from None
    if not isinstance(issuers, dict):
        raise BadKeys("must be an object of issuer to keys")
    return {issuer: _keys_of(issuer, rows) for issuer, rows in issuers.items()}


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise BadKeys(f"names {name!r} twice")
    return dict(pairs)


def _keys_of(issuer: str, rows: Any) -> dict[str, Key]:
    if not _is_name(issuer):
        raise BadKeys(f"an issuer needs a name of 1 to {LONGEST_NAME} characters")
    if not isinstance(rows, list) or not rows:
        raise BadKeys(f"issuer {issuer!r} needs a list of at least one key")
    keys: dict[str, Key] = {}
    for row in rows:
        key = _key(issuer, row)
        if key.kid in keys:
            raise BadKeys(f"issuer {issuer!r} has two keys with kid {key.kid!r}")
        keys[key.kid] = key
    return keys


def _key(issuer: str, row: Any) -> Key:
    if not isinstance(row, dict) or set(row) != _MEMBERS or not _is_name(row["kid"]):
        raise BadKeys(f"each key of issuer {issuer!r} must be an object with kid, alg and key")
    where = f"key {row['kid']!r} of issuer {issuer!r}"
    if row["alg"] not in ALGORITHMS:
        raise BadKeys(f"{where}: alg must be one of {', '.join(ALGORITHMS)}")
    try:
        material = _material(row["alg"], row["key"])
    except BadKeys as error:
        raise BadKeys(f"{where}: {error}") from None
    return Key(row["kid"], row["alg"], material)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME and value.isprintable()


def _material(alg: str, value: Any) -> Material:
    if isinstance(value, dict):
        material = _from_jwk(alg, value)
    elif isinstance(value, str):
        material = _from_base64url(value) if alg == "HS256" else _from_pem(value)
    else:
        raise BadKeys("key must be a text or a JWK object")
    if alg == "HS256":
        if not isinstance(material, bytes) or len(material) < MIN_SECRET_BYTES:
            raise BadKeys(f"HS256 needs a secret of at least {MIN_SECRET_BYTES} bytes in base64url")
    elif alg == "EdDSA":
        if not isinstance(material, Ed25519PublicKey):
            raise BadKeys("EdDSA needs an Ed25519 public key")
    elif not (isinstance(material, EllipticCurvePublicKey) and isinstance(material.curve, SECP256R1)):
        raise BadKeys("ES256 needs a public key on the curve P-256")
    return material


def _from_jwk(alg: str, value: dict[str, Any]) -> Any:
    if "d" in value:
        raise BadKeys("is a private key; give the public one and keep this one where tokens are signed")
    if value.get("kty") == "oct":
        return _from_base64url(value.get("k"))
    try:
        return PyJWK(value, algorithm=alg).key
    except (PyJWTError, ValueError, TypeError, KeyError, UnsupportedAlgorithm):
        raise BadKeys("the JWK can't be read") from None


def _from_base64url(value: Any) -> bytes:
    if not isinstance(value, str) or not _BASE64URL.fullmatch(value):
        raise BadKeys("the secret must be in base64url")
    bare = value.rstrip("=")
    try:
        return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except binascii.Error:
        raise BadKeys("the secret must be in base64url") from None


def _from_pem(value: str) -> Any:
    if "PRIVATE KEY" in value:
        raise BadKeys("is a private key; give the public one and keep this one where tokens are signed")
    try:
        return load_pem_public_key(value.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise BadKeys("the PEM public key can't be read") from None
