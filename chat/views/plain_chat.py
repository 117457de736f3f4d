"""A conversation by plain forms, for browsers without JavaScript.

The only way into it is a cookie that no script can read and that is sent to the conversation's page alone.
"""

from __future__ import annotations

import logging
import uuid
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from chat.access import attachment_for_visitor, conversation_behind
from chat.core.terms import Audience
from chat.forms import NOT_STORED, span_in_words
from chat.models import Conversation, Cursor
from chat.plain_forms import OpeningForm
from chat.services import opening
from chat.services.append import AppendRefused
from chat.services.opening import Client, Opened
from chat.services.transcripts import transcript
from chat.views.api.answers import ApiError
from chat.views.api.conversations import open_within_limits
from chat.views.files import file_response
from chat.views.plain_talk import conversation_page, receive
from helpcenter.faults import RETRY_SECONDS, passes
from helpcenter.i18n import LANGUAGE_CODES, current_language, path_in_language
from helpcenter.origin import same_origin_required
from helpcenter.rate_limit import client_address

logger = logging.getLogger(__name__)
COOKIE = "topay_conversation"
# So long the last conversation can be read on this device.
COOKIE_SECONDS = 7 * 24 * 3600


@never_cache
def receive_opening(request: HttpRequest) -> HttpResponse:
    """Open a conversation with what the form holds, and go on to its page."""
    form = OpeningForm(request.POST)
    if not form.is_valid():
        return _form_again(request, form, status=422)
    client = Client(client_address(request), request.headers.get("User-Agent", "")[:300])
    try:
        opened = _open(request, form, client)
    except ApiError as refused:
        form.add_error(None, _words_for(refused))
        response = _form_again(request, form, status=refused.status)
        response["Retry-After"] = str(refused.wait)
        return response
    except DatabaseError as problem:
        if not passes(problem):
            raise
        logger.error("A conversation can't be opened", exc_info=problem)
        form.add_error(None, NOT_STORED)
        response = _form_again(request, form, status=503)
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
    response = HttpResponseRedirect(reverse("chat:plain_chat"))
    response.status_code = 303
    _hand_over(response, opened.token)
    return _private(response)


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_required
@never_cache
@sensitive_post_parameters()
def conversation(request: HttpRequest) -> HttpResponse:
    """What was said so far; a POST says something, ends it, leaves it as a message or rates it."""
    try:
        found = conversation_behind(_token(request))
    except Http404:
        return _private(render(request, "messenger/no_conversation.html", status=404))
    if request.method != "POST":
        return _private(conversation_page(request, found))
    if request.POST.get("do") == "forget":
        return _private(_forget())
    return _private(receive(request, found))


@require_safe
@never_cache
def download_transcript(request: HttpRequest) -> HttpResponse:
    """Everything that was said, as plain text."""
    found = conversation_behind(_token(request))
    headers = {
        "Content-Disposition": f'attachment; filename="topay-{found.reference}.txt"',
        "X-Content-Type-Options": "nosniff",
    }
    text = transcript(found)
    return _private(HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers))


@require_safe
@never_cache
def attachment(request: HttpRequest, attachment: UUID) -> HttpResponse:
    """One file of the conversation, as a download."""
    return _private(file_response(attachment_for_visitor(attachment, _token(request))))


def _open(request: HttpRequest, form: OpeningForm, client: Client) -> Opened:
    """Open it once, however often the form is posted; raises `ApiError` over the limit."""
    came_from = _came_from(request)
    body = form.opening(_mid_of(form, client), current_language(), came_from)
    try:
        before = opening.opened_before(body, client)
        is_taken = before is not None
    except AppendRefused:
        before, is_taken = None, True
    if before and not _was_seen(before.conversation):
        # The form was posted twice, and its first answer never arrived.
        return before
    # Somebody else behind the same address may ask the very same question: theirs is a conversation of its own.
    fresh = form.opening(str(uuid.uuid4()), current_language(), came_from) if is_taken else body
    return open_within_limits(fresh, client, language=current_language())


def _came_from(request: HttpRequest) -> dict[str, str]:
    """The query of the chat's page with the form: which article or guided fix led there."""
    return dict(parse_qsl(urlsplit(request.headers.get("Referer", "")).query[:400], max_num_fields=20))


def _mid_of(form: OpeningForm, client: Client) -> str:
    """The same number for the same form of the same client: the page is one for all and can't hold one."""
    typed = "\0".join(str(form.cleaned_data[name]) for name in ("topic", "text", "name", "email"))
    mac = salted_hmac(
        "chat.plain_opening", f"{client.address}\0{client.browser}\0{typed}", algorithm="sha256"
    )
    return str(UUID(bytes=mac.digest()[:16], version=4))


def _was_seen(found: Conversation) -> bool:
    seen = Cursor.objects.filter(conversation=found, who=Audience.VISITOR, read__gt=0)
    return seen.exists()


def _words_for(refused: ApiError) -> str:
    return gettext(
        "Too many conversations were opened from here. You can open another one in %(wait)s; "
        "if it is urgent, call us, or leave a message."
    ) % {"wait": span_in_words(refused.wait)}


def _form_again(request: HttpRequest, form: OpeningForm, *, status: int) -> HttpResponse:
    context = {"shell": "page", "form": form, "is_plain": True, "is_wrong": True}
    return render(request, "messenger/page.html", context, status=status)


def _token(request: HttpRequest) -> str:
    return request.COOKIES.get(_cookie_name(current_language()), "")


def _cookie_name(language: str) -> str:
    """A cookie for the page in each language, as one response can't set one name for two paths."""
    return f"{COOKIE}_{language}"


def _hand_over(response: HttpResponse, token: str) -> None:
    """Set the cookies for the conversation's pages, and for nothing else."""
    for language in LANGUAGE_CODES:
        response.set_cookie(
            _cookie_name(language),
            token,
            max_age=COOKIE_SECONDS,
            path=path_in_language(reverse("chat:plain_chat"), language),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _forget() -> HttpResponse:
    """Leave nothing on a device that others use too; the conversation stays with the agents."""
    response = HttpResponseRedirect(reverse("chat:messenger"))
    response.status_code = 303
    for language in LANGUAGE_CODES:
        path = path_in_language(reverse("chat:plain_chat"), language)
        response.delete_cookie(_cookie_name(language), path=path, samesite="Lax")
    return response


def _private(response: HttpResponse) -> HttpResponse:
    """No crawler keeps it; our own pages learn where they were called from, as browsers sign a post only then."""
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
