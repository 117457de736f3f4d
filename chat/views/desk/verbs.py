"""What an agent does with a conversation besides talking in it; each answers with where it is then."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext

from chat.core.api import BadBody
from chat.core.terms import AuthorKind
from chat.models import Conversation, Suggestion
from chat.models.tag import MAX_TAG
from chat.services import blocking, conversations, desk_audit, desk_takes
from chat.services.desk_cards import card
from chat.services.desk_takes import MOST_TAGS
from chat.services.ledger import Author
from chat.services.states import INTERNAL
from chat.views.api.answers import ApiError
from chat.views.desk.answers import AtDesk, body_of, desk, mid_in, number_in, text_in
from chat.views.desk.conversations import as_json, may

REASONS = ("solved", *INTERNAL)


@desk("POST")
def take(request: HttpRequest, at: AtDesk, public_id: UUID) -> HttpResponse:
    """Take what waits or was left; a supervisor also what somebody else answers."""
    found = at.conversation(public_id)
    desk_takes.take(at.agent.pk, found.pk, supervisor=at.is_supervisor)
    return _now(at, public_id)


@desk("POST")
def reopen(request: HttpRequest, at: AtDesk, public_id: UUID) -> HttpResponse:
    """Take up again what is closed."""
    found = at.conversation(public_id)
    desk_takes.reopen(at.agent.pk, found.pk, supervisor=at.is_supervisor)
    return _now(at, public_id)


@desk("POST")
def close(request: HttpRequest, at: AtDesk, public_id: UUID) -> HttpResponse:
    """End it, with a reason and perhaps tags."""
    found, body = at.conversation(public_id), body_of(request)
    reason = text_in(body, "reason", 40) or REASONS[0]
    if reason not in REASONS:
        raise BadBody("reason")
    names = _names(body) if "tags" in body else None
    conversations.close(at.agent.pk, found.pk, reason, supervisor=at.is_supervisor)
    if names is not None:
        _set_tags(found, names)
    return _now(at, public_id)


@desk("POST")
def tags(request: HttpRequest, at: AtDesk, public_id: UUID) -> HttpResponse:
    """Give it these tags and no others."""
    found = at.conversation(public_id)
    return JsonResponse({"tags": _set_tags(found, _names(body_of(request)))})


@desk("POST")
def redact(request: HttpRequest, at: AtDesk, public_id: UUID) -> HttpResponse:
    """Take back the text with a number."""
    found = at.conversation(public_id)
    seq = number_in(body_of(request), "n")
    conversations.redact(at.agent.pk, found.pk, seq, supervisor=at.is_supervisor)
    desk_audit.record(at.user, "redact", found.reference)
    return _now(at, public_id)


@desk("POST")
def article(request: HttpRequest, at: AtDesk, public_id: UUID) -> HttpResponse:
    """Show the customer an article or a guided fix."""
    found, body = at.conversation(public_id), body_of(request)
    kind, slug = (
        text_in(body, "kind", 10) or Suggestion.Kind.ARTICLE,
        text_in(body, "slug", 80, required=True),
    )
    if kind not in Suggestion.Kind.values:
        raise BadBody("kind")
    shown = card(Suggestion.Kind(kind), slug, found.language)
    author = Author(AuthorKind.AGENT, at.agent.pk, at.agent.name)
    number = desk_takes.show_card(author, found.pk, shown, mid=mid_in(body))
    return JsonResponse({"n": number}, status=201)


@desk("POST")
def block(request: HttpRequest, at: AtDesk, public_id: UUID) -> HttpResponse:
    """Close the chat to this visitor for a while."""
    found, body = at.conversation(public_id), body_of(request)
    if not may(at, found)["block"]:
        raise ApiError(409, "not_assignee")
    reason = text_in(body, "reason", blocking.MOST_REASON)
    if not reason:
        raise ApiError(422, "empty", message=gettext("Say why this visitor is blocked."))
    days = number_in(body, "days") if body.get("days") else blocking.DAYS[0]
    if days not in blocking.DAYS:
        raise BadBody("days")
    blocking.block(Author(AuthorKind.AGENT, at.agent.pk, at.agent.name), found, reason, days)
    desk_audit.record(at.user, "block", found.reference)
    return _now(at, public_id)


@desk("POST")
def lift(request: HttpRequest, at: AtDesk, public_id: UUID) -> HttpResponse:
    """Let the visitor in again; for supervisors."""
    found = at.conversation(public_id)
    if not at.is_supervisor:
        raise ApiError(403, "forbidden", message=gettext("Only a supervisor can lift a block."))
    while made := blocking.of_visitor(found.visitor_id):
        blocking.lift(made, at.agent)
    desk_audit.record(at.user, "lift_block", found.reference)
    return _now(at, public_id)


def _now(at: AtDesk, public_id: UUID) -> HttpResponse:
    """The conversation as it is after the change, if it may still be read."""
    return JsonResponse(as_json(at, at.conversation(public_id)))


def _names(body: dict[str, Any]) -> list[str]:
    """Tags as a list, or as one text with commas; raises `BadBody`."""
    value = body.get("tags", [])
    names = value.replace("，", ",").split(",") if isinstance(value, str) else value
    if type(names) is not list or not all(isinstance(name, str) and "\x00" not in name for name in names):
        raise BadBody("tags")
    if len(names) > 4 * MOST_TAGS or any(len(name) > 10 * MAX_TAG for name in names):
        raise _too_many()
    return [name.encode("utf-8", "ignore").decode() for name in names]


def _set_tags(found: Conversation, names: list[str]) -> list[str]:
    try:
        return desk_takes.set_tags(found.pk, names)
    except ValueError:
        raise _too_many() from None


def _too_many() -> ApiError:
    message = gettext("At most %(count)d tags of %(length)d characters.") % {
        "count": MOST_TAGS,
        "length": MAX_TAG,
    }
    return ApiError(422, "too_long", message=message)
