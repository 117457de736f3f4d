"""Signing visitors in with what their app says about them.

A signature makes a conversation's visitor known from now on. It never brings along what the same browser said
as a guest before: on a device that people share that may have been somebody else.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from chat.core.identity import Claims, IdentityRefused, Refusal, verify
from chat.models import Conversation, UsedToken, Visitor
from helpcenter.masking import mask_text

SIGNED = Visitor.Identity.SIGNED


def sign_in(token: str, visitor: Visitor, *, conversation: int | None = None) -> Visitor:
    """The visitor that a host app's token names, and from now on the one of `conversation` (a row's key).

    A guest becomes that visitor in place, unless the app's customer is known already, or the guest has other
    conversations: then the one conversation moves and the guest's others stay where they are. `visitor` may be
    unsaved. The token is used up. Raises `IdentityRefused`, and then nothing has changed: besides `verify`'s
    reasons for a token that was used before, and for another person than the one who signed in already.
    """
    claims = verify(token, settings.IDENTITY_KEYS, audience=settings.SITE_URL, now=timezone.now())
    with transaction.atomic():
        if visitor.pk is not None:
            visitor = Visitor.objects.select_for_update().get(pk=visitor.pk)
        _use_up(claims)
        signed = _signed(claims, visitor, conversation)
        if conversation is not None and signed.pk != visitor.pk:
            Conversation.objects.filter(pk=conversation, visitor=visitor.pk).update(visitor=signed)
    return signed


def forget_used(now: datetime) -> int:
    """Drop the used tokens that ended before `now`; returns how many."""
    return UsedToken._default_manager.filter(expires_at__lt=now).delete()[0]


def _use_up(claims: Claims) -> None:
    try:
        with transaction.atomic():
            UsedToken._default_manager.create(
                issuer=claims.issuer, jti=claims.jti, expires_at=claims.expires_at
            )
    except IntegrityError:
        raise IdentityRefused(Refusal.REPLAYED) from None


def _signed(claims: Claims, visitor: Visitor, conversation: int | None) -> Visitor:
    if visitor.identity == SIGNED:
        if (visitor.issuer, visitor.subject) != (claims.issuer, claims.subject):
            raise IdentityRefused(Refusal.OTHER_PERSON)
        return _refreshed(visitor, claims)
    if known := _known(claims):
        return _refreshed(known, claims)
    if _has_other_conversations(visitor, conversation):
        visitor = Visitor(language=visitor.language, browser=visitor.browser)
    visitor.identity, visitor.issuer, visitor.subject = SIGNED, claims.issuer, claims.subject
    # What a guest typed about themselves is no part of what the app vouches for.
    visitor.name = visitor.email = ""
    try:
        with transaction.atomic():
            return _refreshed(visitor, claims)
    except IntegrityError:
        # The same customer signed in elsewhere at the same moment.
        return Visitor.objects.get(issuer=claims.issuer, subject=claims.subject)


def _known(claims: Claims) -> Visitor | None:
    return Visitor.objects.filter(issuer=claims.issuer, subject=claims.subject).first()


def _has_other_conversations(visitor: Visitor, conversation: int | None) -> bool:
    if visitor.pk is None:
        return False
    others = visitor.conversations.all()
    return (others if conversation is None else others.exclude(pk=conversation)).exists()


def _refreshed(visitor: Visitor, claims: Claims) -> Visitor:
    """The visitor saved, under the name and the address that the app gives now, if it gives any."""
    visitor.name = mask_text(claims.name).text[:80] or visitor.name
    if not mask_text(claims.email).kinds - {"phone"}:
        visitor.email = claims.email or visitor.email
    visitor.save()
    return visitor
