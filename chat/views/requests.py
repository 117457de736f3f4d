"""The private page of a left message."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from chat.access import attachment_for_token, left_message_for_token
from chat.views.files import file_response
from faq.models import Category


@require_safe
@never_cache
def request_page(request: HttpRequest, token: str) -> HttpResponse:
    """What was sent and what was answered, for whoever has the link; nothing outside learns the link."""
    try:
        message = left_message_for_token(token)
    except Http404:
        return _unknown(request)
    context = {
        "message": message,
        "topic": Category.objects.filter(slug=message.topic).first(),
        "attachments": message.attachments.all(),
        "replies": message.replies.all(),
        "token": token,
        "private_url": request.build_absolute_uri(request.path),
        "is_new": request.GET.get("sent") == "1",
    }
    return _private(render(request, "chat/request.html", context))


@require_safe
@never_cache
def attachment(request: HttpRequest, token: str, attachment: UUID) -> HttpResponse:
    """One file of a left message, as a download."""
    try:
        return _private(file_response(attachment_for_token(token, attachment)))
    except Http404:
        return _unknown(request)


def _unknown(request: HttpRequest) -> HttpResponse:
    """A page of its own, as the site's 404 page would offer to search for the words of the address."""
    return _private(render(request, "chat/no_request.html", status=404))


def _private(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
