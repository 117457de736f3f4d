"""The signed ticket inside every contact form: when it was opened, and which message it will become.

A page without cookies has nothing else to know a form by. The private link's token follows from the ticket
and a key of this site, so that posting the same form twice leads to the same private page although only the
token's fingerprint is stored. Without the site's key nobody can compute the token from a ticket.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from django.core import signing
from django.utils.crypto import salted_hmac

from chat.core.tokens import fingerprint

SALT = "chat.contact_form"
NONCE_BYTES = 32
# Nobody types a name, an address and a problem faster than this.
MIN_FILL_TIME = timedelta(seconds=3)
MAX_AGE = timedelta(hours=24)


class Standing(Enum):
    """What a ticket that came back is good for."""

    GOOD = "good"
    TOO_FAST = "too-fast"
    EXPIRED = "expired"
    BROKEN = "broken"


@dataclass(frozen=True)
class Ticket:
    """One opened form. `signed` goes into the page; `token` and `key` never leave the server."""

    nonce: str = field(repr=False)
    signed: str = field(repr=False)

    @property
    def token(self) -> str:
        """The token of the private link that this form's message gets: 256 bits, 43 characters."""
        mac = salted_hmac("chat.private_link", self.nonce, algorithm="sha256").digest()
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()

    @property
    def key(self) -> str:
        """The token's fingerprint, under which the message and the form's drafts are stored."""
        return fingerprint(self.token)


def issue() -> Ticket:
    """A new ticket, valid for `MAX_AGE`."""
    nonce = secrets.token_urlsafe(NONCE_BYTES)
    return Ticket(nonce, _signer().sign(nonce))


def read(signed: str) -> tuple[Ticket | None, Standing]:
    """The ticket that a form brought back, and its standing; `None` when we never signed it."""
    try:
        ticket = Ticket(_signer().unsign(signed), signed)
    except signing.BadSignature:
        return None, Standing.BROKEN
    if _is_older(signed, MAX_AGE):
        return ticket, Standing.EXPIRED
    return ticket, Standing.GOOD if _is_older(signed, MIN_FILL_TIME) else Standing.TOO_FAST


def seconds_to_fill(ticket: Ticket) -> int:
    """How long a form must still be open before it is taken; 0 when it has been open long enough."""
    return 0 if _is_older(ticket.signed, MIN_FILL_TIME) else int(MIN_FILL_TIME.total_seconds())


def _is_older(signed: str, age: timedelta) -> bool:
    try:
        _signer().unsign(signed, max_age=age)
    except signing.SignatureExpired:
        return True
    return False


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=SALT)
