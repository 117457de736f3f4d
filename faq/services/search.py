"""One search for pages, suggestions, messenger and desk, and what is remembered of searches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import override

from faq.core.analysis import telling_terms
from faq.core.snippets import Part, excerpt, marked
from faq.core.text import is_searchable
from faq.models import Article, Category, SearchQuery, Translation
from faq.services import content_version, search_index
from helpcenter.faults import by_the_way
from helpcenter.masking import mask_text
from helpcenter.metrics import SEARCHES

TEXT_MAX_CHARS = SearchQuery._meta.get_field("text").max_length
# An answer holds the texts of its articles, some 100 KB.
KEPT_ANSWERS = 128


@dataclass(frozen=True)
class Hit:
    """An article that answers, in the best language there is; `score` only orders the hits of one search."""

    slug: str
    title: str
    language: str
    category_slug: str
    category_title: str
    score: float
    matched: tuple[str, ...]
    source: str

    @cached_property
    def title_parts(self) -> list[Part]:
        """The title in parts, each with whether it matched; plain text, to be escaped."""
        return marked(self.title, self.matched)

    @cached_property
    def snippet_parts(self) -> list[Part]:
        """The stretch of the text that answers best, in parts like the title."""
        return excerpt(self.source, self.matched)


@dataclass(frozen=True)
class SearchResults:
    """What a search found: `total` counts all articles, `categories` are the nearest topics when none."""

    query: str
    hits: list[Hit]
    total: int
    categories: list[Category]


def search(text: str, language: str, limit: int = 20) -> SearchResults:
    """The `limit` articles that best answer `text`, for a page in `language`; any text is fine.

    Many customers ask the same, so the newest answers are kept in memory until the content changes.
    """
    return _search(text, language, limit, content_version.known())


def forget() -> None:
    """Drop the kept answers (in tests)."""
    _search.cache_clear()


@lru_cache(maxsize=KEPT_ANSWERS)
def _search(text: str, language: str, limit: int, _version: content_version.Version) -> SearchResults:
    found = search_index.find(text, language) if is_searchable(text) else []
    texts = _texts(one.translation_id for one in found[:limit])
    hits = [_hit(one, texts[one.translation_id]) for one in found[:limit] if one.translation_id in texts]
    return SearchResults(text, hits, len(found), [] if hits else _nearest_categories(text, language))


def record_search(text: str, language: str, results: int) -> None:
    """Count a search under its masked text; without results it becomes the editors' work."""
    SEARCHES.labels("yes" if results else "no").inc()
    kept = _kept_text(text)
    if kept:
        by_the_way(lambda: _count(kept, language, results))


def record_click(text: str, language: str, slug: str) -> None:
    """Note that an article was opened from a search; nothing about who did."""
    kept = _kept_text(text)
    if not kept or not Article.objects.published().filter(slug=slug).exists():
        return
    with transaction.atomic():
        row = _today(kept, language).select_for_update().first()
        if row is None:
            _count(kept, language, 1)
            row = _today(kept, language).select_for_update().get()
        row.clicks[slug] = row.clicks.get(slug, 0) + 1
        row.save(update_fields=["clicks"])


def _texts(ids: Iterable[int]) -> dict[int, Translation]:
    """The texts that are still published, with their topics."""
    fields = ("title", "summary", "plain_text", "language", "article__slug")
    category = ("article__category__slug", "article__category__title")
    rows = Translation.objects.published().filter(pk__in=list(ids)).order_by()
    return {row.pk: row for row in rows.select_related("article__category").only(*fields, *category)}


def _hit(found: search_index.Found, text: Translation) -> Hit:
    category = text.article.category
    return Hit(
        slug=found.slug,
        title=text.title,
        language=text.language,
        category_slug=category.slug,
        category_title=str(category.title),
        score=found.score,
        matched=found.terms,
        source=f"{text.summary}\n{text.plain_text}",
    )


def _nearest_categories(text: str, language: str) -> list[Category]:
    """Every topic, those first whose words have most in common with what was asked."""
    asked = set(telling_terms(text))

    def shared(category: Category) -> int:
        with override(language):
            return len(asked.intersection(telling_terms(f"{category.title} {category.summary}")))

    return sorted(Category.objects.all(), key=lambda category: -shared(category))


def _kept_text(text: str) -> str:
    """What may be kept of a search: one line, masked, as long as the column."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return mask_text(line).text[:TEXT_MAX_CHARS].strip().lower()


def _today(kept: str, language: str) -> QuerySet[SearchQuery]:
    return SearchQuery.objects.filter(day=timezone.localdate(), language=language, text=kept)


def _count(kept: str, language: str, results: int) -> None:
    if _today(kept, language).update(count=F("count") + 1, results=results):
        return
    try:
        with transaction.atomic():
            SearchQuery.objects.create(
                day=timezone.localdate(), language=language, text=kept, results=results, count=1
            )
    except IntegrityError:
        # Another process counted the first search of the day for this text a moment ago.
        _today(kept, language).update(count=F("count") + 1, results=results)
