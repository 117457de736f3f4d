"""Categories and articles."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from faq.access import Reading, category_for_visitor, reading_for_visitor
from faq.models import Category, Guide, Vote
from faq.services import reading, structured_data
from helpcenter.i18n import current_language
from helpcenter.page_cache.decorators import public_page

# From this many headings on, a table of contents is worth its space.
TOC_FROM = 3


@require_safe
@public_page()
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """Every published article of a topic."""
    found = category_for_visitor(slug)
    language = current_language()
    context = {
        "category": found,
        "rows": reading.category_rows(found, language),
        "guides": list(Guide.objects.published().filter(article__category=found)),
        "categories": list(Category.objects.exclude(pk=found.pk)),
        "structured_data": structured_data.breadcrumbs([found]),
    }
    return render(request, "faq/category.html", context)


@require_safe
@public_page()
def article(request: HttpRequest, slug: str) -> HttpResponse:
    """One answer, what to read next, and whether it helped."""
    found = reading_for_visitor(slug, current_language())
    return render(request, "faq/article.html", article_context(found))


def article_context(found: Reading) -> dict[str, object]:
    """What the article's page needs; the editors' preview shows the same page."""
    headings = [heading for heading in found.text.toc if heading["level"] == 2]
    return {
        "article": found.article,
        "text": found.text,
        "reading": found,
        "toc": headings if len(headings) >= TOC_FROM else [],
        "related": reading.related_rows(found.article, found.language),
        "guide": Guide.objects.published().filter(article=found.article).first(),
        "vote_reasons": Vote.Reason.choices,
        "structured_data": structured_data.article(found),
    }
