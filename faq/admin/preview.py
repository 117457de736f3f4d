"""What a text will look like, for editors only: while it is written, and as a whole page."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from faq.access import Reading
from faq.admin.access import require, text_for_editor
from faq.models import Article, Translation
from faq.services.editorial import text_states
from faq.services.publishing import render_body
from faq.views.articles import article_context
from helpcenter.i18n import HTML_CODES, LANGUAGE_CODES


@require_http_methods(["GET", "HEAD", "POST"])
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})
def live_preview(request: HttpRequest) -> HttpResponse:
    """GET: the frame beside the form, with the stored text. POST: the text as it stands in the form."""
    require(request, "faq.view_translation")
    if request.method == "POST":
        require(request, "faq.change_translation")
        return _private(render(request, "admin/faq/translation/_rendered.html", _posted(request)))
    return _private(render(request, "admin/faq/translation/preview_frame.html", _stored(request)))


@require_safe
def page_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The article's page with a text that customers may not see yet."""
    text = text_for_editor(request, pk, "view")
    state = next(state for state in text_states([text]) if state.language == text.language)
    with override(text.language):
        context = article_context(Reading(text.article, text, text.language))
        context |= {"is_preview": True, "state": state}
        return _private(render(request, "admin/faq/translation/page_preview.html", context))


def _posted(request: HttpRequest) -> dict[str, object]:
    language = _language(request.POST.get("language"))
    body = request.POST.get("body", "").replace("\r\n", "\n")
    text = Translation(
        article=Article(),
        language=language,
        title=request.POST.get("title", ""),
        summary=request.POST.get("summary", ""),
        body_html=render_body(body, language).html,
    )
    return _context(text)


def _stored(request: HttpRequest) -> dict[str, object]:
    pk = request.GET.get("text", "")
    if pk:
        return _context(text_for_editor(request, pk, "view"))
    return _context(Translation(language=_language(request.GET.get("language"))))


def _context(text: Translation) -> dict[str, object]:
    return {"text": text, "html_language": HTML_CODES[text.language]}


def _language(code: str | None) -> str:
    if code not in LANGUAGE_CODES:
        raise Http404("No such language.")
    return str(code)


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, no-store"
    return response
