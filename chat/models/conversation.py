"""Conversations and their events: the one truth about what was said."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chat.core.terms import AuthorKind, EventKind, State
from chat.models.agent import Agent
from chat.models.visitor import Visitor


class Conversation(models.Model):
    """One matter of one visitor, live or left as a message; one desk answers both.

    `seq` and `pub_seq` are the numbers of the last event, of all and of those that the visitor may see. They
    change only under this row's lock, in the transaction that inserts the events. `assign_rev` grows with
    every change of who answers, so that what was written under an older assignment is refused.
    """

    class Priority(models.IntegerChoices):
        """Who goes first."""

        NORMAL = 0, pgettext_lazy("priority", "normal")
        URGENT = 1, pgettext_lazy("priority", "urgent")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(_("reference"), max_length=12, unique=True, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    visitor = models.ForeignKey(
        Visitor, on_delete=models.PROTECT, related_name="conversations", verbose_name=_("visitor")
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        default=State.WAITING,
        choices=[
            (State.WAITING, pgettext_lazy("conversation", "Waiting")),
            (State.OFFERED, pgettext_lazy("conversation", "Offered")),
            (State.ACTIVE, pgettext_lazy("conversation", "Active")),
            (State.CLOSED, pgettext_lazy("conversation", "Closed")),
            (State.MESSAGE, pgettext_lazy("conversation", "Left as a message")),
        ],
    )
    seq = models.PositiveBigIntegerField(default=0, editable=False)
    pub_seq = models.PositiveBigIntegerField(default=0, editable=False)
    assign_rev = models.PositiveIntegerField(default=0, editable=False)
    agent = models.ForeignKey(
        Agent,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="conversations",
        verbose_name=_("agent"),
    )
    wanted_agent = models.ForeignKey(
        Agent, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    topic = models.SlugField(_("topic"), blank=True, db_index=False)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.NORMAL
    )
    hops = models.PositiveSmallIntegerField(default=0, editable=False)
    queue_at = models.DateTimeField(_("in the queue since"), default=timezone.now)
    created_at = models.DateTimeField(_("opened"), default=timezone.now, db_index=True)
    changed_at = models.DateTimeField(_("last event"), default=timezone.now)
    answered_at = models.DateTimeField(_("first answer of an agent"), null=True, blank=True)
    agent_wrote_at = models.DateTimeField(null=True, editable=False)
    visitor_wrote_at = models.DateTimeField(null=True, editable=False)
    warned_at = models.DateTimeField(null=True, editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    close_reason = models.CharField(_("reason"), max_length=40, blank=True)
    article = models.SlugField(_("article"), max_length=80, blank=True, db_index=False)
    guide = models.SlugField(_("guided fix"), max_length=80, blank=True, db_index=False)
    page = models.CharField(_("page"), max_length=500, blank=True)
    page_title = models.CharField(_("title of the page"), max_length=200, blank=True)
    fields = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "queue_at"], name="conversation_queue"),
            models.Index(fields=["agent", "state"], name="conversation_load"),
            models.Index(fields=["state", "-closed_at", "-id"], name="conversation_ended"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=State.ACTIVE) | Q(agent__isnull=False), name="active_has_agent"
            ),
            models.CheckConstraint(
                condition=Q(pub_seq__lte=models.F("seq")), name="public_events_are_events"
            ),
        ]
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")

    def __str__(self) -> str:
        return self.reference


class Event(models.Model):
    """What happened in a conversation, in order; never changed but by a redaction, which empties the text.

    The key is what makes a number unique; `pub_seq` is given under the same lock, and an index of its own would
    cost every message a third more to write. As it never exceeds `seq`, it is searched for along the key.

    `author` is the agent's key, 0 for everybody else: a conversation has one visitor. `digest` is a keyed
    fingerprint of what was sent before masking; it tells a resent message from another one under its `mid`.
    """

    pk = models.CompositePrimaryKey("conversation_id", "seq")
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="events", db_index=False
    )
    seq = models.PositiveBigIntegerField()
    pub_seq = models.PositiveBigIntegerField(null=True)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in EventKind])
    author_kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in AuthorKind])
    author = models.BigIntegerField(default=0)
    author_name = models.CharField(max_length=80, blank=True)
    mid = models.UUIDField(null=True)
    digest = models.CharField(max_length=32, blank=True)
    text = models.TextField(blank=True)
    attachments = models.JSONField(default=list)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "mid", "author_kind", "author"], name="event_mid_once"
            ),
        ]
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.seq}"


class Cursor(models.Model):
    """How far one side has got: what reached it and what it has read, in that side's own numbering."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="cursors")
    who = models.CharField(
        max_length=10, choices=[(who, who) for who in (AuthorKind.VISITOR, AuthorKind.AGENT)]
    )
    delivered = models.PositiveBigIntegerField(default=0)
    read = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "who"], name="cursor_once")]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.who}: {self.delivered}/{self.read}"


class Rating(models.Model):
    """What a visitor thought of a conversation; a second rating replaces the first."""

    conversation = models.OneToOneField(
        Conversation, on_delete=models.CASCADE, primary_key=True, related_name="rating"
    )
    agent = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, related_name="ratings")
    score = models.PositiveSmallIntegerField(_("score"))
    reasons = models.JSONField(_("reasons"), default=list)
    comment = models.TextField(_("comment"), blank=True)
    at = models.DateTimeField(_("given"), default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="rating_one_to_five")
        ]
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.score}"
