"""People who answer."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat.core.terms import Status

DEFAULT_CAPACITY = 4


class Agent(models.Model):
    """What routing knows of somebody who answers; signing in and rights are the user's.

    Presence is not kept here: an agent is online while the chosen status is "online" and a lease is alive.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="agent"
    )
    name = models.CharField(_("name customers see"), max_length=80)
    verify_code = models.CharField(_("verification code"), max_length=12, unique=True)
    topics = models.JSONField(_("topics"), default=list, blank=True, help_text=_("Empty: every topic."))
    languages = models.JSONField(
        _("languages"), default=list, blank=True, help_text=_("Empty: every language.")
    )
    capacity = models.PositiveSmallIntegerField(
        _("conversations at once"),
        default=DEFAULT_CAPACITY,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=[(Status.ONLINE, _("online")), (Status.AWAY, _("away")), (Status.OFFLINE, _("offline"))],
        default=Status.OFFLINE,
    )
    misses = models.PositiveSmallIntegerField(_("offers missed in a row"), default=0)
    idle_since = models.DateTimeField(_("without a new conversation since"), default=timezone.now)

    class Meta:
        permissions = [
            ("answer", _("Can answer conversations")),
            ("supervise", _("Can see and move every conversation")),
        ]
        verbose_name = _("agent")
        verbose_name_plural = _("agents")

    def __str__(self) -> str:
        return self.name


class CannedResponse(models.Model):
    """A text that agents need often; placeholders such as {name} are filled in when it is used."""

    shortcut = models.SlugField(_("shortcut"), max_length=40)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    title = models.CharField(_("title"), max_length=100)
    text = models.TextField(_("text"), max_length=2000)
    topic = models.SlugField(_("topic"), blank=True, db_index=False)

    class Meta:
        ordering = ["shortcut", "language"]
        constraints = [models.UniqueConstraint(fields=["shortcut", "language"], name="canned_shortcut_once")]
        verbose_name = _("canned response")
        verbose_name_plural = _("canned responses")

    def __str__(self) -> str:
        return f"/{self.shortcut} ({self.language})"
