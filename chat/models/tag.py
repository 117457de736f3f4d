"""Words by which agents find conversations again."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from chat.models.conversation import Conversation

MAX_TAG = 30


class Tag(models.Model):
    """One free word on one conversation."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(_("tag"), max_length=MAX_TAG)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["name", "conversation"], name="tag_found")]
        constraints = [models.UniqueConstraint(fields=["conversation", "name"], name="tag_once")]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.name
