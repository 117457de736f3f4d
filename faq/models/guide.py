"""Guided fixes: one question at a time, as data that an editor can change."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from i18nfield.fields import I18nCharField, I18nTextField

from faq.models.article import Article
from faq.querysets import GuideQuerySet


class Guide(models.Model):
    """A walk through the checks of one problem, ending solved or with a person."""

    slug = models.SlugField(_("slug"), unique=True, max_length=80)
    article = models.ForeignKey(
        Article,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="guides",
        verbose_name=_("article"),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    title = I18nCharField(_("title"), max_length=200)
    intro = I18nTextField(_("introduction"), blank=True)
    is_published = models.BooleanField(_("published"), default=True)

    objects = GuideQuerySet.as_manager()

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("guided fix")
        verbose_name_plural = _("guided fixes")

    def __str__(self) -> str:
        return str(self.title)

    def get_absolute_url(self) -> str:
        """The guide's first step in the current language."""
        return reverse("faq:guide", args=[self.slug])


class Step(models.Model):
    """One page of a guide: a question with choices, or one of its ends."""

    class Kind(models.TextChoices):
        """What the customer does on this page."""

        QUESTION = "question", _("Question")
        CONTACT = "contact", _("End: contact a person")
        SOLVED = "solved", _("End: solved")

    guide = models.ForeignKey(
        Guide, on_delete=models.CASCADE, related_name="steps", verbose_name=_("guided fix")
    )
    key = models.SlugField(_("key"), max_length=40)
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("The lowest one is the start.")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.QUESTION)
    title = I18nCharField(_("title"), max_length=200)
    why = I18nTextField(_("why this step"))
    body = I18nTextField(_("text"), blank=True, help_text=_("Markdown."))

    class Meta:
        ordering = ["guide", "position"]
        constraints = [models.UniqueConstraint("guide", "key", name="step_key_per_guide")]
        verbose_name = _("step")
        verbose_name_plural = _("steps")

    def __str__(self) -> str:
        return f"{self.guide.slug}: {self.key}"


class Choice(models.Model):
    """One answer to a step's question and where it leads."""

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="choices")
    key = models.SlugField(_("key"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    label = I18nCharField(_("answer"), max_length=200)
    next = models.ForeignKey(
        Step, on_delete=models.RESTRICT, related_name="reached_by", verbose_name=_("leads to")
    )

    class Meta:
        ordering = ["step", "position"]
        constraints = [models.UniqueConstraint("step", "key", name="choice_key_per_step")]
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self) -> str:
        return str(self.label)


class Field(models.Model):
    """Something a contact step asks for, so that the agent needn't."""

    class Kind(models.TextChoices):
        """Which input the customer gets."""

        DATETIME = "datetime", _("Date and time")
        TEXT = "text", _("Text")
        AMOUNT = "amount", _("Amount")
        CHOICE = "choice", _("Choice")

    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="fields")
    key = models.SlugField(_("key"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TEXT)
    label = I18nCharField(_("label"), max_length=100)
    help = I18nCharField(_("help text"), max_length=200, blank=True)
    required = models.BooleanField(_("required"), default=False)
    options = I18nTextField(_("options"), blank=True, help_text=_("One a line."))

    class Meta:
        ordering = ["step", "position"]
        constraints = [models.UniqueConstraint("step", "key", name="field_key_per_step")]
        verbose_name = _("field")
        verbose_name_plural = _("fields")

    def __str__(self) -> str:
        return str(self.label)


class GuideOutcome(models.Model):
    """How often a guide ended in one way on one day; nothing about who."""

    guide = models.ForeignKey(Guide, on_delete=models.CASCADE, related_name="outcomes")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Step.Kind.choices)
    step_key = models.SlugField(_("last step"), max_length=40)
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("times"), default=0)

    class Meta:
        ordering = ["-day", "guide"]
        constraints = [
            models.UniqueConstraint("guide", "outcome", "step_key", "day", name="guide_outcome_per_day")
        ]
        verbose_name = _("outcome of guided fixes")
        verbose_name_plural = _("outcomes of guided fixes")

    def __str__(self) -> str:
        return f"{self.guide.slug} {self.outcome} {self.day}"
