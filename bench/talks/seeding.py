"""Conversations that go on already: `python -m bench.talks.seeding <agents> <conversations each>`, a process of its own.

Prints what the load has to know of them as JSON. Nobody's lease runs out during a bench.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from datetime import timedelta
from importlib import import_module
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
django.setup()

from django.conf import settings  # noqa: E402 - needs the set-up above
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.models import Permission, User  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from chat.core.terms import State, Status  # noqa: E402
from chat.core.tokens import REFERENCE_BITS, fingerprint, reference  # noqa: E402
from chat.models import Agent, Assignment, Conversation, PresenceLease, Visitor  # noqa: E402

CAPACITY = 50
LEASE = timedelta(days=1)
LANGUAGE = "zh-hans"


def main(agents: int, each: int) -> dict[str, Any]:
    """Make so many agents and for each so many active conversations."""
    plan: dict[str, Any] = {"cookie": settings.SESSION_COOKIE_NAME, "agents": [], "talks": []}
    may_answer = Permission.objects.get(codename="answer", content_type__app_label="chat")
    with transaction.atomic():
        for _ in range(agents):
            agent = _agent(may_answer)
            first = len(plan["talks"])
            plan["talks"] += _talks(agent, each)
            plan["agents"].append(
                {"session": _session(agent.user), "talks": list(range(first, first + each))}
            )
    return plan


def _agent(may_answer: Permission) -> Agent:
    code = secrets.token_hex(5)
    user = User.objects.create(username=f"bench-{code}", password=code)
    user.user_permissions.add(may_answer)
    agent = Agent.objects.create(
        user=user, name=f"Bench {code}", verify_code=code, capacity=CAPACITY, status=Status.ONLINE
    )
    PresenceLease.objects.create(agent=agent, expires_at=timezone.now() + LEASE)
    return agent


def _session(user: User) -> str:
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def _talks(agent: Agent, count: int) -> list[dict[str, Any]]:
    visitors = Visitor.objects.bulk_create([Visitor(language=LANGUAGE) for _ in range(count)])
    tokens = [secrets.token_urlsafe(32) for _ in range(count)]
    made = Conversation.objects.bulk_create(
        Conversation(
            reference=reference(secrets.randbits(REFERENCE_BITS)),
            token_hash=fingerprint(token),
            visitor=visitor,
            state=State.ACTIVE,
            agent=agent,
            assign_rev=1,
            language=LANGUAGE,
        )
        for visitor, token in zip(visitors, tokens, strict=True)
    )
    Assignment.objects.bulk_create(
        Assignment(conversation=one, agent=agent, started_at=one.created_at) for one in made
    )
    return [
        {"id": str(one.public_id), "token": token, "n": 0} for one, token in zip(made, tokens, strict=True)
    ]


if __name__ == "__main__":
    json.dump(main(int(sys.argv[1]), int(sys.argv[2])), sys.stdout)
