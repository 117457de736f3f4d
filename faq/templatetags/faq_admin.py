"""What the editors' templates need."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from faq.admin.states import state_chip, state_label
from faq.services import editorial

register = template.Library()
register.filter("state_chip", state_chip)
register.filter("state_label", state_label)


@dataclass(frozen=True)
class TodoCount:
    """How many texts wait for one thing; `anchor` is its place on the editors' start page."""

    number: int
    label: str
    anchor: str


@register.simple_tag
def editors_counts() -> list[TodoCount]:
    """The numbers of the start page."""
    todo = editorial.todo()
    return [
        TodoCount(len(todo.missing), _("texts missing"), "missing"),
        TodoCount(len(todo.stale), _("texts stale"), "stale"),
        TodoCount(len(todo.drafts), _("drafts"), "drafts"),
        TodoCount(len(todo.scheduled), _("scheduled"), "scheduled"),
    ]


@register.filter
def language_name(code: str) -> str:
    """What a language calls itself."""
    return dict(settings.LANGUAGES).get(code, code)
