"""Files that belong to a message, or to a form that is still being filled in."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat.models.conversation import Conversation


class Attachment(models.Model):
    """A checked and cleaned file under a random name outside the web root.

    It belongs to a conversation, or by the fingerprint `draft_key` to a form that is still being filled in. In
    a conversation it waits without `seq` until the message that it was uploaded for is sent.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(
        Conversation,
        on_delete=models.CASCADE,
        null=True,
        related_name="attachments",
        verbose_name=_("conversation"),
    )
    seq = models.PositiveBigIntegerField(null=True, editable=False)
    # The agent who uploaded it, 0 for the visitor: only the uploader may send it.
    author = models.BigIntegerField(default=0, editable=False)
    draft_key = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    name = models.CharField(_("name"), max_length=255)
    size = models.PositiveIntegerField(_("size"), help_text=_("Bytes."))
    media_type = models.CharField(_("type"), max_length=100)
    width = models.PositiveIntegerField(_("width"), null=True)
    height = models.PositiveIntegerField(_("height"), null=True)
    sha256 = models.CharField(max_length=64, editable=False)
    path = models.CharField(max_length=100, unique=True, editable=False)
    created_at = models.DateTimeField(_("received"), default=timezone.now, db_index=True)

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(conversation__isnull=False, draft_key="")
                | (Q(conversation__isnull=True) & ~Q(draft_key="")),
                name="attachment_has_one_owner",
            )
        ]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        """Whether it is a picture, which was drawn anew when it arrived."""
        return self.media_type.startswith("image/")
