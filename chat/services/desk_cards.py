"""Articles and guided fixes that agents look up and show to customers."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils import translation

from chat.models import Suggestion
from chat.services.assistant import MOST_QUESTION, Card
from faq.access import guide_for_visitor, reading_for_visitor
from faq.models import Guide
from faq.services.search import Hit, search

MOST_FOUND = 8


@dataclass(frozen=True, slots=True)
class Results:
    """What a search at the desk found, with addresses: articles, and guided fixes of these or named so."""

    hits: list[tuple[Hit, str]]
    guides: list[tuple[str, str, str]]


def look_up(text: str, language: str) -> Results:
    """What answers `text` for a customer who reads `language`; nobody's search is counted by this."""
    words = text.strip()[:MOST_QUESTION]
    found = search(words, language, MOST_FOUND).hits if words else []
    slugs = {hit.slug for hit in found}
    with translation.override(language):
        guides = [
            (guide.slug, str(guide.title), reverse("faq:guide", args=[guide.slug]))
            for guide in Guide.objects.published().select_related("article")
            if (guide.article and guide.article.slug in slugs)
            or (words and words.casefold() in str(guide.title).casefold())
        ]
        hits = [(hit, reverse("faq:article", args=[hit.slug])) for hit in found]
    return Results(hits, guides)


def card(kind: Suggestion.Kind, slug: str, language: str) -> Card:
    """A published article or guided fix as a card in a customer's language; raises `Http404`."""
    with translation.override(language):
        if kind == Suggestion.Kind.GUIDE:
            guide = guide_for_visitor(slug)
            return Card(kind, slug, str(guide.title), reverse("faq:guide", args=[slug]))
        title = reading_for_visitor(slug, language).text.title
        return Card(kind, slug, title, reverse("faq:article", args=[slug]))
