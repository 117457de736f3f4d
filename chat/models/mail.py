"""Telling customers by e-mail that there is an answer, and the mails that still have to go out."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat.models.conversation import Conversation


class EmailAlert(models.Model):
    """An address that wants to hear of answers in one conversation; nothing is sent before it is confirmed.

    From `nonce` and a key of this site follows the token of the private link in the mails, of which only the
    fingerprint `link_hash` is stored. `noticed_at` is when the last mail about an answer was written, `seen_at`
    when the conversation's page was last looked at.
    """

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="email_alert")
    email = models.EmailField(_("e-mail"), max_length=254)
    nonce = models.CharField(max_length=64, editable=False)
    link_hash = models.CharField(max_length=64, unique=True, editable=False)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True)
    noticed_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("e-mail alert")
        verbose_name_plural = _("e-mail alerts")

    def __str__(self) -> str:
        return f"{self.conversation_id}"


class Mail(models.Model):
    """A mail on its way: written inside the change that causes it, sent afterwards, tried again on failure.

    Without `next_try_at` it was given up.
    """

    class Kind(models.TextChoices):
        """What it says."""

        CONFIRM = "confirm", _("confirm this address")
        ANSWER = "answer", _("there is an answer")

    alert = models.ForeignKey(EmailAlert, on_delete=models.CASCADE, related_name="mails")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    created_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now, null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["next_try_at"], condition=Q(sent_at__isnull=True), name="mail_due")]
        verbose_name = _("mail")
        verbose_name_plural = _("mails")

    def __str__(self) -> str:
        return f"{self.kind} {self.alert_id}"
