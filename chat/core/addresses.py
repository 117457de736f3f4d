"""E-mail addresses as they may be shown to whoever looks over a shoulder. Pure."""

from __future__ import annotations


def veiled(email: str) -> str:
    """Enough of an address for its owner to know it: `a•••@example.com`."""
    name, _at, domain = email.rpartition("@")
    return f"{name[:1]}•••@{domain}"
