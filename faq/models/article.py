"""Articles, their text in each language and every earlier version of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Case, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from faq.models.category import Category
from faq.querysets import ArticleQuerySet, TranslationQuerySet


class Article(models.Model):
    """One question or task; what customers read are its translations."""

    class Kind(models.TextChoices):
        """How search engines are told about the page."""

        HOWTO = "howto", _("Steps to follow")
        FAQ = "faq", _("Question and answer")
        NEWS = "news", _("Announcement")

    slug = models.SlugField(_("slug"), unique=True, max_length=80)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, related_name="articles", verbose_name=_("category")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.FAQ)
    popular = models.PositiveSmallIntegerField(
        _("place among popular questions"), default=0, help_text=_("0: not shown on the home page.")
    )
    related = models.ManyToManyField(
        "self", symmetrical=False, blank=True, verbose_name=_("related articles")
    )

    # What `Article.objects.with_published_texts()` puts at hand.
    texts: list[Translation]

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["category__position", "position", "slug"]
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        """The article's page in the current language."""
        return reverse("faq:article", args=[self.slug])

    def related_in_order(self) -> ArticleQuerySet:
        """What to read next, in the order in which it was added."""
        links = self.related.through.objects.filter(from_article=self).values("to_article", "pk")
        place = {link["to_article"]: link["pk"] for link in links}
        order = [When(pk=pk, then=Value(at)) for pk, at in place.items()]
        return self.related.order_by(Case(*order, default=Value(0))) if order else self.related.all()


class TextFields(models.Model):
    """What an editor writes; a translation and each of its revisions hold the same fields."""

    class Status(models.TextChoices):
        """Whether customers may see the text (from `published_at` on)."""

        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")

    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(
        _("answer in short"), blank=True, help_text=_("What happened to the money and what to do first.")
    )
    body = models.TextField(_("text"), blank=True, help_text=_("Markdown."))
    keywords = models.TextField(
        _("search words"), blank=True, help_text=_("Words customers use that the text does not; one a line.")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    published_at = models.DateTimeField(
        _("published from"), null=True, blank=True, help_text=_("A time to come publishes it then.")
    )

    class Meta:
        abstract = True

    TEXT_FIELD_NAMES = ("title", "summary", "body", "keywords", "status", "published_at")


class Translation(TextFields):
    """An article in one language, with everything that is computed once at save."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    updated_at = models.DateTimeField(_("updated on"), default=timezone.now)
    body_html = models.TextField(editable=False, blank=True)
    plain_text = models.TextField(editable=False, blank=True)
    toc = models.JSONField(editable=False, default=list)
    steps = models.JSONField(editable=False, default=list)

    objects = TranslationQuerySet.as_manager()

    class Meta:
        ordering = ["article", "language"]
        constraints = [models.UniqueConstraint("article", "language", name="one_translation_per_language")]
        indexes = [models.Index(fields=["status", "published_at"])]
        verbose_name = _("translation")
        verbose_name_plural = _("translations")

    def __str__(self) -> str:
        return f"{self.title} [{self.language}]"

    @property
    def is_published(self) -> bool:
        """Whether customers see this text now."""
        return (
            self.status == self.Status.PUBLISHED
            and self.published_at is not None
            and self.published_at <= timezone.now()
        )


class Revision(TextFields):
    """A translation as it was after one save; restoring makes a new revision."""

    translation = models.ForeignKey(Translation, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, verbose_name=_("author")
    )
    created_at = models.DateTimeField(_("saved at"), default=timezone.now)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint("translation", "number", name="revision_number_per_translation")
        ]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")

    def __str__(self) -> str:
        return f"{self.title} #{self.number}"
