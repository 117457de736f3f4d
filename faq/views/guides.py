"""Guided fixes: one question a page, on the customer's way to "solved" or to a person who knows the answers.

The answers so far are in the address (`?path=network.ok~balance.enough`) and nowhere else, so back, reload,
bookmarks and the language link work, and every page is the same for everyone. htmx takes the step out of the
very same page (`hx-select`): there is no fragment that Back could show, and nothing varies by a header.

A GET never counts. The answer that solves the problem is a POST that counts and redirects to the page of the
solved step; the end with a person is counted when the details are sent. What was typed stays out of addresses
and is masked before it is shown in the summary that the customer copies or takes to the contact form.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import push_url

from faq.access import guide_for_visitor
from faq.context_processors import LanguageLink
from faq.core.guide_answers import MAX_TEXT, Filled, read_fields, summary
from faq.core.guides import NOT_SURE, Document, Walk, in_language, walk
from faq.models import Guide, Step
from faq.services.guides import body_html, count_outcome, guide_document
from helpcenter import rate_limit
from helpcenter.i18n import current_language, other_languages, path_in_language
from helpcenter.masking import mask_text
from helpcenter.origin import same_origin_required
from helpcenter.page_cache.decorators import public_page

# The same end of the same customer counts once in this time, however often a page is sent again.
ONCE_RATE = "1/30m"
# Many customers share one address, so this is only a high ceiling.
ADDRESS_RATE = "120/m"
SUMMARY = "#summary"


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_required
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """The step that the path leads to; a POST takes the details of a contact step and gives the summary."""
    return _filled_in(request, slug) if request.method == "POST" else _step(request, slug)


@require_POST
@same_origin_required
@never_cache
def solved(request: HttpRequest, slug: str) -> HttpResponse:
    """Count a solved problem, once, and go on to the page that says so."""
    found = guide_for_visitor(slug)
    walked = _walk(_document(found), request.POST.get("path", ""))
    if walked.step["kind"] == Step.Kind.SOLVED:
        _count_once(request, found, walked)
    response = redirect(_address(slug, walked.path))
    response.status_code = 303
    return response


@require_safe
@public_page("path")
def _step(request: HttpRequest, slug: str) -> HttpResponse:
    document = _document(guide := guide_for_visitor(slug))
    path = request.GET.get("path", "")
    walked = _walk(document, path)
    if walked.path != path:
        # What an editor removed or somebody made up leads to the last step that exists, under one address.
        return redirect(_address(slug, walked.path))
    fields = [(Filled(field, ""), "") for field in walked.step["fields"]]
    return render(request, "faq/guide.html", _context(request, guide, document, walked) | {"fields": fields})


@never_cache
def _filled_in(request: HttpRequest, slug: str) -> HttpResponse:
    document = _document(guide := guide_for_visitor(slug))
    walked = _walk(document, request.GET.get("path", ""))
    if walked.step["kind"] != Step.Kind.CONTACT:
        return redirect(_address(slug, walked.path))
    filled = _read(request, walked)
    context = _context(request, guide, document, walked)
    is_edited_again = "edit" in request.POST
    errors = {} if is_edited_again else _error_texts(filled)
    if is_edited_again or errors:
        fields = [(item, errors.get(item.field["key"], "")) for item in filled]
        return render(
            request,
            "faq/guide.html",
            context | {"fields": fields, "errors": errors},
            status=422 if errors else 200,
        )
    _count_once(request, guide, walked, "\n".join(item.shown for item in filled))
    response = render(request, "faq/guide_summary.html", context | _summary(document, walked, filled))
    # htmx gives the summary an entry of its own in the browser's history, and only one.
    address = _address(slug, walked.path) + SUMMARY
    return response if SUMMARY in request.headers.get("HX-Current-URL", "") else push_url(response, address)


def _read(request: HttpRequest, walked: Walk) -> list[Filled]:
    typed = {name: str(value) for name, value in request.POST.items()}
    zone = timezone.get_default_timezone()
    return read_fields(walked.step["fields"], typed, timezone.now(), zone)


def _document(guide: Guide) -> Document:
    return in_language(guide_document(guide), current_language())


def _walk(document: Document, path: str) -> Walk:
    walked = walk(document, path)
    if walked is None:
        raise Http404("The guide has no steps yet.")
    return walked


def _address(slug: str, path: str) -> str:
    return reverse("faq:guide", args=[slug]) + _query(path)


def _query(path: str) -> str:
    return f"?{urlencode({'path': path})}" if path else ""


def _context(request: HttpRequest, guide: Guide, document: Document, walked: Walk) -> dict[str, object]:
    """What every page of a guide shows, its end with a person included."""
    slug, number = guide.slug, len(walked.answers) + 1
    links = [
        LanguageLink(code, path_in_language(request.path, code) + _query(walked.path))
        for code in other_languages(current_language())
    ]
    return {
        "guide": document,
        "article": guide.article,
        "walk": walked,
        "step": walked.step,
        "body": body_html(walked.step["body"], current_language()),
        "number": number,
        "most": number - 1 + walked.questions_left,
        "choices": _choices(document, walked),
        "answers": [(answer, _address(slug, answer.path_before)) for answer in walked.answers],
        "back": _address(slug, walked.answers[-1].path_before) if walked.answers else None,
        "here": _address(slug, walked.path),
        "start": _address(slug, ""),
        "other_language_links": links,
        "max_text": MAX_TEXT,
    }


def _choices(document: Document, walked: Walk) -> list[dict[str, object]]:
    kinds = {step["key"]: step["kind"] for step in document["steps"]}
    return [
        {
            "label": choice["label"],
            "path": walked.path_with(choice["key"]),
            "solves": kinds.get(choice["next"]) == Step.Kind.SOLVED,
            "is_unsure": choice["key"] == NOT_SURE,
        }
        for choice in walked.step["choices"]
        if choice["next"] in kinds
    ]


def _summary(document: Document, walked: Walk, filled: list[Filled]) -> dict[str, object]:
    """The answers and details as rows and as text, without anything that nobody needs to know."""
    masked = [(item, mask_text(item.shown)) for item in filled if item.shown]
    details = [(item.field["label"], safe.text) for item, safe in masked]
    checks = [(answer.step["title"], answer.choice["label"]) for answer in walked.answers]
    sections = [(_("Details"), details), (_("Checked so far"), checks)]
    return {
        "details": details,
        "checks": checks,
        "is_masked": any(safe.found for _item, safe in masked),
        "kept": [
            (item.field["key"], safe.text if item.field["kind"] == "text" else item.raw)
            for item, safe in masked
        ],
        "summary": summary(document["title"], sections, _("%(label)s: %(text)s")),
    }


def _count_once(request: HttpRequest, guide: Guide, walked: Walk, details: str = "") -> None:
    """Count an end unless this very request came just now; the browser is remembered as a digest only."""
    address = rate_limit.client_address(request)
    who = f"{address}|{request.headers.get('User-Agent', '')}|{guide.slug}|{walked.path}|{details}"
    digest = salted_hmac("faq.guides", who).hexdigest()
    if rate_limit.seconds_to_wait("guide-outcome-once", digest, ONCE_RATE):
        return
    if rate_limit.seconds_to_wait("guide-outcome", address, ADDRESS_RATE):
        return
    last = walked.answers[-1].step["key"] if walked.answers else walked.step["key"]
    count_outcome(guide, walked.step["kind"], last)


def _error_texts(filled: list[Filled]) -> dict[str, str]:
    """What is wrong with each field, by its key, in words that say how to mend it."""
    needed = {
        "datetime": _("Enter the date and time; roughly is fine."),
        "amount": _("Enter the amount, such as 128.50."),
        "choice": _("Choose one of these."),
        "text": _("Write a few words here."),
    }
    wrong = {
        "not_amount": _("Enter the amount as a number, such as 128.50."),
        "zero_amount": _("The amount must be more than zero."),
        "large_amount": _("This amount looks too large. Please check it."),
        "not_time": _("Enter a date and a time, such as 2026-11-23 14:05."),
        "future": _("This time is still to come. Enter when it happened."),
        "long_ago": _("This was very long ago. Please check the year."),
        "long_text": _("Please keep this to %(limit)s characters.") % {"limit": MAX_TEXT},
        "not_option": _("Choose one of these."),
    }
    return {
        item.field["key"]: wrong.get(item.error) or needed.get(item.field["kind"], needed["text"])
        for item in filled
        if item.error
    }
