"""The messenger on other sites: the loader that a page includes, and the page inside its frame."""

from __future__ import annotations

import gzip
import hashlib
import json
from functools import lru_cache
from pathlib import Path

import brotli
from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe
from minify import string as minify

from helpcenter.i18n import DEFAULT_LANGUAGE, HTML_CODES, LANGUAGE_CODES
from helpcenter.page_cache.decorators import public_page
from helpcenter.page_cache.negotiation import best_encoding, matches

SCRIPT = settings.BASE_DIR / "static" / "js" / "widget" / "loader.js"
STYLE = settings.BASE_DIR / "static" / "css" / "launcher.css"
# A new version is everywhere within minutes; meanwhile nobody waits for the question whether there is one.
LOADER_CACHE_CONTROL = "public, max-age=300, stale-while-revalidate=86400"
PACKERS = {
    "br": lambda body: brotli.compress(body, quality=11),
    "gzip": lambda body: gzip.compress(body, 9, mtime=0),
    "": lambda body: body,
}
# 'self' covers sockets in newer browsers only.
OWN_SOCKETS = [origin.replace("http", "ws", 1) for origin in sorted(settings.SOCKET_ORIGINS)]
PARENTS = list(dict.fromkeys([*sorted(settings.SOCKET_ORIGINS), *settings.EMBED_ORIGINS]))


@require_safe
def loader(request: HttpRequest) -> HttpResponse:
    """The script behind the one address that other sites include; the same for every site and language."""
    encoding = best_encoding(request.headers.get("Accept-Encoding", "").encode()).decode()
    body, tag = _packed(encoding)
    is_known = matches(request.headers.get("If-None-Match", "").encode(), tag.encode())
    response = HttpResponseNotModified() if is_known else HttpResponse(body, "text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = LOADER_CACHE_CONTROL
    response.headers["ETag"] = tag
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if encoding and not is_known:
        response.headers["Content-Encoding"] = encoding
    return response


@lru_cache(maxsize=len(PACKERS))
def _packed(encoding: str) -> tuple[bytes, str]:
    """The loader in one encoding, and the tag by which a browser names it."""
    source = loader_source().encode()
    digest = hashlib.sha256(source).hexdigest()[:32]
    return PACKERS[encoding](source), f'"{digest}-{encoding}"' if encoding else f'"{digest}"'


def loader_source() -> str:
    """The loader as it is sent: as small as it gets, with its texts in every language and its style.

    In a browser that is too old for it nothing happens, and the host's console stays clean.
    """
    texts = json.dumps({code: _texts(code) for code in LANGUAGE_CODES}, ensure_ascii=False)
    style = json.dumps(minify("text/css", _read(STYLE)))
    script = _read(SCRIPT).replace("(TEXTS, STYLE)", f"({texts}, {style})")
    return minify("text/javascript", f"try {{ {script} }} catch {{}}")


def _texts(code: str) -> dict[str, str]:
    with translation.override(code):
        return {"name": gettext("Topay live chat"), "unread": gettext(", new messages: %s")}


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": [SELF, *PARENTS]})
@csp_update({"connect-src": OWN_SOCKETS, "img-src": ["blob:"]})
def frame(request: HttpRequest) -> HttpResponse:
    """The messenger in the frame of a site that may hold it (`EMBED_ORIGINS`, and our own pages)."""
    code = request.GET.get("lang", "")
    with translation.override(code if code in LANGUAGE_CODES else DEFAULT_LANGUAGE):
        return _frame(request)


@public_page("lang", every_language=True)
def _frame(request: HttpRequest) -> HttpResponse:
    language = translation.get_language() or DEFAULT_LANGUAGE
    context = {"shell": "frame", "parents": " ".join(PARENTS), "language": language}
    response = render(request, "widget/frame.html", context)
    response.headers["Content-Language"] = HTML_CODES[language]
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
