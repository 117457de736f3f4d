"""The texts of our scripts, in one language, for `gettext` in the browser."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.views.i18n import JavaScriptCatalog

from helpcenter.page_cache.decorators import public_page

_catalog = JavaScriptCatalog.as_view(packages=["helpcenter"])


@public_page()
def script_texts(request: HttpRequest) -> HttpResponse:
    """Django's JavaScript catalogue of the address's language, the same bytes for everyone."""
    return cast(HttpResponse, _catalog(request))
