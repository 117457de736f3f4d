"""Parts of a page that are the same on every page of a language."""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.safestring import SafeString

from faq.services import contacts

register = template.Library()

Key = tuple[object, ...]
# What was rendered with one reading of the contacts.
_kept: tuple[list[contacts.Contact], dict[Key, SafeString]] | None = None


@register.simple_tag(takes_context=True)
def kept(context: template.Context, name: str) -> SafeString:
    """Include the template `name`, rendered once for each language until the contacts change.

    It may look at `language` and `contacts` only, never at the request.
    """
    global _kept
    shown, known = contacts.site_contacts(), _kept
    if known is None or known[0] is not shown:
        _kept = known = (shown, {})
    parts, language = known[1], context["language"]
    key = (name, language, get_script_prefix())
    if key not in parts:
        parts[key] = render_to_string(name, {"language": language, "contacts": shown})
    return parts[key]
