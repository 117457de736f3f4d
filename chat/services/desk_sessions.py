"""Whether a desk's sign-in is still good: asked when its socket opens and at every beat."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils.crypto import constant_time_compare

from chat.services.agents import agent_of, may_supervise
from helpcenter.accounts.sessions import problem_of

_store = import_module(settings.SESSION_ENGINE).SessionStore


@dataclass(frozen=True, slots=True)
class DeskAgent:
    """Who sits at a desk."""

    agent: int
    name: str
    verify_code: str
    capacity: int
    is_supervisor: bool


class NotSignedIn(Exception):
    """The session doesn't exist, has ended, or is nobody's that may be here."""


class NotAllowed(Exception):
    """Somebody is signed in who may not answer conversations."""


def desk_agent(session_key: str | None) -> DeskAgent:
    """Who this session belongs to; raises `NotSignedIn` or `NotAllowed`."""
    user = _user(session_key)
    try:
        agent = agent_of(user)
    except PermissionDenied:
        raise NotAllowed from None
    return DeskAgent(agent.pk, agent.name, agent.verify_code, agent.capacity, may_supervise(user))


def _user(session_key: str | None) -> User:
    if not session_key:
        raise NotSignedIn
    session = _store(session_key).load()
    key, backend = session.get(SESSION_KEY), session.get(BACKEND_SESSION_KEY)
    if not key or backend not in settings.AUTHENTICATION_BACKENDS:
        raise NotSignedIn
    user: User | None = get_user_model().objects.filter(pk=key, is_active=True).first()
    # A changed password changes the hash, and so ends every session of before.
    if user is None or not constant_time_compare(
        session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
    ):
        raise NotSignedIn
    # Too old, idle for too long, or without the second factor that has to be there.
    if problem_of(user, session_key, session):
        raise NotSignedIn
    return user
