"""What editors have to do: texts missing, stale, unfinished or due, bad votes, searches that find nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import sqrt

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.functional import cached_property

from faq.models import Article, SearchQuery, Translation, Vote
from faq.services import search_index
from helpcenter.i18n import LANGUAGE_CODES, current_language, other_languages

MISSING, DRAFT, SCHEDULED, PUBLISHED = "missing", "draft", "scheduled", "published"
# Texts saved so close to each other were written together.
PARITY = timedelta(minutes=5)
VOTE_DAYS = 90
SEARCH_DAYS = 30
# Each of them is searched again to see whether it still finds nothing.
SEARCHES_TRIED = 60
CONFIDENCE = 1.96


@dataclass(frozen=True)
class TextState:
    """Where an article's text in one language stands."""

    language: str
    kind: str
    is_stale: bool = False
    # When it was, or will be, published.
    at: datetime | None = None
    text: Translation | None = None


def text_states(texts: Iterable[Translation], now: datetime | None = None) -> list[TextState]:
    """The state of one article's text in each of our languages, in their order."""
    now, by_language = now or timezone.now(), {text.language: text for text in texts}
    return [_state(code, by_language, now) for code in LANGUAGE_CODES]


def newest_other(text: Translation, siblings: Iterable[Translation]) -> datetime | None:
    """When the article's other languages, published or about to be, last changed."""
    dates = [
        other.updated_at
        for other in siblings
        if other.language != text.language and other.status == Translation.Status.PUBLISHED
    ]
    return max(dates, default=None)


def _state(language: str, by_language: dict[str, Translation], now: datetime) -> TextState:
    text = by_language.get(language)
    if text is None:
        return TextState(language, MISSING)
    newest = newest_other(text, by_language.values())
    is_stale = newest is not None and newest - text.updated_at > PARITY
    return TextState(language, _kind(text, now), is_stale, text.published_at, text)


def _kind(text: Translation, now: datetime) -> str:
    if text.status == Translation.Status.DRAFT or text.published_at is None:
        return DRAFT
    return SCHEDULED if text.published_at > now else PUBLISHED


# --- Texts to write -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """A text that waits for an editor; `title` is the article's in whichever language it has one."""

    article: Article
    title: str
    state: TextState


@dataclass
class Todo:
    """Every text that waits for an editor, by what it waits for."""

    missing: list[Item] = field(default_factory=list)
    stale: list[Item] = field(default_factory=list)
    drafts: list[Item] = field(default_factory=list)
    scheduled: list[Item] = field(default_factory=list)


def todo() -> Todo:
    """Go through all articles once."""
    found = Todo()
    texts: dict[int, list[Translation]] = defaultdict(list)
    for text in Translation.objects.for_reading().defer("summary", "toc", "steps", "body_html", "plain_text"):
        texts[text.article_id].append(text)
    for article in Article.objects.order_by("category__position", "position", "slug"):
        title = article_title(article, texts[article.pk])
        for state in text_states(texts[article.pk]):
            _sort_in(found, Item(article, title, state))
    found.scheduled.sort(key=lambda item: item.state.at or timezone.now())
    return found


def _sort_in(found: Todo, item: Item) -> None:
    if item.state.is_stale:
        found.stale.append(item)
    heap = {MISSING: found.missing, DRAFT: found.drafts, SCHEDULED: found.scheduled}.get(item.state.kind)
    if heap is not None:
        heap.append(item)


def article_title(article: Article, texts: Iterable[Translation]) -> str:
    """What an editor calls an article: its title in the editor's language, else in another, else the slug."""
    titles = {text.language: text.title for text in texts}
    code = current_language()
    return next((titles[c] for c in (code, *other_languages(code)) if titles.get(c)), article.slug)


# --- What customers tell us ---------------------------------------------------------------------------


@dataclass
class Feedback:
    """The votes on one article; `reasons` are texts with their numbers, the most frequent first."""

    article: Article
    title: str
    yes: int = 0
    no: int = 0
    reasons: list[tuple[str, int]] = field(default_factory=list)
    comments: list[Vote] = field(default_factory=list)

    @cached_property
    def badness(self) -> float:
        """The share of no that the article has at least, with 95 % confidence; few votes say little."""
        return lowest_share(self.no, self.yes + self.no)


def lowest_share(part: int, total: int) -> float:
    """The lower end of Wilson's interval for `part` of `total`; 0 when there is nothing to count."""
    if not total:
        return 0.0
    share, z2 = part / total, CONFIDENCE**2
    spread = CONFIDENCE * sqrt(share * (1 - share) / total + z2 / (4 * total**2))
    return (share + z2 / (2 * total) - spread) / (1 + z2 / total)


def worst_articles(limit: int = 10, comments: int = 3) -> list[Feedback]:
    """The articles that helped least in the last `VOTE_DAYS` days, the worst first."""
    votes = Vote.objects.filter(created_at__gte=timezone.now() - timedelta(days=VOTE_DAYS))
    counted = (
        votes.order_by()
        .values("article")
        .annotate(yes=Count("pk", filter=Q(is_solved=True)), no=Count("pk", filter=Q(is_solved=False)))
    )
    counts = {row["article"]: (row["yes"], row["no"]) for row in counted if row["no"]}
    articles = Article.objects.filter(pk__in=counts).prefetch_related("translations")
    found = [
        Feedback(article, article_title(article, article.translations.all()), *counts[article.pk])
        for article in articles
    ]
    found.sort(key=lambda feedback: (-feedback.badness, -feedback.no, feedback.article.slug))
    for feedback in found[:limit]:
        noes = votes.filter(article=feedback.article, is_solved=False)
        feedback.reasons = _reasons(noes)
        feedback.comments = list(noes.exclude(comment="")[:comments])
    return found[:limit]


def _reasons(noes: QuerySet[Vote]) -> list[tuple[str, int]]:
    labels = dict(Vote.Reason.choices)
    rows = noes.exclude(reason="").order_by().values_list("reason").annotate(times=Count("pk"))
    return sorted(((str(labels.get(reason, reason)), times) for reason, times in rows), key=lambda r: -r[1])


@dataclass(frozen=True)
class FruitlessSearch:
    """What customers searched for in vain."""

    text: str
    language: str
    times: int
    last: datetime


def fruitless_searches(limit: int = 20) -> list[FruitlessSearch]:
    """Searches of the last `SEARCH_DAYS` days that found nothing and still don't, the most frequent first."""
    since = timezone.localdate() - timedelta(days=SEARCH_DAYS)
    rows = (
        SearchQuery.objects.filter(day__gt=since, results=0)
        .order_by()
        .values("text", "language")
        .annotate(times=Sum("count"), last=Max("day"))
        .order_by("-times", "-last", "text")[:SEARCHES_TRIED]
    )
    found: list[FruitlessSearch] = []
    for row in rows:
        if len(found) < limit and not search_index.find(row["text"], row["language"]):
            found.append(FruitlessSearch(**row))
    return found
