"""The contact form: a message left for the support team."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from chat.core.tokens import fingerprint
from chat.forms import ALREADY_SENT, NOT_STORED, STANDINGS, ContactForm, uuids, words_for_wait
from chat.models import Attachment, Conversation
from chat.services import attachments, left_messages, tickets
from chat.services.attachments import UNAVAILABLE, Refusal
from chat.services.tickets import Standing, Ticket
from faq.models import Guide
from helpcenter import rate_limit
from helpcenter.faults import RETRY_SECONDS, passes
from helpcenter.i18n import current_language
from helpcenter.masking import mask_url
from helpcenter.origin import same_origin_required

logger = logging.getLogger(__name__)


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_required
@never_cache
@sensitive_post_parameters()
def contact_email(request: HttpRequest) -> HttpResponse:
    """Show the form, empty or filled in by a guided fix (`prefill`), or take what was written in it."""
    if request.method != "POST":
        return _page(request, ContactForm(initial=_arrival(request)), tickets.issue())
    if _body_bytes(request) > settings.REQUEST_MAX_BODY_BYTES:
        return render(request, "chat/too_large.html", status=413)
    if "prefill" in request.POST:
        return _page(request, ContactForm(initial=_from_guide(request)), tickets.issue())
    return _receive(request)


def _receive(request: HttpRequest) -> HttpResponse:
    try:
        return _take(request)
    except (DatabaseError, OSError) as problem:
        if not passes(problem):
            raise
        logger.error("A message can't be stored", exc_info=problem)
    form = ContactForm(request.POST)
    form.add_error(None, NOT_STORED)
    # The same ticket: if it was stored after all, the same form is no second message.
    ticket = tickets.read(request.POST.get("ticket", ""))[0] or tickets.issue()
    drafts = attachments.drafts_of(ticket, _kept(request.POST))
    response = _page(request, form, ticket, drafts, status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _take(request: HttpRequest) -> HttpResponse:
    brought, standing = tickets.read(request.POST.get("ticket", ""))
    form = ContactForm(request.POST)
    earlier = left_messages.sent_with(brought) if brought else None
    if brought and earlier and form.is_valid() and _adds_nothing(request, form, earlier):
        return _to_private_page(brought)
    ticket = brought if brought and not earlier and standing is not Standing.EXPIRED else tickets.issue()
    if brought and standing is Standing.EXPIRED:
        attachments.hand_over_drafts(brought, ticket)
    drafts, refusals = _files(request, ticket)
    form.refuse(refusals)
    if problem := ALREADY_SENT if earlier else STANDINGS.get(standing):
        form.add_error(None, problem)
    if not form.is_valid():
        is_stuck = any(refusal.code == UNAVAILABLE for refusal in refusals)
        return _page(request, form, ticket, drafts, status=503 if is_stuck else 422)
    if wait := _seconds_to_wait(request, form.cleaned_data["email"]):
        return _too_often(request, form, ticket, drafts, wait)
    return _store(form, ticket, drafts)


def _store(form: ContactForm, ticket: Ticket, drafts: list[Attachment]) -> HttpResponse:
    ids = [draft.pk for draft in drafts]
    left_messages.leave_message(ticket, form.writing(), language=current_language(), attachments=ids)
    # Where the same form arrived twice at once, the files of the second are of no use.
    attachments.remove_drafts(ticket, ids)
    return _to_private_page(ticket)


def _to_private_page(ticket: Ticket) -> HttpResponse:
    response = redirect("chat:request", token=ticket.token)
    response["Location"] += "?sent=1"
    response.status_code = 303
    return response


def _files(request: HttpRequest, ticket: Ticket) -> tuple[list[Attachment], list[Refusal]]:
    """The form's drafts after taking back, adding and tidying up."""
    attachments.forget_drafts()
    attachments.remove_drafts(ticket, uuids(request.POST.getlist("remove")))
    present = attachments.drafts_of(ticket, _kept(request.POST))
    address = rate_limit.client_address(request)
    return attachments.add_drafts(ticket, request.FILES.getlist("screenshots"), present, address=address)


def _kept(posted: QueryDict) -> list[UUID]:
    removed = set(uuids(posted.getlist("remove")))
    return [kept for kept in uuids(posted.getlist("kept")) if kept not in removed]


def _adds_nothing(request: HttpRequest, form: ContactForm, earlier: Conversation) -> bool:
    """Whether this post repeats the one that made `earlier`: the same texts, as many files."""
    files = len(_kept(request.POST)) + len(request.FILES.getlist("screenshots"))
    return left_messages.is_same(earlier, form.writing(), files=files)


def _seconds_to_wait(request: HttpRequest, email: str) -> int:
    """How long until another message may be left; an address on the network is only a high ceiling."""
    address = rate_limit.client_address(request)
    writer = fingerprint(f"{email.lower()} {address}")
    return rate_limit.seconds_to_wait(
        "contact-address", address, settings.CONTACT_FORM_ADDRESS_RATE
    ) or rate_limit.seconds_to_wait("contact", writer, settings.CONTACT_FORM_RATE)


def _too_often(
    request: HttpRequest, form: ContactForm, ticket: Ticket, drafts: list[Attachment], wait: int
) -> HttpResponse:
    form.add_error(None, words_for_wait(wait))
    response = _page(request, form, ticket, drafts, status=429)
    response["Retry-After"] = str(wait)
    return response


def _page(
    request: HttpRequest,
    form: ContactForm,
    ticket: Ticket,
    drafts: list[Attachment] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "ticket": ticket.signed, "drafts": drafts or [], "is_wrong": status >= 400}
    context |= {"max_files": attachments.MAX_FILES, "max_bytes": attachments.MAX_BYTES}
    context["min_seconds"] = tickets.seconds_to_fill(ticket)
    return render(request, "chat/contact_form.html", context, status=status)


def _arrival(request: HttpRequest) -> dict[str, str]:
    """What is known of somebody who follows a link: the topic and article it names, the page it is on."""
    names = ("topic", "article", "guide")
    return {name: request.GET.get(name, "")[:80] for name in names} | {"page": _own_referer(request)}


def _from_guide(request: HttpRequest) -> dict[str, str]:
    """What a guided fix hands over; its title is the problem until the visitor says it better."""
    posted = request.POST
    # PostgreSQL can't even be asked for a text with a zero byte in it.
    slug = posted.get("guide", "").replace("\x00", "")
    guide = Guide.objects.published().filter(slug=slug).first()
    return {
        "topic": posted.get("topic", ""),
        "guide": guide.slug if guide else "",
        "problem": str(guide.title) if guide else "",
        "steps": posted.get("summary", "")[: left_messages.LIMITS["steps"]],
        "page": _own_referer(request),
    }


def _own_referer(request: HttpRequest) -> str:
    """The address of our page that led here, without its query; empty for other sites."""
    referer = request.headers.get("Referer", "")
    try:
        is_own = urlsplit(referer).netloc == request.get_host()
    except ValueError:
        return ""
    return mask_url(referer) if is_own else ""


def _body_bytes(request: HttpRequest) -> int:
    length = request.headers.get("Content-Length", "")
    return int(length) if length.isdecimal() else 0
