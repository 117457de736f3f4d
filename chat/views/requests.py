"""The private page of a left message."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse


def request_page(request: HttpRequest, token: str) -> HttpResponse:
    """What was sent and what was answered."""
    raise Http404("No such request.")


def attachment(request: HttpRequest, token: str, attachment: UUID) -> HttpResponse:
    """One file of a left message."""
    raise Http404("No such file.")
