"""Lists of articles as customers see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from faq.access import preferred_text
from faq.models import Article, Category, Guide

RELATED_SHOWN = 3
TILES = 4
POPULAR_SHOWN = 6
SUGGESTED_QUESTIONS = 4


@dataclass(frozen=True)
class Row:
    """One article in a list, in the best language there is."""

    slug: str
    title: str
    summary: str
    language: str
    updated_at: datetime
    category: Category
    guide_slug: str | None = None

    @property
    def is_foreign(self) -> bool:
        """Whether a reader should be told the language of the text."""
        return self.language != self.shown_in

    shown_in: str = ""


def rows(articles: Iterable[Article], language: str) -> list[Row]:
    """Rows for articles that come from `Article.objects.with_published_texts()`."""
    return [_row(article, language) for article in articles]


def category_rows(category: Category, language: str) -> list[Row]:
    """A category's articles in their order; announcements newest first."""
    found = rows(Article.objects.with_published_texts().filter(category=category), language)
    if category.slug == "news":
        found.sort(key=lambda row: row.updated_at, reverse=True)
    return found


def popular_rows(language: str) -> list[Row]:
    """The popular questions with the guided fix that belongs to each."""
    articles = Article.objects.with_published_texts().popular()[: TILES + POPULAR_SHOWN]
    guides = dict(Guide.objects.published().exclude(article=None).values_list("article_id", "slug"))
    return [_row(article, language, guides.get(article.pk)) for article in articles]


def related_rows(article: Article, language: str) -> list[Row]:
    """What to read next."""
    return rows(article.related_in_order().with_published_texts()[:RELATED_SHOWN], language)


def announcement_rows(language: str, limit: int) -> list[Row]:
    """The newest announcements."""
    news = Article.objects.with_published_texts().filter(kind=Article.Kind.NEWS)
    found = rows(news, language)
    found.sort(key=lambda row: row.updated_at, reverse=True)
    return found[:limit]


def _row(article: Article, language: str, guide_slug: str | None = None) -> Row:
    text = preferred_text(article.texts, language)
    return Row(
        slug=article.slug,
        title=text.title,
        summary=text.summary,
        language=text.language,
        updated_at=text.updated_at,
        category=article.category,
        guide_slug=guide_slug,
        shown_in=language,
    )
