"""From an address to what may be read there: 404 for everything else, never 403."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from faq.models import Article, Category, Guide, Translation
from helpcenter.i18n import LANGUAGE_CODES


@dataclass(frozen=True)
class Reading:
    """A published article with the text to show."""

    article: Article
    text: Translation
    language: str

    @property
    def is_in_other_language(self) -> bool:
        """Whether the text is shown in another language because this one has none."""
        return self.text.language != self.language


def preferred_text(texts: list[Translation], language: str) -> Translation:
    """The text in `language`, else in the first of our languages that has one."""
    order = [language, *LANGUAGE_CODES]
    return min(texts, key=lambda text: order.index(text.language))


def reading_for_visitor(slug: str, language: str) -> Reading:
    """The published article behind `slug`; raises `Http404`."""
    texts = list(
        Translation.objects.published()
        .filter(article__slug=slug)
        .select_related("article__category")
        .defer("body", "plain_text", "keywords")
    )
    if not texts:
        raise Http404("No such article is published.")
    text = preferred_text(texts, language)
    return Reading(text.article, text, language)


def article_for_visitor(slug: str) -> Article:
    """A published article, for votes; raises `Http404`."""
    article = Article.objects.published().filter(slug=slug).first()
    if article is None:
        raise Http404("No such article is published.")
    return article


def category_for_visitor(slug: str) -> Category:
    """A category; raises `Http404`."""
    category = Category.objects.filter(slug=slug).first()
    if category is None:
        raise Http404("No such category.")
    return category


def guide_for_visitor(slug: str) -> Guide:
    """A published guided fix with its whole flow; raises `Http404`."""
    guide = Guide.objects.published().with_flow().filter(slug=slug).first()
    if guide is None:
        raise Http404("No such guide is published.")
    return guide
