"""What the messenger shows of the help content, the same for everyone."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise

from chat.plain_forms import SCORES
from faq.models import Category, Guide

register = template.Library()

# Announcements are nothing that anybody asks about.
NOT_ASKED_ABOUT = ("news",)


@register.simple_tag
def chat_topics() -> list[Category]:
    """The topics that a conversation can be about."""
    return list(Category.objects.exclude(slug__in=NOT_ASKED_ABOUT).order_by("position", "slug"))


@register.simple_tag
def guided_fixes() -> list[Guide]:
    """The guided fixes in their order."""
    return list(Guide.objects.published())


@register.simple_tag
def rating_scores() -> list[tuple[int, str | Promise]]:
    """The five scores with their words, best first."""
    return list(SCORES)
