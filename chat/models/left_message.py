"""A message left by the contact form and what was answered."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chat.models.hidden import HiddenKind


class LeftMessage(models.Model):
    """What a visitor wrote while nobody was there, masked before it was stored.

    Its private page is found by a token of which only the fingerprint is kept. The fingerprint also makes a
    form that is posted twice one message, as the token follows from the form's ticket.
    """

    class State(models.TextChoices):
        """How far the answer is."""

        OPEN = "open", pgettext_lazy("a left message", "Waiting for an answer")
        ANSWERED = "answered", pgettext_lazy("a left message", "Answered")
        CLOSED = "closed", pgettext_lazy("a left message", "Closed")

    reference = models.CharField(_("reference"), max_length=12, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    topic = models.SlugField(_("topic"), blank=True, db_index=False)
    name = models.CharField(_("name"), max_length=80)
    email = models.EmailField(_("e-mail"), max_length=254)
    device = models.CharField(_("device"), max_length=200, blank=True)
    steps = models.TextField(_("steps"), blank=True)
    problem = models.TextField(_("problem"))
    hidden = models.JSONField(_("hidden"), default=list, blank=True)
    article = models.SlugField(_("article"), max_length=80, blank=True, db_index=False)
    guide = models.SlugField(_("guided fix"), max_length=80, blank=True, db_index=False)
    page = models.CharField(_("page"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("received"), default=timezone.now, db_index=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("left message")
        verbose_name_plural = _("left messages")

    def __str__(self) -> str:
        return self.reference

    @property
    def hidden_labels(self) -> list[str]:
        """What was hidden in the texts, for telling the visitor."""
        labels = dict(HiddenKind.choices)
        return [str(labels[kind]) for kind in self.hidden if kind in labels]


class Reply(models.Model):
    """An answer of the support team, read on the private page."""

    left_message = models.ForeignKey(
        LeftMessage, on_delete=models.CASCADE, related_name="replies", verbose_name=_("left message")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("author"),
    )
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("answered at"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["created_at", "pk"]
        verbose_name = _("reply")
        verbose_name_plural = _("replies")

    def __str__(self) -> str:
        return f"{self.left_message.reference}: {self.created_at:%Y-%m-%d %H:%M}"
