"""What masking hides, in the words of whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _


class HiddenKind(models.TextChoices):
    """The kinds of secrets, as events keep them in `data["hidden"]`."""

    CARD = "card", _("a card number")
    CVV = "cvv", _("a card security code")
    CODE = "code", _("a one-time code")
    PASSWORD = "password", _("a password or PIN")
    RESIDENT_ID = "resident_id", _("an identity number")
    PHONE = "phone", _("a phone number")
    SEED = "seed", _("a recovery phrase")
    PRIVATE_KEY = "private_key", _("a private key")


def hidden_labels(kinds: Iterable[str]) -> list[str]:
    """Words for the kinds that were hidden; unknown ones are left out."""
    labels = dict(HiddenKind.choices)
    return [str(labels[kind]) for kind in kinds if kind in labels]
