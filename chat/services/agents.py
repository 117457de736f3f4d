"""Agents as the people who sign in."""

from __future__ import annotations

import secrets

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from chat.core.tokens import ALPHABET
from chat.models import Agent

CODE_LENGTH = 6
TRIES = 5


def agent_of(user: User) -> Agent:
    """The agent that a user is, made at their first coming; raises `PermissionDenied`."""
    if not user.is_active or not user.has_perm("chat.answer"):
        raise PermissionDenied("This account doesn't answer conversations.")
    return Agent.objects.filter(pk=user.pk).first() or _make(user)


def may_supervise(user: User) -> bool:
    """Whether a user sees and moves every conversation."""
    return user.is_active and user.has_perm("chat.supervise")


def _make(user: User) -> Agent:
    """A neutral name: customers learn a login name from nobody."""
    name = user.get_full_name() or gettext("Topay support %(number)s") % {"number": user.pk}
    for _ in range(TRIES):
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        try:
            with transaction.atomic():
                return Agent.objects.create(user=user, name=name[:80], verify_code=code)
        except IntegrityError:
            if found := Agent.objects.filter(pk=user.pk).first():
                return found
    raise RuntimeError("No free verification code was found.")
