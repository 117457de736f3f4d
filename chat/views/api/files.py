"""Files on their way into a conversation and out of it."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from chat.access import attachment_for_agent, attachment_for_visitor, conversation_for_token
from chat.core.attachments import AttachmentRefused
from chat.forms import REFUSALS
from chat.services import attachments
from chat.services.agents import agent_of, may_supervise
from chat.services.append import is_over
from chat.views.api.answers import ApiError, api, bearer
from chat.views.files import file_response
from helpcenter.rate_limit import client_address, seconds_to_wait

TOO_LARGE = "too_large"


@api("POST")
def upload(request: HttpRequest, conversation: UUID) -> HttpResponse:
    """Take one file; it waits until the message that names it is sent."""
    found = conversation_for_token(conversation, bearer(request))
    file = request.FILES.get("file")
    if file is None or len(request.FILES) != 1 or request.POST:
        raise ApiError(400, "bad_request")
    if wait := seconds_to_wait("upload", client_address(request), settings.UPLOAD_ADDRESS_RATE):
        raise ApiError(429, "rate_limited", wait=wait)
    if wait := seconds_to_wait("upload-conversation", str(found.pk), settings.CHAT_UPLOAD_RATE):
        raise ApiError(429, "rate_limited", wait=wait)
    if is_over(found):
        raise ApiError(409, "closed")
    try:
        kept = attachments.add_to_conversation(found, file)
    except AttachmentRefused as refused:
        status = 413 if refused.code == TOO_LARGE else 422
        raise ApiError(status, refused.code, message=str(REFUSALS[refused.code])) from None
    described = attachments.described(kept)
    return JsonResponse(described, status=201)


@api("GET", "HEAD")
def download(request: HttpRequest, attachment: UUID) -> HttpResponse:
    """One file, for the visitor whose conversation it is in, or an agent who may read that."""
    if request.headers.get("Authorization"):
        return file_response(attachment_for_visitor(attachment, bearer(request)))
    try:
        agent = agent_of(cast(User, request.user))
    except (PermissionDenied, AttributeError):
        raise Http404 from None
    return file_response(
        attachment_for_agent(attachment, agent, is_supervisor=may_supervise(cast(User, request.user)))
    )
