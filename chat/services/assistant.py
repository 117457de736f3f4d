"""The first answer: articles and the guided fix that fit, while a person is on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from chat.core.terms import EventKind
from chat.models import Suggestion
from chat.services.ledger import ASSISTANT, Head
from faq.models import Guide
from faq.services.search import search

MOST_ARTICLES = 3
MOST_QUESTION = 200
# What shares a syllable or two with a question scores below this; a word that is meant scores above.
LEAST_SCORE = 1.5


@dataclass(frozen=True, slots=True)
class Card:
    """Something to read or to try."""

    kind: Suggestion.Kind
    slug: str
    title: str
    url: str


def suggestions(question: str, language: str) -> list[Card]:
    """What fits the question: at most three articles, and the guided fix of the first one that has any."""
    hits = [
        hit
        for hit in search(question[:MOST_QUESTION], language, MOST_ARTICLES).hits
        if hit.score >= LEAST_SCORE
    ]
    with translation.override(language):
        cards = [
            Card(Suggestion.Kind.ARTICLE, hit.slug, hit.title, reverse("faq:article", args=[hit.slug]))
            for hit in hits
        ]
        return [*_guides([hit.slug for hit in hits]), *cards]


def answer(head: Head, cards: Sequence[Card], language: str, now: datetime) -> None:
    """Add the cards to a new conversation, said to come from the assistant; nothing when there are none."""
    if not cards:
        return
    with translation.override(language):
        text = gettext("While we find a person for you: this may already help.")
    head.add(EventKind.MESSAGE, ASSISTANT, now, text=text, data={"assistant": True})
    shown = []
    for card in cards:
        data = {"title": card.title, "url": card.url, "slug": card.slug, "type": str(card.kind)}
        record = head.add(EventKind.ARTICLE, ASSISTANT, now, data=data)
        shown.append(Suggestion(conversation_id=head.pk, kind=card.kind, slug=card.slug, seq=record.seq))
    Suggestion.objects.bulk_create(shown)


def note_outcome(conversation: int, slug: str, *, solved: bool) -> bool:
    """Remember that a suggestion was opened, or solved it; False for one that was never made."""
    name = "solved_at" if solved else "opened_at"
    made = Suggestion.objects.filter(conversation=conversation, slug=slug)
    made.filter(**{name: None}).update(**{name: timezone.now()})
    return made.exists()


def _guides(articles: Sequence[str]) -> list[Card]:
    guides = {
        guide.article.slug: guide
        for guide in Guide.objects.published().filter(article__slug__in=articles)
        if guide.article
    }
    found = next((guides[slug] for slug in articles[:1] if slug in guides), None)
    if found is None:
        return []
    return [
        Card(Suggestion.Kind.GUIDE, found.slug, str(found.title), reverse("faq:guide", args=[found.slug]))
    ]
