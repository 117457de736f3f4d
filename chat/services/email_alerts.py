"""Telling a customer by e-mail that there is an answer, at an address that they proved to be theirs.

Whoever holds a conversation's private link asks for it; a mail with a signed link goes to the address; only when
that link was followed are notices sent there. They say nothing of what was written. The private link in them is
another one than the customer's own, which nobody here knows: it follows from a nonce and a key of this site.
"""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from chat.core.terms import AuthorKind, State
from chat.core.tokens import fingerprint
from chat.models import Conversation, Cursor, EmailAlert, Event, Mail, Visitor
from helpcenter.faults import by_the_way

LINK_LIFE = timedelta(hours=24)
# Whoever answers while nobody mails, as during a standstill, is not told of days later.
APP_WITHIN = timedelta(hours=24)
AT_ONCE = 50
NONCE_BYTES = 32
SALT = "chat.email_alert"


class BadLink(Exception):
    """A confirmation link that we never made, that is older than a day, or that was replaced."""


def ask(conversation: Conversation, email: str) -> EmailAlert:
    """Ask for notices to an address, in place of an earlier one; a confirmation is mailed to it."""
    with transaction.atomic():
        now = timezone.now()
        EmailAlert.objects.filter(conversation=conversation).delete()
        alert = _make(conversation, email, now)
        Mail.objects.create(alert=alert, kind=Mail.Kind.CONFIRM, created_at=now, next_try_at=now)
    return alert


def signed(alert: EmailAlert) -> str:
    """What the confirmation link carries; it is good for nothing else."""
    return signing.TimestampSigner(salt=SALT).sign(f"{alert.pk}-{_proof(alert)}")


def find(signature: str) -> EmailAlert:
    """The alert that a confirmation link is for; raises `BadLink`."""
    try:
        value = signing.TimestampSigner(salt=SALT).unsign(signature, max_age=LINK_LIFE)
    except signing.BadSignature:
        raise BadLink from None
    key, _, proof = value.partition("-")
    alert = EmailAlert.objects.select_related("conversation").filter(pk=int(key)).first()
    if alert is None or _proof(alert) != proof:
        raise BadLink
    return alert


def confirm(alert: EmailAlert) -> None:
    """The address is theirs; confirming twice is confirming once."""
    EmailAlert.objects.filter(pk=alert.pk, confirmed_at=None).update(confirmed_at=timezone.now())


def stop(conversation: Conversation) -> None:
    """No more mails about this conversation; the link in the earlier ones ends too."""
    EmailAlert.objects.filter(conversation=conversation).delete()


def seen(conversation: Conversation) -> None:
    """The page was looked at: what is on it is no news."""
    found = EmailAlert.objects.filter(conversation=conversation)
    # Most have none, and then looking at a page writes nothing.
    if found.exists():
        by_the_way(lambda: found.update(seen_at=timezone.now()))


def link_token(alert: EmailAlert) -> str:
    """The token of the private link in the mails: 256 bits."""
    mac = salted_hmac("chat.email_link", alert.nonce, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def note_answers(now: datetime, unread_for: timedelta) -> int:
    """Write a mail for each answer that nobody has seen for so long; how many were written.

    One mail until the customer has been there again, however often agents write meanwhile.
    """
    _vouched_for(now, unread_for)
    written = 0
    for alert in list(_waiting(now - unread_for)[:AT_ONCE]):
        if _was_read(alert.conversation_id):
            EmailAlert.objects.filter(pk=alert.pk).update(seen_at=now)
            continue
        with transaction.atomic():
            again = EmailAlert.objects.filter(pk=alert.pk, noticed_at=alert.noticed_at)
            if again.update(noticed_at=now):
                Mail.objects.create(alert=alert, kind=Mail.Kind.ANSWER, created_at=now, next_try_at=now)
                written += 1
    return written


def forget_unconfirmed(now: datetime) -> None:
    """Addresses that nobody confirmed are not kept."""
    EmailAlert.objects.filter(confirmed_at=None, asked_at__lt=now - 2 * LINK_LIFE).delete()


def _make(conversation: Conversation, email: str, now: datetime, **values: datetime) -> EmailAlert:
    alert = EmailAlert(
        conversation=conversation,
        email=email,
        nonce=secrets.token_urlsafe(NONCE_BYTES),
        asked_at=now,
        **values,
    )
    alert.link_hash = fingerprint(link_token(alert))
    alert.save()
    return alert


def _proof(alert: EmailAlert) -> str:
    return salted_hmac(SALT, f"{alert.pk} {alert.nonce} {alert.email}", algorithm="sha256").hexdigest()[:32]


def _waiting(since: datetime) -> QuerySet[EmailAlert]:
    """Alerts with an answer from before `since` that came after the customer was last there."""
    answered = F("conversation__agent_wrote_at")
    unseen = Q(seen_at=None, asked_at__lt=answered) | Q(seen_at__lt=answered)
    wrote = F("conversation__visitor_wrote_at")
    unwritten = Q(conversation__visitor_wrote_at=None) | Q(conversation__visitor_wrote_at__lt=answered)
    untold = Q(noticed_at=None) | Q(noticed_at__lt=F("seen_at")) | Q(noticed_at__lt=wrote)
    found = EmailAlert.objects.filter(unseen, unwritten, untold, confirmed_at__isnull=False)
    return found.filter(conversation__agent_wrote_at__lte=since).order_by("pk")


def _was_read(conversation: int) -> bool:
    """Whether the customer's own window has shown them all that agents wrote."""
    said = Event.objects.filter(conversation=conversation, author_kind=AuthorKind.AGENT)
    last = said.aggregate(last=Max("pub_seq"))["last"] or 0
    return Cursor.objects.filter(conversation=conversation, who=AuthorKind.VISITOR, read__gte=last).exists()


def _vouched_for(now: datetime, unread_for: timedelta) -> None:
    """Customers whose app confirms who they are have proved the address that it gives."""
    ended = Q(state=State.CLOSED, closed_at__gt=now - APP_WITHIN)
    found = Conversation.objects.filter(
        Q(state__in=(State.ACTIVE, State.MESSAGE)) | ended,
        visitor__identity=Visitor.Identity.SIGNED,
        email_alert=None,
        agent_wrote_at__lte=now - unread_for,
        agent_wrote_at__gt=now - APP_WITHIN,
    ).exclude(visitor__email="")
    for conversation in found.select_related("visitor").order_by("pk")[:AT_ONCE]:
        # They never asked, so what counts is the time before the answer.
        before = (conversation.agent_wrote_at or now) - unread_for
        _make(conversation, conversation.visitor.email, before, confirmed_at=now)
