"""Questions to the database in the product's words."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone


def _is_published(prefix: str, now: datetime) -> Q:
    return Q(**{f"{prefix}status": "published", f"{prefix}published_at__lte": now})


class TranslationQuerySet(QuerySet):
    """Articles' texts."""

    def published(self, now: datetime | None = None) -> Self:
        """Texts that customers may see at `now`."""
        return self.filter(_is_published("", now or timezone.now()))

    def for_reading(self) -> Self:
        """Without the long columns that only a full page needs."""
        return self.defer("body", "plain_text", "body_html", "keywords")


class ArticleQuerySet(QuerySet):
    """Articles, whatever the language."""

    def published(self, now: datetime | None = None) -> Self:
        """Articles with a text that customers may see, in any language."""
        return self.filter(Exists(self._translations().published(now).filter(article=OuterRef("pk"))))

    def with_published_texts(self, now: datetime | None = None) -> Self:
        """Published articles with their visible texts at hand as `texts`."""
        visible = self._translations().published(now).for_reading()
        texts = Prefetch("translations", queryset=visible, to_attr="texts")
        return self.published(now).select_related("category").prefetch_related(texts)

    def _translations(self) -> TranslationQuerySet:
        # The model's own relation, because the models import this module and not the other way round.
        related: Any = self.model._meta.get_field("translations").related_model
        return TranslationQuerySet(related)

    def popular(self) -> Self:
        """The questions of the home page, in their order."""
        return self.filter(popular__gt=0).order_by("popular", "slug")


class CategoryQuerySet(QuerySet):
    """Topics."""

    def with_article_counts(self, now: datetime | None = None) -> Self:
        """Each topic with `article_count`, the number of its published articles."""
        published = _is_published("articles__translations__", now or timezone.now())
        counted = self.annotate(article_count=Count("articles", filter=published, distinct=True))
        return counted.order_by("position", "slug")


class GuideQuerySet(QuerySet):
    """Guided fixes."""

    def published(self) -> Self:
        """Guides that customers may walk through."""
        return self.filter(is_published=True)

    def with_flow(self) -> Self:
        """Guides with steps, answers and fields at hand."""
        return self.prefetch_related("steps__choices__next", "steps__fields").select_related("article")


class ContactChannelQuerySet(QuerySet):
    """Ways to reach support."""

    def published(self) -> Self:
        """The channels that customers see."""
        return self.filter(is_published=True)


class ServiceNoticeQuerySet(QuerySet):
    """Lines about disturbances."""

    def active(self, now: datetime | None = None) -> Self:
        """Notices to show at `now`."""
        now = now or timezone.now()
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now)
