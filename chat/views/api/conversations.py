"""Opening a conversation and talking in it."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext

from chat.access import conversation_for_token
from chat.core import api as bodies
from chat.core.events import wire_time
from chat.core.terms import Nack
from chat.core.text import clean_text
from chat.models import Conversation
from chat.services import assistant, conversations, opening, rating, reading
from chat.services.append import VISITOR, Draft, append, is_stored
from chat.services.identity import sign_in
from chat.services.opening import Client, Opened
from chat.services.state_views import availability, for_visitor, states_of
from chat.services.transcripts import transcript
from chat.views.api.answers import MESSAGES, ApiError, api, bearer, body_of, language_of
from helpcenter.faults import passes
from helpcenter.masking import mask_text
from helpcenter.rate_limit import client_address, forgive, parse_rate, seconds_to_wait

# Many customers share one address, so that is only a high ceiling.
OPENINGS_PER_ADDRESS = 10
NUMBER = re.compile(r"[0-9]{1,15}")


@api("GET")
def available(request: HttpRequest) -> HttpResponse:
    """Whether somebody is there."""
    return JsonResponse(availability())


@api("POST")
def open_conversation(request: HttpRequest) -> HttpResponse:
    """Open a conversation with its first message."""
    languages = [code for code, _name in settings.LANGUAGES]
    body = bodies.opening(body_of(request), languages)
    if body.website:
        # Only a program fills in what nobody sees.
        raise bodies.BadBody("website")
    if mask_text(body.email).kinds - {"phone"}:
        # Many addresses are a phone number, none is a card.
        raise bodies.BadBody("email")
    body = replace(body, text=clean_text(body.text))
    client = Client(client_address(request), request.headers.get("User-Agent", "")[:300])
    opened = opening.opened_before(body, client)
    if opened is None:
        # A lost answer can be asked for again, however often something was opened.
        opened = open_within_limits(body, client, language=body.language or language_of(request))
    answer = {
        "conversation": str(opened.conversation.public_id),
        "token": opened.token,
        "n": opened.n,
        "state": _state(opened.conversation.pk),
    }
    return JsonResponse(answer, status=201 if opened.created else 200)


@api("GET")
def events(request: HttpRequest, conversation: UUID) -> HttpResponse:
    """What was said after a number; waiting for more is done in front of Django."""
    found = _conversation(request, conversation)
    after = request.GET.get("after", "0")
    if not NUMBER.fullmatch(after):
        raise bodies.BadBody("after")
    return JsonResponse(reading.events_after(found.pk, int(after)))


@api("POST")
def messages(request: HttpRequest, conversation: UUID) -> HttpResponse:
    """Say something."""
    found = _conversation(request, conversation)
    body = bodies.message(body_of(request))
    text = clean_text(body.text) if body.text or not body.attachments else ""
    draft = Draft(found.pk, VISITOR, text, body.mid, body.attachments)
    if not is_stored(draft):
        _limit("message", str(found.pk), settings.CHAT_MESSAGE_RATE)
    appended = append(draft)
    record = appended.record
    answer = {"mid": body.mid, "n": record.pub_seq, "at": wire_time(record.at)}
    return JsonResponse(answer, status=200 if appended.dup else 201)


@api("POST")
def end(request: HttpRequest, conversation: UUID) -> HttpResponse:
    """Be done."""
    found = _conversation_for_verb(request, conversation)
    conversations.end(found.pk)
    return JsonResponse({"state": _state(found.pk)})


@api("POST")
def leave_message(request: HttpRequest, conversation: UUID) -> HttpResponse:
    """Wait no longer; the answer comes later."""
    found = _conversation_for_verb(request, conversation)
    conversations.leave_message(found.pk)
    return JsonResponse({"state": _state(found.pk)})


@api("POST")
def rate(request: HttpRequest, conversation: UUID) -> HttpResponse:
    """Say how it was."""
    found = _conversation(request, conversation)
    _limit("rating", str(found.pk), settings.CHAT_RATING_RATE)
    rating.rate(found.pk, bodies.rating(body_of(request)))
    return JsonResponse({"state": _state(found.pk)})


@api("POST")
def suggestions(request: HttpRequest, conversation: UUID) -> HttpResponse:
    """Say that an article or guided fix of the assistant was opened, or solved it."""
    found = _conversation(request, conversation)
    body = bodies.outcome(body_of(request))
    if not assistant.note_outcome(found.pk, body.slug, solved=body.outcome == "solved"):
        raise Http404
    return JsonResponse({"state": _state(found.pk)})


@api("POST")
def identify(request: HttpRequest, conversation: UUID) -> HttpResponse:
    """Sign in during a conversation, which goes on."""
    found = _conversation(request, conversation)
    sign_in(bodies.identity(body_of(request)), found.visitor, conversation=found.pk)
    return JsonResponse({"state": _state(found.pk)})


@api("GET")
def download_transcript(request: HttpRequest, conversation: UUID) -> HttpResponse:
    """Everything that was said, as plain text."""
    found = _conversation(request, conversation)
    name = f"topay-{found.reference}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(transcript(found), content_type="text/plain; charset=utf-8", headers=headers)


@api("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
def unknown(request: HttpRequest) -> HttpResponse:
    """Whatever else is asked for."""
    raise Http404


def _conversation(request: HttpRequest, public_id: UUID) -> Conversation:
    return conversation_for_token(public_id, bearer(request))


def _conversation_for_verb(request: HttpRequest, public_id: UUID) -> Conversation:
    """The same for calls that take nothing: an empty body is as good as an empty object."""
    found = _conversation(request, public_id)
    if request.body:
        bodies.nothing(body_of(request))
    return found


def _state(conversation: int) -> dict[str, object]:
    return for_visitor(states_of([conversation])[conversation])


def open_within_limits(body: bodies.OpeningBody, client: Client, *, language: str) -> Opened:
    """Open a conversation; raises `ApiError` over the limit, where there is still a way on and the answer names it.

    Whoever tries again and again because our database is away has used up nothing when it is back.
    """
    rate = settings.CHAT_OPEN_RATE
    per_address = f"{parse_rate(rate).amount * OPENINGS_PER_ADDRESS}/{rate.partition('/')[2]}"
    limits = (
        ("open", f"{client.address} {client.browser}", rate),
        ("open-address", client.address, per_address),
    )
    for limit in limits:
        _limit(*limit, gettext(MESSAGES["too_many"]))
    try:
        return opening.open_conversation(body, client, language=language)
    except DatabaseError as problem:
        if passes(problem):
            for limit in limits:
                forgive(*limit)
        raise


def _limit(name: str, key: str, rate: str, message: str = "") -> None:
    if wait := seconds_to_wait(name, key, rate):
        raise ApiError(429, Nack.RATE_LIMITED, message=message, wait=wait)
