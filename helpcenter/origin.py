"""Where a form post comes from, for public pages that may hold no CSRF token.

Public pages are the same bytes for everyone, so a token can't be in them. Browsers say where a post comes
from (`Origin`, `Sec-Fetch-Site`, `Referer`); a post that another site caused is refused.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the browser says that one of our own pages sent this request."""
    own = f"{request.scheme}://{request.get_host()}"
    if origin := request.headers.get("Origin"):
        return origin.lower() == own.lower()
    if site := request.headers.get("Sec-Fetch-Site"):
        return site == "same-origin"
    referer = urlsplit(request.headers.get("Referer", ""))
    return f"{referer.scheme}://{referer.netloc}".lower() == own.lower()


def same_origin_required(view: View[P]) -> View[P]:
    """Refuse posts from other sites with 403; replaces the CSRF token on public pages."""

    @csrf_exempt
    @wraps(view)
    def checked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.method not in SAFE_METHODS and not is_same_origin(request):
            raise PermissionDenied("A form of another site was posted to us.")
        return view(request, *args, **kwargs)

    return checked
