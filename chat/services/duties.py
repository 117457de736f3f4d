"""What one process does for all: whoever holds the duty."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from chat.models import Duty
from chat.services.clock import database_now


def hold(name: str, holder: UUID, seconds: float) -> bool:
    """Take or prolong a duty for so long; False while somebody else has it."""
    now = database_now()
    until = now + timedelta(seconds=seconds)
    mine_or_free = Duty.objects.filter(Q(holder=holder) | Q(expires_at__lte=now), name=name)
    if mine_or_free.update(holder=holder, expires_at=until):
        return True
    if Duty.objects.filter(name=name).exists():
        return False
    try:
        with transaction.atomic():
            Duty.objects.create(name=name, holder=holder, expires_at=until)
    except IntegrityError:
        return False
    return True


def let_go(name: str, holder: UUID) -> None:
    """Leave a duty to the next one."""
    Duty.objects.filter(name=name, holder=holder).delete()
