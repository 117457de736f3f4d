"""The page of a conversation by plain forms: what was said, and what its forms do."""

from __future__ import annotations

import logging
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from chat.core.api import RatingBody
from chat.core.attachments import AttachmentRefused
from chat.core.terms import Audience, AuthorKind, EventKind, Nack, State
from chat.delivery import cursors
from chat.forms import NOT_STORED, REFUSALS, REFUSED, words_for_wait
from chat.models import Conversation, Event, hidden_labels
from chat.plain_forms import RatingForm, SayForm
from chat.services import attachments, conversations, rating
from chat.services.append import VISITOR, AppendRefused, Draft, append, is_over
from chat.services.refusal import Refused
from chat.services.state_views import for_visitor, states_of
from chat.sockets.texts import text_of
from helpcenter.faults import RETRY_SECONDS, by_the_way, passes
from helpcenter.i18n import current_language
from helpcenter.masking import mask_text
from helpcenter.rate_limit import client_address, seconds_to_wait

logger = logging.getLogger(__name__)
REFRESH_SECONDS = 20
# States in which something may come without the visitor doing anything.
MOVING = (State.WAITING, State.OFFERED, State.ACTIVE, State.MESSAGE)
SHOWN = (EventKind.MESSAGE, EventKind.ARTICLE, EventKind.ASSIGNED, EventKind.STATE, EventKind.RATING)


def conversation_page(
    request: HttpRequest,
    found: Conversation,
    form: SayForm | None = None,
    rating_form: RatingForm | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page; what it shows counts as read. It comes again by itself unless somebody is writing."""
    shown = _shown(found)
    if shown:
        last = shown[-1].pub_seq or 0
        by_the_way(lambda: cursors.store([(found.pk, Audience.VISITOR, last, last)]))
    is_writing = "draft" in request.GET or status != 200
    context = {
        "conversation": found,
        "state": for_visitor(states_of([found.pk])[found.pk]),
        "events": [(event, hidden_labels(event.data.get("hidden", ()))) for event in shown],
        "refresh_seconds": REFRESH_SECONDS if found.state in MOVING and not is_writing else 0,
        "form": form or SayForm(),
        "rating_form": rating_form or RatingForm(),
        "is_rated": any(event.kind == EventKind.RATING for event in shown),
        "is_over": is_over(found),
        "is_wrong": status >= 400,
        "max_bytes": attachments.MAX_BYTES,
    }
    return render(request, "messenger/conversation.html", context, status=status)


def receive(request: HttpRequest, found: Conversation) -> HttpResponse:
    """Do what the form's button says; without one, say something."""
    verb = request.POST.get("do", "")
    if verb == "rate":
        return _rate(request, found)
    try:
        if verb == "end":
            conversations.end(found.pk)
        elif verb == "leave":
            conversations.leave_message(found.pk)
        else:
            return _say(request, found)
    except Refused as refused:
        return conversation_page(request, found, _with_problem("", refused.code), status=409)
    return _to_page()


def _say(request: HttpRequest, found: Conversation) -> HttpResponse:
    file = _file(request)
    form = SayForm(request.POST, has_file=file is not None)
    if not form.is_valid():
        return conversation_page(request, found, form, status=422)
    written = form.cleaned_data
    if file is not None and _is_said(found, written):
        return _to_page()
    if wait := seconds_to_wait("message", str(found.pk), settings.CHAT_MESSAGE_RATE):
        form.add_error(None, words_for_wait(wait))
        response = conversation_page(request, found, form, status=429)
        response["Retry-After"] = str(wait)
        return response
    try:
        files = (_keep(request, found, file),) if file is not None else ()
        record = append(Draft(found.pk, VISITOR, written["text"], written["mid"], files)).record
    except AttachmentRefused as refused:
        words = {"name": file.name if file else "", "reason": REFUSALS.get(refused.code, REFUSED)}
        form.add_error("file", gettext("“%(name)s” was not added: %(reason)s") % words)
        return conversation_page(request, found, form, status=422)
    except AppendRefused as refused:
        return conversation_page(request, found, _with_problem(written["text"], refused.code), status=422)
    except (DatabaseError, OSError) as problem:
        if not passes(problem):
            raise
        logger.error("A message can't be stored", exc_info=problem)
        form.add_error(None, NOT_STORED)
        response = conversation_page(request, found, form, status=503)
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
    return _to_page(f"#m{record.pub_seq}")


def _keep(request: HttpRequest, found: Conversation, file: UploadedFile) -> UUID:
    """Keep the form's file for the message that is about to be sent; raises `AttachmentRefused`."""
    limits = (
        ("upload", client_address(request), settings.UPLOAD_ADDRESS_RATE),
        ("upload-conversation", str(found.pk), settings.CHAT_UPLOAD_RATE),
    )
    if any(seconds_to_wait(*limit) for limit in limits):
        raise AttachmentRefused("too_often")
    return attachments.add_to_conversation(found, file).pk


def _file(request: HttpRequest) -> UploadedFile | None:
    found = request.FILES.get("file")
    return found if isinstance(found, UploadedFile) else None


def _rate(request: HttpRequest, found: Conversation) -> HttpResponse:
    form = RatingForm(request.POST)
    if not form.is_valid():
        return conversation_page(request, found, rating_form=form, status=422)
    if wait := seconds_to_wait("rating", str(found.pk), settings.CHAT_RATING_RATE):
        form.add_error(None, words_for_wait(wait))
        return conversation_page(request, found, rating_form=form, status=429)
    try:
        rating.rate(found.pk, RatingBody(form.cleaned_data["score"], (), form.cleaned_data["comment"]))
    except Refused:
        form.add_error(None, gettext("You can rate a conversation when it has ended."))
        return conversation_page(request, found, rating_form=form, status=409)
    return _to_page()


def _shown(found: Conversation) -> list[Event]:
    events = Event.objects.filter(conversation=found, pub_seq__isnull=False, kind__in=SHOWN)
    return list(events.order_by("pub_seq"))


def _is_said(found: Conversation, written: dict[str, str]) -> bool:
    """Whether this form was posted before with a file: the file would come a second time."""
    said = Event.objects.filter(
        conversation=found, mid=written["mid"], author_kind=AuthorKind.VISITOR
    ).first()
    return said is not None and bool(said.attachments) and said.text == mask_text(written["text"]).text


def _with_problem(text: str, code: Nack) -> SayForm:
    """The form with its text, the reason, and a number of its own for the next try."""
    form = SayForm({"text": text, "mid": str(uuid4())}, has_file=True)
    form.add_error(None, text_of(code, current_language()))
    return form


def _to_page(place: str = "") -> HttpResponse:
    response = HttpResponseRedirect(reverse("chat:plain_chat") + place)
    response.status_code = 303
    return response
