"""Did this solve it? A plain form, narrowed by htmx where there is JavaScript."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from faq.access import article_for_visitor
from faq.models import Vote
from faq.services.votes import cast_vote
from helpcenter import rate_limit
from helpcenter.i18n import current_language
from helpcenter.origin import same_origin_required

COOKIE = "topay_votes"
COOKIE_SECONDS = 365 * 24 * 3600
# A browser remembers this many votes; older ones are forgotten first.
REMEMBERED = 40


@require_POST
@same_origin_required
@never_cache
def vote(request: HttpRequest, slug: str) -> HttpResponse:
    """Count a yes or a no, and then an optional reason; the same browser's later vote replaces its first."""
    article = article_for_visitor(slug)
    wait = rate_limit.seconds_to_wait("vote", rate_limit.client_address(request), settings.VOTE_RATE)
    context: dict[str, object] = {"article": article, "vote_reasons": Vote.Reason.choices, "wait": wait}
    remembered = _remembered(request)
    if not wait:
        stored = cast_vote(
            article,
            current_language(),
            is_solved=request.POST.get("solved") == "yes",
            reason=_reason(request),
            comment=request.POST.get("comment", ""),
            earlier=remembered.get(slug),
        )
        remembered[slug] = stored.pk
        context |= {"vote": stored, "has_reason": "reason" in request.POST}
    template = "faq/_vote_thanks.html" if "HX-Request" in request.headers else "faq/vote.html"
    response = render(request, template, context, status=429 if wait else 200)
    if not wait:
        _remember(response, remembered)
    return response


def _reason(request: HttpRequest) -> str:
    reason = request.POST.get("reason", "")
    return reason if reason in Vote.Reason.values else ""


def _remembered(request: HttpRequest) -> dict[str, int]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=COOKIE_SECONDS)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def _remember(response: HttpResponse, votes: dict[str, int]) -> None:
    newest = dict(list(votes.items())[-REMEMBERED:])
    response.set_cookie(
        COOKIE,
        signing.dumps(newest, salt=COOKIE),
        max_age=COOKIE_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
