"""Visitors to whom the chat is closed for a while."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chat.models.agent import Agent
from chat.models.conversation import Conversation
from chat.models.visitor import Visitor


class Block(models.Model):
    """A visitor, and the browser they wrote from, may not use the chat until `ends_at`.

    `client_key` is a keyed fingerprint of address and browser together: of an address alone many live.
    """

    visitor = models.ForeignKey(
        Visitor, on_delete=models.CASCADE, related_name="blocks", verbose_name=_("visitor")
    )
    client_key = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    conversation = models.ForeignKey(
        Conversation, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("conversation")
    )
    reason = models.CharField(_("reason"), max_length=200)
    by = models.ForeignKey(
        Agent, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("agent")
    )
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    ends_at = models.DateTimeField(_("until"))
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("block")
        verbose_name_plural = _("blocks")

    def __str__(self) -> str:
        return f"{self.visitor_id} until {self.ends_at:%Y-%m-%d %H:%M}"
