"""Sending the mails that were written: outside of every request, tried again when it fails."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from chat.models import Mail
from chat.services import email_alerts

logger = logging.getLogger(__name__)
# The pauses before the second try and the following ones; after the last one it is given up.
PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
)
# One round: a server that answers slowly must not hold up the other duties of a process for long.
AT_ONCE = 3
KEPT = timedelta(days=30)


def send_due(now: datetime) -> int:
    """Send some of what is due; how many were sent. A round ends with the first failure."""
    due = Mail.objects.filter(sent_at=None, next_try_at__lte=now).order_by("next_try_at", "pk")
    sent = 0
    for mail in due.select_related("alert__conversation")[:AT_ONCE]:
        if not _claim(mail, now):
            continue
        if _is_stale(mail):
            Mail.objects.filter(pk=mail.pk).update(next_try_at=None)
            continue
        if not _send(mail):
            break
        Mail.objects.filter(pk=mail.pk).update(sent_at=now)
        sent += 1
    return sent


def forget_old(now: datetime) -> None:
    """Remove what was sent or given up long ago."""
    Mail.objects.filter(created_at__lt=now - KEPT).delete()


def _claim(mail: Mail, now: datetime) -> bool:
    """Count the try before it is made: whoever else finds this mail meanwhile leaves it alone."""
    pause = PAUSES[mail.tries] if mail.tries < len(PAUSES) else None
    mine = Mail.objects.filter(pk=mail.pk, sent_at=None, tries=mail.tries, next_try_at=mail.next_try_at)
    return bool(mine.update(tries=mail.tries + 1, next_try_at=now + pause if pause else None))


def _is_stale(mail: Mail) -> bool:
    """The customer has been there since it was written."""
    seen = mail.alert.seen_at
    return mail.kind == Mail.Kind.ANSWER and seen is not None and seen >= mail.created_at


def _send(mail: Mail) -> bool:
    try:
        _message(mail).send()
    except (SMTPException, OSError) as problem:
        # Neither the address nor what the server said of it belongs into a log.
        logger.warning("A mail was not sent: %s (try %d)", type(problem).__name__, mail.tries + 1)
        return False
    return True


def _message(mail: Mail) -> EmailMessage:
    alert, language = mail.alert, mail.alert.conversation.language
    with translation.override(language):
        context = {
            "reference": alert.conversation.reference,
            "link": settings.SITE_URL + _path(mail),
            "site": f"{settings.SITE_URL}/{language}/",
        }
        subject = render_to_string(f"emails/{mail.kind}_subject.txt", context).strip()
        text = render_to_string(f"emails/{mail.kind}.txt", context).strip() + "\n"
    # Nobody's holiday notice should come back as an answer.
    headers = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}
    return EmailMessage(subject, text, to=[alert.email], headers=headers, connection=get_connection())


def _path(mail: Mail) -> str:
    if mail.kind == Mail.Kind.CONFIRM:
        return reverse("chat:confirm_email", args=[email_alerts.signed(mail.alert)])
    return reverse("chat:request", args=[email_alerts.link_token(mail.alert)])
