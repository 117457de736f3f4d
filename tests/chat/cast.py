"""Who the tests are about: visitors, agents and their conversations, as short as they can be said."""

from __future__ import annotations

import itertools
from datetime import timedelta
from uuid import uuid4

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone

from chat.core.terms import AuthorKind, State, Status
from chat.core.tokens import fingerprint
from chat.models import Agent, Assignment, Conversation, Event, PresenceLease, Visitor
from chat.services.append import Draft
from chat.services.ledger import Author
from faq.services.roles import ensure_groups

VISITOR = Author(AuthorKind.VISITOR)
_numbers = itertools.count(1)


def make_agent(name="agent", *, online=True, supervisor=False, **values):
    """An agent at their desk."""
    number = next(_numbers)
    user = get_user_model().objects.create_user(f"{name}-{number}", password="pass-for-tests")
    groups = ensure_groups()
    user.groups.add(groups["Supervisors" if supervisor else "Agents"])
    values = {
        "name": name,
        "verify_code": f"CODE{number}",
        "status": Status.ONLINE if online else Status.OFFLINE,
    } | values
    agent = Agent.objects.create(user=user, **values)
    if online:
        PresenceLease.objects.create(agent=agent, expires_at=timezone.now() + timedelta(seconds=45))
    return agent


def make_conversation(state=State.WAITING, *, agent=None, token="", **values):
    """A conversation; `agent` makes it an active one."""
    number = next(_numbers)
    visitor = Visitor.objects.create(language="zh-hans", name=values.pop("name", ""))
    values = {"language": "zh-hans", "visitor": visitor} | values
    conversation = Conversation.objects.create(
        reference=f"TP-{number:04}",
        token_hash=fingerprint(token or f"token-{number}"),
        state=State.ACTIVE if agent else state,
        agent=agent,
        **values,
    )
    if agent:
        Assignment.objects.create(conversation=conversation, agent=agent, started_at=timezone.now())
    return conversation


def author_of(agent):
    """An agent as the author of a text."""
    return Author(AuthorKind.AGENT, agent.pk, agent.name)


def draft(conversation, text="Hello", author=VISITOR, mid=None, **values):
    """A text to append."""
    return Draft(conversation.pk, author, text, mid or str(uuid4()), **values)


def texts(conversation):
    """The texts of a conversation's messages and notes in order."""
    events = Event.objects.filter(conversation=conversation, kind__in=("message", "note"))
    return list(events.order_by("seq").values_list("text", flat=True))


def group(name):
    """A role."""
    ensure_groups()
    return Group.objects.get(name=name)
