"""Parts of a page that are the same on every page of a language."""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.safestring import SafeString

from faq.services import contacts

register = template.Library()

# What was rendered with one reading of the contacts, by template and language.
_kept: tuple[list[contacts.Contact], dict[tuple[str, str], SafeString]] | None = None


@register.simple_tag(takes_context=True)
def kept(context: template.Context, name: str) -> SafeString:
    """Include the template `name`, rendered once for each language until the contacts change.

    It may look at `language` and `contacts` only, never at the request.
    """
    global _kept
    shown, known, language = contacts.site_contacts(), _kept, context["language"]
    if get_script_prefix() != "/":
        # The prefix is in every link, and daphne takes any prefix from anybody.
        return _render(name, language, shown)
    if known is None or known[0] is not shown:
        _kept = known = (shown, {})
    if (name, language) not in known[1]:
        known[1][name, language] = _render(name, language, shown)
    return known[1][name, language]


def _render(name: str, language: str, shown: list[contacts.Contact]) -> SafeString:
    return render_to_string(name, {"language": language, "contacts": shown})
