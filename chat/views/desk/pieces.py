"""What an agent puts into an answer, or hands a conversation to: canned replies, articles, tags, colleagues."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from chat.core.api import BadBody
from chat.models import Agent, Conversation
from chat.querysets import loads, present_agents
from chat.services.clock import database_now
from chat.services.desk_canned import replies
from chat.services.desk_cards import look_up
from chat.services.desk_takes import tags_in_use
from chat.views.desk.answers import AtDesk, desk
from faq.models import Category
from helpcenter.i18n import current_language

MOST_WORDS = 100


@desk("GET", "HEAD")
def canned(request: HttpRequest, at: AtDesk) -> HttpResponse:
    """Canned replies, filled in for a conversation."""
    conversation = _conversation(request, at)
    language = _language(request, conversation)
    found = replies(at.agent, _words(request), language, conversation)
    return JsonResponse([asdict(one) for one in found], safe=False)


@desk("GET", "HEAD")
def articles(request: HttpRequest, at: AtDesk) -> HttpResponse:
    """Articles and guided fixes that answer something."""
    language = _language(request, _conversation(request, at))
    words = _words(request)
    context = {"results": look_up(words, language), "language": language, "words": words}
    return render(request, "desk/_articles.html", context)


@desk("GET", "HEAD")
def tags(request: HttpRequest, at: AtDesk) -> HttpResponse:
    """Tags that are in use."""
    return JsonResponse({"tags": tags_in_use(_words(request))})


@desk("GET", "HEAD")
def agents(request: HttpRequest, at: AtDesk) -> HttpResponse:
    """Who a conversation can be handed to: colleagues, those who are there first, and topics."""
    present = set(present_agents(database_now()).values_list("pk", flat=True))
    found = list(Agent.objects.filter(user__is_active=True).order_by("name", "pk"))
    load = loads([agent.pk for agent in found])
    rows = [
        {
            "id": agent.pk,
            "name": agent.name,
            "presence": agent.status if agent.pk in present or agent.status != "online" else "offline",
            "load": load.get(agent.pk, 0),
            "capacity": agent.capacity,
            "topics": agent.topics,
            "languages": agent.languages,
            "is_self": agent.pk == at.agent.pk,
        }
        for agent in found
    ]
    rows.sort(key=lambda row: row["id"] not in present)
    topics = [{"slug": one.slug, "title": str(one.title)} for one in Category.objects.all()]
    return JsonResponse({"agents": rows, "topics": topics})


def _conversation(request: HttpRequest, at: AtDesk) -> Conversation | None:
    value = request.GET.get("conversation", "")
    if not value:
        return None
    try:
        return at.conversation(UUID(value))
    except ValueError:
        raise Http404 from None


def _language(request: HttpRequest, conversation: Conversation | None) -> str:
    """What was asked for, else the customer's, else the agent's."""
    language = request.GET.get("language", "")
    if language and language not in dict(settings.LANGUAGES):
        raise BadBody("language")
    return language or (conversation.language if conversation else current_language())


def _words(request: HttpRequest) -> str:
    words = request.GET.get("q", "").replace("\0", "").strip()
    if len(words) > MOST_WORDS:
        raise BadBody("q")
    return words
