"""The front door."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from faq.models import Category, ServiceNotice
from faq.services import reading
from helpcenter.i18n import DEFAULT_LANGUAGE, LANGUAGE_CODES, current_language
from helpcenter.page_cache.decorators import public_page

ANNOUNCEMENTS_SHOWN = 3


@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    """Send `/` to the language of the cookie, else of the browser, else Chinese."""
    code = translation.get_language_from_request(request)
    code = code if code in LANGUAGE_CODES else DEFAULT_LANGUAGE
    with translation.override(code):
        response = HttpResponseRedirect(reverse("faq:home"))
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
@public_page()
def home(request: HttpRequest) -> HttpResponse:
    """Search, the four issues, the categories and the way to a person."""
    language = current_language()
    popular = reading.popular_rows(language)
    context = {
        "notices": list(ServiceNotice.objects.active()),
        "tiles": popular[: reading.TILES],
        "popular": popular[reading.TILES :],
        "questions": popular[: reading.SUGGESTED_QUESTIONS],
        "categories": list(Category.objects.with_article_counts()),
        "announcements": reading.announcement_rows(language, ANNOUNCEMENTS_SHOWN),
    }
    return render(request, "faq/home.html", context)
