"""From an id in an editor's address to the text behind it, for those who may."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from faq.models import Revision, Translation


def require(request: HttpRequest, *permissions: str) -> None:
    """Raise `PermissionDenied` unless the user has all of the permissions (`faq.change_translation`)."""
    if not request.user.has_perms(permissions):
        raise PermissionDenied


def editor_of(request: HttpRequest) -> User:
    """The user of a page that only somebody signed in can reach."""
    return cast(User, request.user)


def text_for_editor(request: HttpRequest, pk: int | str, verb: str) -> Translation:
    """The text, when the user may `view` or `change` texts; raises `PermissionDenied` or `Http404`."""
    require(request, f"faq.{verb}_translation")
    text = Translation.objects.select_related("article__category").filter(pk=_number(pk)).first()
    if text is None:
        raise Http404("No such text.")
    return text


def revision_for_editor(request: HttpRequest, pk: int, number: int, verb: str) -> Revision:
    """A text's revision, as above; `view` also needs the permission to read revisions."""
    text = text_for_editor(request, pk, verb)
    require(request, "faq.view_revision")
    revision = text.revisions.select_related("author").filter(number=number).first()
    if revision is None:
        raise Http404("No such revision.")
    revision.translation = text
    return revision


def _number(pk: int | str) -> int:
    try:
        return int(pk)
    except ValueError as error:
        raise Http404("No such text.") from error
