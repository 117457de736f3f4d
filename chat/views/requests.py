"""The private page of a conversation: what was said, and writing again."""

from __future__ import annotations

import logging
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from chat.access import attachment_for_visitor, conversation_behind
from chat.core.addresses import veiled
from chat.core.terms import AuthorKind, EventKind, Nack, State
from chat.forms import NOT_STORED, EmailAlertForm, FollowUpForm, words_for_wait
from chat.models import Conversation, EmailAlert, Event, hidden_labels
from chat.services import email_alerts
from chat.services.append import VISITOR, AppendRefused, Draft, append
from chat.sockets.texts import text_of
from chat.views.files import file_response
from faq.models import Category
from helpcenter.faults import RETRY_SECONDS, passes
from helpcenter.origin import same_origin_required
from helpcenter.rate_limit import seconds_to_wait

logger = logging.getLogger(__name__)
WAITING = pgettext_lazy("a left message", "Waiting for an answer")
ANSWERED = pgettext_lazy("a left message", "Answered")
PEOPLE = (AuthorKind.VISITOR, AuthorKind.AGENT)
STATES: dict[str, str | Promise] = {
    State.ACTIVE: pgettext_lazy("a left message", "Being answered"),
    State.CLOSED: pgettext_lazy("a left message", "Closed"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_required
@never_cache
@sensitive_post_parameters()
def request_page(request: HttpRequest, token: str) -> HttpResponse:
    """What was said so far, for whoever has the link; they may add to it."""
    try:
        conversation = conversation_behind(token)
    except Http404:
        return unknown(request)
    if request.method == "POST":
        return private(_receive(request, conversation, token))
    email_alerts.seen(conversation)
    return private(page(request, conversation, token, FollowUpForm()))


@require_safe
@never_cache
def attachment(request: HttpRequest, token: str, attachment: UUID) -> HttpResponse:
    """One file of a conversation, as a download."""
    try:
        return private(file_response(attachment_for_visitor(attachment, token)))
    except Http404:
        return unknown(request)


def _receive(request: HttpRequest, conversation: Conversation, token: str) -> HttpResponse:
    form = FollowUpForm(request.POST)
    if not form.is_valid():
        return page(request, conversation, token, form, status=422)
    # The same measure as in the chat, as it may be the same conversation.
    if wait := seconds_to_wait("message", str(conversation.pk), settings.CHAT_MESSAGE_RATE):
        form.add_error(None, words_for_wait(wait))
        response = page(request, conversation, token, form, status=429)
        response["Retry-After"] = str(wait)
        return response
    written = form.cleaned_data
    try:
        record = append(Draft(conversation.pk, VISITOR, written["text"], written["mid"])).record
    except AppendRefused as refused:
        return page(request, conversation, token, _refused(form, refused.code), status=422)
    except DatabaseError as problem:
        if not passes(problem):
            raise
        logger.error("A message can't be stored", exc_info=problem)
        form.add_error(None, NOT_STORED)
        response = page(request, conversation, token, form, status=503)
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
    response = HttpResponseRedirect(f"{reverse('chat:request', args=[token])}#m{record.pub_seq}")
    response.status_code = 303
    return response


def _refused(form: FollowUpForm, code: Nack) -> FollowUpForm:
    """The form with its text, the reason, and a number of its own for the next try."""
    form = FollowUpForm({"text": form.data["text"], "mid": str(uuid4())})
    if code == Nack.MID_CONFLICT:
        form.add_error(
            None, gettext("This page has sent another text before. To send this one too, send it.")
        )
    else:
        form.add_error(None, text_of(code, get_language() or settings.LANGUAGE_CODE))
    return form


def page(
    request: HttpRequest,
    conversation: Conversation,
    token: str,
    form: FollowUpForm,
    *,
    status: int = 200,
    alert_form: EmailAlertForm | None = None,
) -> HttpResponse:
    """The conversation, with what is wrong in one of its forms."""
    said = _said(conversation)
    alert = EmailAlert.objects.filter(conversation=conversation).first()
    context = {
        "conversation": conversation,
        "state": _state_in_words(conversation, said),
        "topic": Category.objects.filter(slug=conversation.topic).first(),
        "messages": [(event, hidden_labels(event.data.get("hidden", ()))) for event in said],
        "token": token,
        "private_url": request.build_absolute_uri(request.path),
        "is_new": request.GET.get("sent") == "1",
        "form": form,
        "is_over": _is_over(conversation),
        "is_wrong": status >= 400 and alert_form is None,
        "alert": alert,
        "alert_address": veiled(alert.email) if alert else "",
        "alert_form": alert_form or EmailAlertForm(email=conversation.visitor.email),
        "is_alert_wrong": alert_form is not None,
    }
    return render(request, "chat/request.html", context, status=status)


def _said(conversation: Conversation) -> list[Event]:
    """The messages that both sides see, in order."""
    public = Event.objects.filter(conversation=conversation, pub_seq__isnull=False, kind=EventKind.MESSAGE)
    return list(public.order_by("pub_seq"))


def _state_in_words(conversation: Conversation, said: list[Event]) -> str | Promise:
    """Where it is; a left message is answered while the last word is ours."""
    people = [event.author_kind for event in said if event.author_kind in PEOPLE]
    if conversation.state == State.MESSAGE and people and people[-1] == AuthorKind.AGENT:
        return ANSWERED
    return STATES.get(conversation.state, WAITING)


def _is_over(conversation: Conversation) -> bool:
    """Whether it was closed too long ago to be taken up again."""
    closed_at = conversation.closed_at
    if conversation.state != State.CLOSED or closed_at is None:
        return False
    return timezone.now() - closed_at > settings.CHAT_TIMINGS.reopen


def unknown(request: HttpRequest) -> HttpResponse:
    """A page of its own, as the site's 404 page would offer to search for the words of the address."""
    return private(render(request, "chat/no_request.html", status=404))


def private(response: HttpResponse) -> HttpResponse:
    """Nothing outside learns the link; our own pages do, as browsers sign a form's post only then."""
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
