"""Guided fixes: one question a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """A guide's step."""
    return HttpResponse(status=501)


def solved(request: HttpRequest, slug: str) -> HttpResponse:
    """Count a guide that solved the problem."""
    return HttpResponse(status=501)
