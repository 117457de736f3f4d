"""The editors' start page: what there is to write, to translate and to mend."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from faq.admin.access import require
from faq.admin.search import add_synonym_url
from faq.services import editorial

LANGUAGE_NAMES = dict(settings.LANGUAGES)


@require_safe
def todo(request: HttpRequest) -> HttpResponse:
    """Texts by what they wait for, articles that don't help, and searches in vain."""
    require(request, "faq.view_article", "faq.view_translation")
    may_see_votes = request.user.has_perm("faq.view_vote")
    may_see_searches = request.user.has_perm("faq.view_searchquery")
    context = {
        **admin.site.each_context(request),
        "title": _("To do"),
        "todo": editorial.todo(),
        "worst": editorial.worst_articles() if may_see_votes else [],
        "searches": _searches() if may_see_searches else [],
        "vote_days": editorial.VOTE_DAYS,
        "search_days": editorial.SEARCH_DAYS,
    }
    return render(request, "admin/faq/todo.html", context)


def _searches() -> list[dict[str, object]]:
    return [
        {
            "found": found,
            "language": LANGUAGE_NAMES[found.language],
            "add_url": add_synonym_url(found.text, found.language),
        }
        for found in editorial.fruitless_searches()
    ]
