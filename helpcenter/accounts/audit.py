"""The audit log: adding to it, and proving that nobody changed it.

Every entry is sealed with an HMAC over its own values and the seal before it, by a key made from `SECRET_KEY`:
who can write to the database alone can neither change, remove nor insert an entry unnoticed.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.utils import timezone

from helpcenter.accounts.models import AuditEntry, AuditHead

MOST_DETAIL = 200
_PURPOSE = b"helpcenter.accounts.audit"


@dataclass(frozen=True, slots=True)
class Broken:
    """The first link of the chain that doesn't hold, and why."""

    sequence: int
    reason: str


def record(actor: User | AnonymousUser | None, action: str, target: str = "", **details: Any) -> AuditEntry:
    """Add an entry: who did what to which object.

    `action` is a dotted word (`reveal.email`), `target` names an object (`conversation:K7Q2`), `details` are
    short values (numbers, codes, names of fields), never what customers wrote. Inside a transaction the entry
    is kept or lost together with what it tells of.
    """
    user = actor if isinstance(actor, User) and actor.pk else None
    with transaction.atomic():
        head = _locked_head()
        entry = AuditEntry(
            sequence=head.sequence + 1,
            at=timezone.now(),
            actor=user,
            actor_name=user.get_username() if user else "",
            action=action[:60],
            target=target[:200],
            details={name: _short(value) for name, value in details.items()},
            previous=head.seal,
        )
        entry.seal = seal_of(entry, settings.SECRET_KEY)
        entry.save()
        AuditHead.objects.filter(pk=head.pk).update(sequence=entry.sequence, seal=entry.seal)
    return entry


def first_broken() -> Broken | None:
    """The first link that doesn't hold, None when the whole chain does."""
    expected, previous = 1, ""
    for entry in AuditEntry.objects.order_by("sequence").iterator(chunk_size=2000):
        if entry.sequence != expected:
            return Broken(expected, "missing")
        if entry.previous != previous:
            return Broken(entry.sequence, "not linked to the one before")
        if not _is_sealed(entry):
            return Broken(entry.sequence, "changed")
        expected, previous = expected + 1, entry.seal
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    if (head.sequence, head.seal) != (expected - 1, previous):
        return Broken(expected, "missing")
    return None


def seal_of(entry: AuditEntry, secret: str) -> str:
    """The seal that belongs to an entry's values, as hexadecimal digits."""
    values = [
        entry.sequence,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.actor_name,
        entry.action,
        entry.target,
        entry.details,
        entry.previous,
    ]
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    key = hashlib.sha256(_PURPOSE + secret.encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _is_sealed(entry: AuditEntry) -> bool:
    return any(hmac.compare_digest(seal_of(entry, secret), entry.seal) for secret in _secrets())


def _secrets() -> Iterator[str]:
    yield settings.SECRET_KEY
    yield from (str(secret) for secret in settings.SECRET_KEY_FALLBACKS)


def _locked_head() -> AuditHead:
    """The end of the chain; the next who wants to add waits here."""
    AuditHead.objects.get_or_create(pk=1)
    return AuditHead.objects.select_for_update().get(pk=1)


def _short(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return sorted(str(one)[:MOST_DETAIL] for one in value)
    return str(value)[:MOST_DETAIL]
