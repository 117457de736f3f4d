"""How long things are kept. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Kept:
    """How long each thing is kept; None: for ever. `addresses` is where from and with what somebody came.

    `audit` is the log of what people who work here did.
    """

    conversations: timedelta | None = timedelta(days=180)
    attachments: timedelta | None = timedelta(days=90)
    addresses: timedelta | None = timedelta(days=30)
    audit: timedelta | None = timedelta(days=730)
