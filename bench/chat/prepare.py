"""`python -m bench.chat.prepare AGENTS CONVERSATIONS [PORTION]`: a desk for each agent and conversations to talk in.

Prints JSON: for each agent the cookie and the conversations, for each conversation its token.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from datetime import timedelta
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
django.setup(set_prefix=False)

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.utils import timezone  # noqa: E402

from chat.core.terms import State, Status  # noqa: E402
from chat.core.tokens import fingerprint  # noqa: E402
from chat.models import Agent, Conversation, PresenceLease, Visitor  # noqa: E402
from faq.services.roles import AGENTS, ensure_groups  # noqa: E402


def main(agents: int, conversations: int) -> dict[str, Any]:
    """Make them and say how to get in."""
    desks = [_desk() for _ in range(agents)]
    visitor = Visitor.objects.create(language="en")
    tokens = [secrets.token_urlsafe(32) for _ in range(conversations)]
    made = [
        Conversation(
            visitor=visitor,
            language="en",
            reference=secrets.token_hex(6),
            token_hash=fingerprint(token),
            state=State.ACTIVE if desks else State.MESSAGE,
            agent=desks[index % agents][0] if desks else None,
        )
        for index, token in enumerate(tokens)
    ]
    Conversation.objects.bulk_create(made, batch_size=500)
    return {
        "agents": [
            {
                "cookie": cookie,
                "conversations": [str(one.public_id) for one in made if one.agent_id == agent.pk],
                "keys": [one.pk for one in made if one.agent_id == agent.pk],
            }
            for agent, cookie in desks
        ],
        "conversations": [
            {"id": str(one.public_id), "key": one.pk, "token": token}
            for one, token in zip(made, tokens, strict=True)
        ],
    }


def _desk() -> tuple[Agent, str]:
    user = User.objects.create_user(f"bench-{secrets.token_hex(4)}")
    user.groups.add(ensure_groups()[AGENTS])
    agent = Agent.objects.create(
        user=user, name="Bench", verify_code=secrets.token_hex(5), capacity=5000, status=Status.OFFLINE
    )
    PresenceLease.objects.create(agent=agent, expires_at=timezone.now() + timedelta(days=1))
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return agent, f"sessionid={session.session_key}"


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))
