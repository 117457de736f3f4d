"""Search: as a page, as suggestions while typing, and what was opened from it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from faq.models import Category
from faq.services import reading
from faq.services.search import record_click, record_search, search
from helpcenter import rate_limit
from helpcenter.i18n import current_language
from helpcenter.origin import same_origin_required

RESULTS_SHOWN = 20
SUGGESTIONS_SHOWN = 6
# Longer than any question; what is beyond is not read.
MAX_QUERY_LENGTH = 200


@require_safe
@never_cache
def results(request: HttpRequest) -> HttpResponse:
    """The page of results; without any, the nearest topics and the contacts."""
    text = _query(request)
    if wait := _wait(request):
        return _too_many(request, text, wait)
    language = current_language()
    found = search(text, language, limit=RESULTS_SHOWN) if text else None
    if found and request.method == "GET":
        record_search(text, language, found.total)
    context: dict[str, object] = {"query": text, "found": found}
    if not (found and found.hits):
        context |= {
            "categories": list(Category.objects.with_article_counts()),
            "popular": reading.popular_rows(language),
        }
    return render(request, "faq/search.html", context)


@require_safe
@never_cache
def suggestions(request: HttpRequest) -> HttpResponse:
    """The first few results as options under the search field."""
    text = _query(request)
    if _wait(request):
        return HttpResponse(status=204)
    found = search(text, current_language(), limit=SUGGESTIONS_SHOWN) if text else None
    return render(request, "faq/_suggestions.html", {"query": text, "found": found})


@require_POST
@same_origin_required
def opened(request: HttpRequest) -> HttpResponse:
    """Note which article was opened from which search; nothing about who."""
    text, slug = request.POST.get("q", "")[:MAX_QUERY_LENGTH].strip(), request.POST.get("slug", "")[:80]
    if text and slug and not _wait(request):
        record_click(text, current_language(), slug)
    return HttpResponse(status=204)


def _query(request: HttpRequest) -> str:
    return request.GET.get("q", "")[:MAX_QUERY_LENGTH].replace("\x00", "").strip()


def _wait(request: HttpRequest) -> int:
    return rate_limit.seconds_to_wait("search", rate_limit.client_address(request), settings.SEARCH_RATE)


def _too_many(request: HttpRequest, text: str, wait: int) -> HttpResponse:
    context = {
        "query": text,
        "too_many": _("Too many searches at once. Please try again in %(wait)s seconds.") % {"wait": wait},
        "categories": list(Category.objects.with_article_counts()),
        "popular": reading.popular_rows(current_language()),
    }
    response = render(request, "faq/search.html", context, status=429)
    response["Retry-After"] = str(wait)
    return response
