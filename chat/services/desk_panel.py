"""What an agent sees beside a conversation: who asks, where they came from, what they tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from chat.models import Agent, Block, Conversation, Rating, Suggestion, Visitor
from chat.querysets import readable_by
from chat.services import blocking
from faq.models import Article, Category, Guide

MOST_EARLIER = 10
LABELS: Mapping[str, str | Promise] = {
    "amount": _("Amount"),
    "app_version": _("App version"),
    "channel": _("Channel"),
    "currency": _("Currency"),
    "device": _("Device"),
    "error": _("Error message"),
    "notice": _("Notice"),
    "steps": _("Steps"),
    "time": _("Time"),
}
# Fields that have a place of their own, a line each.
TRAIL = ("searches", "answers")
MEANINGS: Mapping[str, str | Promise] = {
    Visitor.Identity.GUEST: _("Nobody has confirmed who this is. Tell nothing about any account."),
    Visitor.Identity.CLAIMED: _("Name and address are what they typed. Tell nothing about any account."),
    Visitor.Identity.SIGNED: _("The app has confirmed which customer this is."),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """Something that was suggested, with its title, and what became of it."""

    title: str
    row: Suggestion


@dataclass(frozen=True, slots=True)
class Panel:
    """All of it; `others` counts earlier conversations that this agent may not read."""

    conversation: Conversation
    topic: str
    meaning: str | Promise
    article: str
    guide: str
    page_is_link: bool
    shown: list[Shown]
    searches: list[str]
    answers: list[str]
    fields: list[tuple[str | Promise, str]]
    earlier: list[Conversation]
    others: int
    rating: Rating | None
    block: Block | None
    tags: list[str]


def panel(conversation: Conversation, agent: Agent, *, is_supervisor: bool) -> Panel:
    """What is known; `conversation` comes with its visitor."""
    visitor = conversation.visitor
    before = visitor.conversations.exclude(pk=conversation.pk).order_by()
    readable = readable_by(agent, is_supervisor=is_supervisor) & before
    earlier = list(readable.order_by("-created_at", "-pk")[:MOST_EARLIER])
    suggestions = list(conversation.suggestions.order_by("seq"))
    articles = {one.slug for one in suggestions if one.kind == Suggestion.Kind.ARTICLE}
    articles |= {conversation.article} - {""}
    guides = {one.slug for one in suggestions if one.kind == Suggestion.Kind.GUIDE} | (
        {conversation.guide} - {""}
    )
    titles = _titles(articles, conversation.language)
    fixes = {one.slug: str(one.title) for one in Guide.objects.filter(slug__in=guides)} if guides else {}
    category = Category.objects.filter(slug=conversation.topic).first() if conversation.topic else None
    return Panel(
        conversation=conversation,
        topic=str(category.title) if category else conversation.topic,
        meaning=MEANINGS[visitor.identity],
        article=titles.get(conversation.article, conversation.article),
        guide=fixes.get(conversation.guide, conversation.guide),
        page_is_link=urlsplit(conversation.page).scheme in ("http", "https"),
        shown=[
            Shown((fixes if one.kind == Suggestion.Kind.GUIDE else titles).get(one.slug, one.slug), one)
            for one in suggestions
        ],
        searches=_lines(conversation, "searches"),
        answers=_lines(conversation, "answers"),
        fields=[
            (LABELS.get(key, key), str(value))
            for key, value in conversation.fields.items()
            if key not in TRAIL
        ],
        earlier=earlier,
        others=max(0, before.count() - readable.count()),
        rating=Rating.objects.filter(conversation=conversation).first(),
        block=blocking.of_visitor(visitor.pk),
        tags=list(conversation.tags.values_list("name", flat=True)),
    )


def _lines(conversation: Conversation, field: str) -> list[str]:
    return str(conversation.fields.get(field, "")).split("\n") if conversation.fields.get(field) else []


def _titles(slugs: set[str], language: str) -> dict[str, str]:
    """Titles in the conversation's language, or whatever there is."""
    found: dict[str, str] = {}
    if not slugs:
        return found
    rows: QuerySet[Article] = Article.objects.filter(slug__in=slugs).prefetch_related("translations")
    for article in rows:
        texts = {text.language: text.title for text in article.translations.all()}
        found[article.slug] = texts.get(language) or next(iter(texts.values()), article.slug)
    return found
