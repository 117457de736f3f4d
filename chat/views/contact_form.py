"""The contact form: a message left for the support team."""

from django.http import HttpRequest, HttpResponse


def contact_email(request: HttpRequest) -> HttpResponse:
    """Show the form, or take what was written in it."""
    return HttpResponse(status=501)
