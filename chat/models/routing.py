"""Who was asked, who answers, who is there."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chat.models.agent import Agent
from chat.models.conversation import Conversation


class Offer(models.Model):
    """A conversation held out to one agent until `expires_at`."""

    class Outcome(models.TextChoices):
        """What became of it."""

        PENDING = "pending", pgettext_lazy("offer", "pending")
        ACCEPTED = "accepted", pgettext_lazy("offer", "accepted")
        DECLINED = "declined", pgettext_lazy("offer", "declined")
        MISSED = "missed", pgettext_lazy("offer", "missed")
        WITHDRAWN = "withdrawn", pgettext_lazy("offer", "withdrawn")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="offers")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="offers")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.PENDING)

    class Meta:
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(outcome="pending"), name="offer_due"),
            models.Index(fields=["agent"], condition=Q(outcome="pending"), name="offer_load"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(outcome="pending"), name="one_offer_at_a_time"
            )
        ]
        verbose_name = _("offer")
        verbose_name_plural = _("offers")

    def __str__(self) -> str:
        return f"{self.conversation_id} → {self.agent_id}: {self.outcome}"


class Assignment(models.Model):
    """A time during which one agent answered a conversation."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="assignments")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="assignments")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(ended_at__isnull=True), name="one_assignee_at_a_time"
            )
        ]
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.agent_id}"


class PresenceLease(models.Model):
    """One open desk of an agent, alive until `expires_at` by the database's clock."""

    connection = models.UUIDField(primary_key=True, default=uuid.uuid4)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="leases")
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.agent_id} until {self.expires_at:%H:%M:%S}"


class Duty(models.Model):
    """Something that one process does for all, held until `expires_at` by the database's clock."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.UUIDField()
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Deployment(models.Model):
    """The one row that names this history; a restored backup gets a new `epoch`, so that clients start anew."""

    epoch = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return str(self.epoch)


class Suggestion(models.Model):
    """An article or guided fix that the assistant showed, and what became of it."""

    class Kind(models.TextChoices):
        """What was shown."""

        ARTICLE = "article", _("article")
        GUIDE = "guide", _("guided fix")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="suggestions")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    slug = models.SlugField(max_length=80, db_index=False)
    seq = models.PositiveBigIntegerField()
    opened_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "kind", "slug"], name="suggestion_once")
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.kind} {self.slug}"
