"""Canned replies for one conversation: found, filled in, the fitting ones first."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q

from chat.core.canned import fill
from chat.models import Agent, CannedResponse, Conversation
from faq.models import Category

MOST = 50


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply that is ready to be sent."""

    shortcut: str
    title: str
    text: str
    language: str


def replies(agent: Agent, text: str, language: str, conversation: Conversation | None) -> list[Reply]:
    """Replies that hold `text`, those whose shortcut begins with it and that are on the topic first."""
    found = CannedResponse.objects.filter(language=language)
    for word in text.removeprefix("/").split():
        found = found.filter(Q(shortcut__icontains=word) | Q(title__icontains=word) | Q(text__icontains=word))
    topic = conversation.topic if conversation else ""
    rows = [one for one in found if not one.topic or not topic or one.topic == topic]
    start = text.removeprefix("/").lower()
    rows.sort(key=lambda one: (not one.shortcut.startswith(start), not (topic and one.topic == topic)))
    values = _values(agent, conversation, language)
    return [Reply(one.shortcut, one.title, fill(one.text, values), one.language) for one in rows[:MOST]]


def _values(agent: Agent, conversation: Conversation | None, language: str) -> dict[str, str]:
    """What placeholders stand for; without a conversation only who answers."""
    values = {"agent": agent.name, "code": agent.verify_code, "help": f"{settings.SITE_URL}/{language}/"}
    if conversation is not None:
        category = Category.objects.filter(slug=conversation.topic).first() if conversation.topic else None
        title = category.title.localize(language) if category else ""
        values |= {
            "name": conversation.visitor.name,
            "reference": conversation.reference,
            "topic": str(title),
        }
    return values
