"""The state of conversations as people see it: who answers, the place in the queue, the honest wait."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from chat.core.events import wire_time
from chat.core.routing import Waiting, place
from chat.core.terms import State
from chat.core.waiting import expected_wait
from chat.models import Assignment, Conversation, Event
from chat.querysets import loads, present_agents
from chat.services.clock import database_now
from faq.services import contacts

RECENT = timedelta(hours=12)
MOST_RECENT = 50
KEPT_SECONDS = 5.0
CHANNELS = ("chat", "phone")

_handling: tuple[float, list[float]] = (-KEPT_SECONDS, [])


def states_of(conversations: Sequence[int]) -> dict[int, dict[str, Any]]:
    """The contract's state objects of these conversations, and their `rev` for agents."""
    rows = list(Conversation.objects.filter(pk__in=conversations).select_related("agent"))
    waits = [row for row in rows if row.state in (State.WAITING, State.OFFERED)]
    queue = _Queue() if waits else None
    reasons = _reasons([row.pk for row in rows])
    return {row.pk: _state(row, queue, reasons.get(row.pk)) for row in rows}


def for_visitor(state: dict[str, Any]) -> dict[str, Any]:
    """A state without what only agents need."""
    return {name: value for name, value in state.items() if name != "rev"}


def availability() -> dict[str, Any]:
    """Whether somebody answers now, how many, and how long it may take."""
    queue = _Queue()
    is_open, opens_at = _hours()
    return {
        "open": is_open or queue.agents > 0,
        "agents_online": queue.agents,
        "expected_wait_seconds": queue.wait(queue.length + 1),
        "opens_at": None if is_open or queue.agents else opens_at,
        "queue_length": queue.length,
    }


def forget() -> None:
    """Forget how long conversations took (tests)."""
    global _handling
    _handling = (-KEPT_SECONDS, [])


class _Queue:
    """The queue as it is now."""

    def __init__(self) -> None:
        self.places = place(_waiting())
        self.length = len(self.places)
        agents = list(present_agents(database_now()))
        count = loads(agent.pk for agent in agents)
        self.agents = len(agents)
        self.free = sum(max(0, agent.capacity - count.get(agent.pk, 0)) for agent in agents)

    def wait(self, at: int) -> int | None:
        """Seconds to wait at this place."""
        return expected_wait(_recent_handling(), at, self.agents, self.free)


def _waiting() -> list[Waiting]:
    """All who wait, with what their place depends on: a queue is longest when people look at it most."""
    rows = Conversation.objects.filter(state=State.WAITING).order_by()
    columns = rows.values_list("pk", "topic", "language", "queue_at", "priority")
    urgent = Conversation.Priority.URGENT
    return [
        Waiting(key, topic, language, since, priority == urgent)
        for key, topic, language, since, priority in columns
    ]


def _state(row: Conversation, queue: _Queue | None, reason: str | None) -> dict[str, Any]:
    agent = row.agent if row.state == State.ACTIVE else None
    at = None
    if queue is not None and row.state in (State.WAITING, State.OFFERED):
        # What is offered is next.
        at = queue.places.get(row.pk, 1)
        if not queue.agents:
            reason = "nobody_online" if _hours()[0] else "closed"
    return {
        "state": row.state,
        "agent": {"name": agent.name, "verify_code": agent.verify_code} if agent else None,
        "queue_position": at,
        "expected_wait_seconds": queue.wait(at) if queue is not None and at is not None else None,
        "reason": reason,
        "rev": row.assign_rev,
    }


def _reasons(conversations: Sequence[int]) -> dict[int, str]:
    """Why each conversation is where it is: the reason of its last change."""
    rows = Event.objects.filter(conversation__in=conversations, kind="state").order_by("seq")
    return {key: data.get("reason") for key, data in rows.values_list("conversation", "data")}


def _hours() -> tuple[bool, str | None]:
    found = next(filter(None, map(contacts.contact, CHANNELS)), None)
    if found is None:
        return True, None
    state = contacts.availability(found)
    return state.is_open, wire_time(timezone.make_aware(state.opens_at)) if state.opens_at else None


def _recent_handling() -> list[float]:
    """How long recent conversations took, in seconds; looked up every few seconds."""
    global _handling
    if time.monotonic() - _handling[0] > KEPT_SECONDS:
        ended = Assignment.objects.filter(ended_at__gt=database_now() - RECENT).order_by("-ended_at")
        spans = ended.annotate(length=F("ended_at") - F("started_at")).values_list("length", flat=True)
        _handling = (time.monotonic(), [span.total_seconds() for span in spans[:MOST_RECENT]])
    return _handling[1]
