"""How a view says that its page is public: the same bytes for everyone."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

# Only between Django and the cache; it never leaves the process.
MARK = "X-Public-Page"
# In the mark: the page is the same whatever language the browser asks for.
EVERY_LANGUAGE = "*"
# Browsers and proxies may keep a page but ask each time whether it is still the newest (a 304, no body).
CACHE_CONTROL = "public, max-age=0, must-revalidate"


def public_page(*parameters: str, every_language: bool = False) -> Callable[[View[P]], View[P]]:
    """Let the page cache keep a view's pages.

    `parameters` are the query parameters that change the page; every other one (utm_source and its like)
    changes nothing and so shares the page. Such a view must not look at cookies, sessions or users, and a
    response that sets a cookie or isn't a 200 is never kept. `every_language` is for addresses without a language
    prefix: Django says of those that they vary by the browser's languages, which a view may know better.
    """
    mark = " ".join((EVERY_LANGUAGE, *parameters) if every_language else parameters)

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def marked(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            response = view(request, *args, **kwargs)
            if response.status_code == 200 and not response.streaming and not response.cookies:
                response.headers.setdefault("Cache-Control", CACHE_CONTROL)
                response.headers[MARK] = mark
            return response

        return marked

    return decorate
