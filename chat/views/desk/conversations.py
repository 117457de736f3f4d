"""One conversation: its state, what was said earlier, its side panel, files and sensitive details."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from chat.core.api import BadBody
from chat.core.attachments import AttachmentRefused
from chat.core.events import as_dict
from chat.core.lifecycle import can_write
from chat.core.terms import Audience, AuthorKind, State
from chat.forms import REFUSALS, REFUSED
from chat.models import Conversation, Event
from chat.querysets import waiting_for
from chat.services import attachments, blocking, desk_audit, ledger
from chat.services.desk_panel import panel as panel_of
from chat.services.state_views import states_of
from chat.views.api.answers import ApiError
from chat.views.desk.answers import AtDesk, desk
from helpcenter.rate_limit import seconds_to_wait

NUMBER = re.compile(r"[0-9]{1,15}")
MOST_EVENTS = 200
EVENTS = 50


@desk("GET", "HEAD")
def conversation(request: HttpRequest, at: AtDesk, public_id: UUID) -> HttpResponse:
    """Where it is and what this agent may do with it."""
    return JsonResponse(as_json(at, at.conversation(public_id)))


@desk("GET", "HEAD")
def events(request: HttpRequest, at: AtDesk, public_id: UUID) -> HttpResponse:
    """What was said before a number, oldest first."""
    found = at.conversation(public_id)
    before = _number(request, "before", found.seq + 1)
    limit = min(MOST_EVENTS, max(1, _number(request, "limit", EVENTS)))
    rows = Event.objects.filter(conversation=found, seq__lt=before).order_by("-seq")
    records = [ledger.record_of(row) for row in rows.values_list(*ledger.READ)[:limit]]
    return JsonResponse({"events": [as_dict(record, Audience.AGENT) for record in reversed(records)]})


@desk("GET", "HEAD")
def panel(request: HttpRequest, at: AtDesk, public_id: UUID) -> HttpResponse:
    """The customer's side panel."""
    found = at.conversation(public_id)
    context = {
        "panel": panel_of(found, at.agent, is_supervisor=at.is_supervisor),
        "conversation": found,
        "visitor": found.visitor,
        "may": may(at, found),
    }
    return render(request, "desk/_panel.html", context)


@desk("POST")
def upload(request: HttpRequest, at: AtDesk, public_id: UUID) -> HttpResponse:
    """Take one file; it waits until the message or note that names it is sent."""
    found = at.conversation(public_id)
    file = request.FILES.get("file")
    if file is None or len(request.FILES) != 1:
        raise ApiError(400, "bad_request")
    if wait := seconds_to_wait("upload-agent", str(at.agent.pk), settings.UPLOAD_ADDRESS_RATE):
        raise ApiError(429, "rate_limited", wait=wait)
    try:
        kept = attachments.add_to_conversation(found, file, author=at.agent.pk)
    except AttachmentRefused as refused:
        status = 413 if refused.code == "too_large" else 422
        message = str(REFUSALS.get(refused.code, REFUSED))
        raise ApiError(status, refused.code, message=message) from None
    return JsonResponse(attachments.described(kept), status=201)


@desk("POST")
def reveal(request: HttpRequest, at: AtDesk, public_id: UUID) -> HttpResponse:
    """Show the customer's address to this agent, and keep that it was shown."""
    found = at.conversation(public_id)
    if not found.visitor.email:
        raise ApiError(404, "not_found")
    desk_audit.record(at.user, "reveal_email", found.reference)
    if request.headers.get("HX-Request"):
        return render(request, "desk/_email.html", {"email": found.visitor.email})
    return JsonResponse({"email": found.visitor.email})


def as_json(at: AtDesk, found: Conversation) -> dict[str, Any]:
    """A conversation as the desk's script knows it."""
    visitor = found.visitor
    return {
        "conversation": str(found.public_id),
        "head": found.seq,
        "rev": found.assign_rev,
        "state": states_of([found.pk])[found.pk],
        "reference": found.reference,
        "urgent": bool(found.priority),
        "topic": found.topic,
        "visitor": {"name": visitor.name, "identity": visitor.identity, "language": found.language},
        "agent": {"id": found.agent.pk, "name": found.agent.name} if found.agent else None,
        "may": may(at, found),
        "tags": list(found.tags.values_list("name", flat=True)),
    }


def may(at: AtDesk, found: Conversation) -> dict[str, bool]:
    """What this agent may do; the services look again under the lock."""
    state = State(found.state)
    is_own = found.agent_id == at.agent.pk
    is_theirs = is_own or at.is_supervisor or state == State.MESSAGE
    is_open = state != State.CLOSED
    is_blocked = blocking.of_visitor(found.visitor_id) is not None
    return {
        "answer": can_write(state, AuthorKind.AGENT, is_assignee=is_own),
        "take": is_open and not (is_own and state == State.ACTIVE) and _may_take(at, found, state),
        "close": is_open and is_theirs,
        "transfer": is_open and is_theirs,
        "reopen": not is_open and not is_blocked,
        "redact": is_theirs,
        "block": is_theirs and not is_blocked,
        "lift": at.is_supervisor and is_blocked,
    }


def _may_take(at: AtDesk, found: Conversation, state: State) -> bool:
    if at.is_supervisor:
        return True
    if state == State.OFFERED:
        return found.offers.filter(agent=at.agent, outcome="pending").exists()
    return state in (State.WAITING, State.MESSAGE) and waiting_for(at.agent).filter(pk=found.pk).exists()


def _number(request: HttpRequest, name: str, default: int) -> int:
    value = request.GET.get(name, "")
    if value and not NUMBER.fullmatch(value):
        raise BadBody(name)
    return int(value) if value else default
