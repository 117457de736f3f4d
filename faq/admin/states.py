"""The state of a text as editors read it."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from faq.admin.base import chip
from faq.services.editorial import DRAFT, MISSING, PUBLISHED, SCHEDULED, TextState

LANGUAGE_NAMES = dict(settings.LANGUAGES)


def state_label(state: TextState) -> str:
    """The state in words."""
    if state.kind == SCHEDULED and state.at:
        return _("Scheduled for %(when)s") % {
            "when": date_format(localtime(state.at), "SHORT_DATETIME_FORMAT")
        }
    return {MISSING: _("Missing"), DRAFT: _("Draft"), PUBLISHED: _("Published")}.get(state.kind, state.kind)


def state_chip(state: TextState) -> SafeString:
    """The state as a word, with a second one when the text is stale."""
    found = chip(state.kind, state_label(state))
    return format_html("{} {}", found, chip("stale", _("Stale"))) if state.is_stale else found


def state_chips(states: Iterable[TextState]) -> SafeString:
    """The states of an article's languages."""
    rows = ((LANGUAGE_NAMES[state.language], state_chip(state)) for state in states)
    return format_html_join(" ", '<span class="text-state">{} {}</span>', rows)
