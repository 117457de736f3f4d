"""Which history this database tells."""

from __future__ import annotations

from uuid import uuid4

from chat.models import Deployment

ONLY = 1


def epoch() -> str:
    """The name of this history, made when it is first asked for."""
    return str(Deployment.objects.get_or_create(pk=ONLY)[0].epoch)


def start_new_epoch() -> str:
    """After a restore: clients that know a later past must forget it."""
    return str(Deployment.objects.update_or_create(pk=ONLY, defaults={"epoch": uuid4()})[0].epoch)
