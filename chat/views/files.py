"""How a customer's file leaves the house."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from chat.models import Attachment
from chat.services import attachments


def file_response(attachment: Attachment) -> HttpResponse:
    """The file as a download that no browser runs, whatever is in it; raises `Http404` for a lost file."""
    try:
        content = attachments.content(attachment)
    except FileNotFoundError:
        raise Http404("The file is gone.") from None
    return HttpResponse(
        content,
        content_type=attachment.media_type,
        headers={
            "Content-Disposition": content_disposition_header(True, attachment.name),
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
        },
    )
