"""The messenger as a page of its own: for phones, for the app's WebView, and as plain forms without JavaScript."""

from __future__ import annotations

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from chat.plain_forms import OpeningForm
from chat.views.plain_chat import receive_opening
from helpcenter.origin import same_origin_required
from helpcenter.page_cache.decorators import public_page

APP = "app"


@csp_update({"img-src": ["blob:"]})
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_required
@sensitive_post_parameters()
def messenger(request: HttpRequest) -> HttpResponse:
    """Show the messenger; a POST is the form of those who have no JavaScript."""
    return receive_opening(request) if request.method == "POST" else _page(request)


@public_page("embed", "form")
def _page(request: HttpRequest) -> HttpResponse:
    """The same bytes for everyone: `embed=app` without header and footer, `form=1` without the application."""
    context = {
        "shell": "app" if request.GET.get("embed") == APP else "page",
        "form": OpeningForm(),
        "is_plain": request.GET.get("form") == "1",
    }
    return render(request, "messenger/page.html", context)
