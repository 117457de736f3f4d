"""The audit log: adding to it, and proving that nobody changed it.

Every entry is sealed with an HMAC over its own values and the seal before it, by a key made from `SECRET_KEY`:
who can write to the database alone can neither change, remove nor insert an entry unnoticed. The oldest part may be
cut off when its time is over; the seal of the last entry that went is kept, with a proof, as what the rest hangs on.
"""

from __future__ import annotations

import getpass
import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from helpcenter.accounts.models import AuditCut, AuditEntry, AuditHead

MOST_DETAIL = 200
_PURPOSE = b"helpcenter.accounts.audit"
_CUT = b"helpcenter.accounts.audit.cut"


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


def record_console(action: str, target: str = "", **details: Any) -> AuditEntry:
    """Add an entry of a command: nobody is signed in there, so it names the account of the machine."""
    return record(None, action, target, console=_machine_account(), **details)


def last_sequence() -> int:
    """The number of the newest entry, 0 when there is none."""
    return AuditHead.objects.filter(pk=1).values_list("sequence", flat=True).first() or 0


def first_broken() -> Broken | None:
    """The first link that doesn't hold, None when the whole chain does."""
    cut = _cut()
    if not _is_proved(cut):
        return Broken(cut.sequence, "the place where older entries were removed is made up")
    broken = _first_broken(cut)
    if broken is None or _cut().sequence == cut.sequence:
        return broken
    # More of the oldest part was removed while we looked.
    return first_broken()


def cut_off(before: datetime, most: int) -> int:
    """Remove up to `most` of the oldest entries of before a time, at the chain's old end; how many went.

    What doesn't hold is never removed, nor anything after it: it is the trace of a crime.
    """
    if not AuditEntry.objects.filter(at__lt=before).exists():
        return 0
    with transaction.atomic():
        _locked_head()
        cut = _cut()
        if not _is_proved(cut):
            return 0
        oldest = AuditEntry.objects.order_by("sequence")[:most]
        overdue = list(takewhile(lambda entry: entry.at < before, oldest))
        good = list(takewhile(lambda link: link[1] is None, _links(overdue, cut)))
        if not good:
            return 0
        last = good[-1][0]
        proof = _mac(_CUT, [last.sequence, last.seal], settings.SECRET_KEY)
        AuditCut.objects.update_or_create(
            pk=1, defaults={"sequence": last.sequence, "seal": last.seal, "proof": proof}
        )
        # The log's own rows refuse to go; this is the one way out.
        QuerySet(AuditEntry).filter(sequence__lte=last.sequence).delete()
    return len(good)


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
    return _mac(_PURPOSE, values, secret)


def _mac(purpose: bytes, values: list[Any], secret: str) -> str:
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    key = hashlib.sha256(purpose + secret.encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _first_broken(cut: AuditCut) -> Broken | None:
    # In this order: an entry is never there before the end that names it.
    newest = AuditEntry.objects.aggregate(newest=Max("sequence"))["newest"] or cut.sequence
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    if newest > head.sequence:
        return Broken(newest, "inserted")
    last = (cut.sequence, cut.seal)
    entries = AuditEntry.objects.filter(sequence__lte=head.sequence).order_by("sequence")
    for entry, reason in _links(entries.iterator(chunk_size=2000), cut):
        if reason is not None:
            return Broken(last[0] + 1 if reason == "missing" else entry.sequence, reason)
        last = (entry.sequence, entry.seal)
    return None if last == (head.sequence, head.seal) else Broken(last[0] + 1, "missing")


def _links(entries: Iterable[AuditEntry], cut: AuditCut) -> Iterator[tuple[AuditEntry, str | None]]:
    """Each entry in its order, and what is wrong with it."""
    expected, previous = cut.sequence + 1, cut.seal
    for entry in entries:
        if entry.sequence != expected:
            yield entry, "missing" if entry.sequence > expected else "inserted"
        elif entry.previous != previous:
            yield entry, "not linked to the one before"
        else:
            yield entry, None if _is_sealed(entry) else "changed"
        expected, previous = entry.sequence + 1, entry.seal


def _cut() -> AuditCut:
    return AuditCut.objects.filter(pk=1).first() or AuditCut()


def _is_proved(cut: AuditCut) -> bool:
    if not (cut.sequence or cut.seal or cut.proof):
        return True
    values = [cut.sequence, cut.seal]
    return any(hmac.compare_digest(_mac(_CUT, values, secret), cut.proof) for secret in _secrets())


def _is_sealed(entry: AuditEntry) -> bool:
    return any(hmac.compare_digest(seal_of(entry, secret), entry.seal) for secret in _secrets())


def _secrets() -> Iterator[str]:
    yield settings.SECRET_KEY
    yield from (str(secret) for secret in settings.SECRET_KEY_FALLBACKS)


def _locked_head() -> AuditHead:
    """The end of the chain; the next who wants to add waits here."""
    AuditHead.objects.get_or_create(pk=1)
    return AuditHead.objects.select_for_update().get(pk=1)


def _machine_account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container's user often has no name.
        return str(os.getuid())


def _short(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return sorted(str(one)[:MOST_DETAIL] for one in value)
    return str(value)[:MOST_DETAIL]
