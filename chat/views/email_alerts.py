"""Being told by e-mail that there is an answer: asked for on the private page, confirmed by a mailed link."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from chat.access import conversation_behind
from chat.core.addresses import veiled
from chat.forms import EmailAlertForm, FollowUpForm, words_for_wait
from chat.models import Conversation
from chat.services import email_alerts
from chat.services.email_alerts import BadLink
from chat.views.requests import page, private, unknown
from helpcenter.origin import same_origin_required
from helpcenter.rate_limit import client_address, seconds_to_wait


@require_POST
@same_origin_required
@never_cache
@sensitive_post_parameters()
def choose(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for mails to an address, or stop them."""
    try:
        conversation = conversation_behind(token)
    except Http404:
        return unknown(request)
    if "stop" in request.POST:
        email_alerts.stop(conversation)
        return private(_back(token))
    form = EmailAlertForm(request.POST)
    if not form.is_valid():
        return _wrong(request, conversation, token, form, 422)
    if wait := _seconds_to_wait(request, conversation, form.cleaned_data["email"]):
        form.add_error("email", words_for_wait(wait))
        response = _wrong(request, conversation, token, form, 429)
        response["Retry-After"] = str(wait)
        return response
    email_alerts.ask(conversation, form.cleaned_data["email"])
    return private(_back(token))


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_required
@never_cache
def confirm(request: HttpRequest, signature: str) -> HttpResponse:
    """Confirm an address; by a button, as programs open the links in mails before people do."""
    try:
        alert = email_alerts.find(signature)
    except BadLink:
        return private(render(request, "chat/confirm_email.html", {"is_over": True}, status=404))
    if request.method == "POST":
        email_alerts.confirm(alert)
    context = {"address": veiled(alert.email), "is_confirmed": request.method == "POST" or alert.confirmed_at}
    return private(render(request, "chat/confirm_email.html", context))


def _seconds_to_wait(request: HttpRequest, conversation: Conversation, email: str) -> int:
    """Nobody's mailbox is filled by us, whoever asks."""
    return max(
        seconds_to_wait("alert", str(conversation.pk), settings.EMAIL_ALERT_RATE),
        seconds_to_wait("alert-to", email.lower(), settings.EMAIL_ALERT_TARGET_RATE),
        seconds_to_wait("alert-from", client_address(request), settings.EMAIL_ALERT_ADDRESS_RATE),
    )


def _wrong(
    request: HttpRequest, conversation: Conversation, token: str, form: EmailAlertForm, status: int
) -> HttpResponse:
    return private(page(request, conversation, token, FollowUpForm(), status=status, alert_form=form))


def _back(token: str) -> HttpResponse:
    response = HttpResponseRedirect(f"{reverse('chat:request', args=[token])}#tell-me")
    response.status_code = 303
    return response
