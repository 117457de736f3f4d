"""Keeping what agents did that somebody may ask about later."""

from __future__ import annotations

import logging

from django.contrib.auth.models import User

from helpcenter.accounts import audit

logger = logging.getLogger(__name__)


def record(user: User, action: str, conversation: str) -> None:
    """Note that a user did something with a conversation (its reference); never with whose data."""
    audit.record(user, action, f"conversation:{conversation}")
    logger.info("%s by user %s", action, user.pk, extra={"conversation": conversation})
