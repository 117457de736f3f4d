"""The lists as fragments."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from chat.core.api import BadBody
from chat.services import desk_lists, desk_rows
from chat.services.clock import database_now
from chat.services.desk_lists import BadPlace, Filters
from chat.services.desk_search import MOST_WORDS
from chat.views.desk.answers import AtDesk, desk

NAMES = ("q", "topic", "language", "agent", "tag")


@desk("GET", "HEAD")
def rows(request: HttpRequest, at: AtDesk, name: str) -> HttpResponse:
    """One page of a list."""
    if name not in desk_lists.LISTS:
        raise Http404
    after = request.GET.get("after", "")
    try:
        page = desk_rows.page(at.agent, name, _filters(request), after, is_supervisor=at.is_supervisor)
    except BadPlace:
        raise BadBody("after") from None
    context = {
        "name": name,
        "page": page,
        "more_url": _more_url(request, name, page.more) if page.more else "",
        "is_filtered": any(request.GET.get(one) for one in NAMES),
        "is_first": not after,
        "agent": at.agent,
    }
    return render(request, "desk/_rows.html", context)


@desk("GET", "HEAD")
def counts(request: HttpRequest, at: AtDesk) -> HttpResponse:
    """How many there are in each list, and how long the first one waits."""
    found = desk_lists.counts(at.agent, is_supervisor=at.is_supervisor)
    since = found["waiting_since"]
    context = {
        "counts": [(name, found[name]) for name in desk_lists.LISTS],
        "waiting_since": since,
        "wait": max(database_now() - since, type(database_now() - since)()) if since else None,
    }
    return render(request, "desk/_counts.html", context)


def _filters(request: HttpRequest) -> Filters:
    """What the list is narrowed to; raises `BadBody` for what can't be."""
    texts = {name: request.GET.get(name, "").replace("\0", "").strip() for name in NAMES}
    if len(texts["q"]) > MOST_WORDS:
        raise BadBody("q")
    language = texts["language"]
    if language and language not in dict(settings.LANGUAGES):
        raise BadBody("language")
    agent = texts["agent"]
    if agent and not (agent.isascii() and agent.isdigit() and len(agent) <= 15):
        raise BadBody("agent")
    return Filters(
        texts["q"], texts["topic"][:80], language, int(agent) if agent else None, texts["tag"][:80]
    )


def _more_url(request: HttpRequest, name: str, place: str) -> str:
    kept = {one: value for one in NAMES if (value := request.GET.get(one))}
    return f"{reverse('desk:list', args=[name])}?{urlencode(kept | {'after': place})}"
