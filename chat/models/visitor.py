"""People who ask for help."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Visitor(models.Model):
    """Somebody who opened a conversation or left a message, known as well as they made themselves known.

    Whoever reads a conversation is decided by the conversation's token alone, never by this record.
    """

    class Identity(models.TextChoices):
        """How far we know who this is."""

        GUEST = "guest", _("guest")
        CLAIMED = "claimed", _("says who they are")
        SIGNED = "signed", _("confirmed by the app")

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    identity = models.CharField(
        _("identity"), max_length=10, choices=Identity.choices, default=Identity.GUEST
    )
    issuer = models.CharField(max_length=200, blank=True, editable=False)
    subject = models.CharField(max_length=200, blank=True, editable=False)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    name = models.CharField(_("name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    browser = models.CharField(_("browser"), max_length=300, blank=True)
    # A keyed fingerprint of address and browser, by which alone a block meets whoever opens a conversation anew.
    client_key = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(_("first seen"), default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"], condition=~Q(subject=""), name="visitor_signed_once"
            )
        ]
        verbose_name = _("visitor")
        verbose_name_plural = _("visitors")

    def __str__(self) -> str:
        return self.name or f"{self._meta.verbose_name} {self.pk}"
