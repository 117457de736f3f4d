"""Opening a conversation: once for each time that somebody means it."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from chat.core.api import OpeningBody
from chat.core.terms import Nack
from chat.core.tokens import REFERENCE_BITS, fingerprint, reference
from chat.core.urgency import is_urgent
from chat.models import Conversation, Visitor
from chat.services import assistant, blocking, ledger, routing
from chat.services.announcements import Notice, announce
from chat.services.append import VISITOR, Appended, Draft, append_all
from chat.services.append import AppendRefused as Refusal
from chat.services.identity import sign_in
from faq.models import Article, Category, Guide
from helpcenter.masking import mask_text, mask_url

# So long the same request opens the same conversation again: its answer may have got lost.
REPEAT_WITHIN = timedelta(minutes=15)
URGENT_TOPIC = "security"
TRIES = 5


@dataclass(frozen=True, slots=True)
class Client:
    """Who asks, as far as a request tells: network address and browser."""

    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A conversation and the only way into it; `created` unless the same request had opened it before."""

    conversation: Conversation
    token: str
    n: int
    created: bool


def open_conversation(body: OpeningBody, client: Client, *, language: str) -> Opened:
    """Open a conversation with its first text, the assistant's answer, and a place in the queue.

    `body.text` has been cleaned. The same request of the same client opens the same conversation; with another
    text it raises `AppendRefused`. Raises `IdentityRefused` for a signature that is no good.
    """
    token = _token(body.mid, client)
    for _ in range(TRIES):
        if found := opened_before(body, client):
            return found
        try:
            _turn_away(client, body)
            conversation = _open(body, client, token, language)
        except IntegrityError:
            # The same request at the same moment, or a reference that was taken.
            continue
        routing.run()
        return Opened(conversation, token, 1, created=True)
    raise RuntimeError("No free reference was found.")


def _token(mid: str, client: Client) -> str:
    """256 bits that follow from the request and a key of this site.

    The client is part of it, so that whoever else gets to see the `mid`, as agents do, can't ask for the token.
    """
    mac = salted_hmac("chat.conversation", f"{mid}\0{client.address}\0{client.browser}", algorithm="sha256")
    return base64.urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()


def opened_before(body: OpeningBody, client: Client) -> Opened | None:
    """What the same request has opened lately; raises `AppendRefused` when it had another text or is long ago."""
    token = _token(body.mid, client)
    found = Conversation.objects.filter(token_hash=fingerprint(token)).first()
    if found is None:
        return None
    if timezone.now() - found.created_at > REPEAT_WITHIN:
        raise Refusal(Nack.MID_CONFLICT)
    (again,) = append_all([_first(found, body)])
    if isinstance(again, Refusal):
        raise again
    return Opened(found, token, again.record.pub_seq or 1, created=False)


def _turn_away(client: Client, body: OpeningBody) -> None:
    """Refuse a browser that is blocked; who is signed in is known better than by that."""
    if not body.identity and blocking.is_turned_away(
        client=blocking.client_key(client.address, client.browser)
    ):
        raise Refusal(Nack.BLOCKED)


def _open(body: OpeningBody, client: Client, token: str, language: str) -> Conversation:
    cards = assistant.suggestions(body.text, language)
    with transaction.atomic():
        conversation = _insert(body, client, token, language)
        (first,) = append_all([_first(conversation, body)])
        if not isinstance(first, Appended):
            raise first
        head = ledger.lock([conversation.pk])[conversation.pk]
        assistant.answer(head, cards, language, timezone.now())
        ledger.write([head])
        announce(Notice(conversation.pk, (*first.records, *head.records), state=True, queue=True))
    return conversation


def _first(conversation: Conversation, body: OpeningBody) -> Draft:
    return Draft(conversation.pk, VISITOR, body.text, body.mid)


def _insert(body: OpeningBody, client: Client, token: str, language: str) -> Conversation:
    topic = _existing(Category, body.topic)
    urgent = topic == URGENT_TOPIC or is_urgent(body.text)
    conversation = Conversation.objects.create(
        visitor=_visitor(body, client, language),
        token_hash=fingerprint(token),
        reference=reference(secrets.randbits(REFERENCE_BITS)),
        topic=topic,
        language=language,
        priority=Conversation.Priority.URGENT if urgent else Conversation.Priority.NORMAL,
        article=_existing(Article, body.article),
        guide=_existing(Guide, body.guide),
        page=mask_url(body.page)[:500],
        page_title=mask_text(body.page_title).text[:200],
        fields=_masked(body.fields),
    )
    if body.identity:
        conversation.visitor = sign_in(body.identity, conversation.visitor, conversation=conversation.pk)
        if blocking.is_turned_away(visitor=conversation.visitor.pk):
            raise Refusal(Nack.BLOCKED)
    return conversation


def _existing(model: type[Article] | type[Category] | type[Guide], slug: str) -> str:
    """A slug that is one of ours; what else somebody sends as one is not stored."""
    return slug if slug and model._default_manager.filter(slug=slug).exists() else ""


def _visitor(body: OpeningBody, client: Client, language: str) -> Visitor:
    is_claimed = bool(body.name or body.email)
    return Visitor.objects.create(
        language=language,
        name=mask_text(body.name).text[:80],
        email=body.email,
        browser=client.browser[:300],
        client_key=blocking.client_key(client.address, client.browser),
        identity=Visitor.Identity.CLAIMED if is_claimed else Visitor.Identity.GUEST,
    )


def _masked(fields: dict[str, str]) -> dict[str, Any]:
    return {key: mask_text(value).text for key, value in fields.items()}
