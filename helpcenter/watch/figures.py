"""Figures that the database knows: how many conversations stand where, and how long the oldest one waits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from threading import Lock

from django.db import DatabaseError, connections
from django.db.models import Count, Min
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from chat.core.terms import State
from chat.delivery.process import process
from chat.models import Conversation, Mail
from chat.querysets import present_agents
from chat.services.clock import database_now
from chat.sockets.desk import DeskSocket

# Asked anew at most so often, however many machines ask us.
KEPT_SECONDS = 5.0
LIVE = (State.WAITING, State.OFFERED, State.ACTIVE, State.MESSAGE)


class DatabaseFigures(Collector):
    """Asks the database when somebody asks us; without a database it says nothing."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked_at = float("-inf")
        self._families: list[GaugeMetricFamily] = []

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing in advance, so that registering asks no database."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The families of now."""
        with self._lock:
            if time.monotonic() - self._asked_at > KEPT_SECONDS:
                self._families, self._asked_at = _ask(), time.monotonic()
            families = self._families
        yield from families


class SocketFigures(Collector):
    """Counts this process's sockets when somebody asks, so that coming and going costs nothing."""

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing in advance."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The sockets of now, by face."""
        sockets = list(process.hub.sockets) if process.hub else []
        agents = sum(isinstance(socket, DeskSocket) for socket in sockets)
        family = GaugeMetricFamily("helpcenter_chat_sockets", "Open sockets", labels=["face"])
        family.add_metric(["agent"], agents)
        family.add_metric(["visitor"], len(sockets) - agents)
        yield family


def _ask() -> list[GaugeMetricFamily]:
    try:
        return [_by_state(), _oldest_waiting(), _agents(), _mails()]
    except DatabaseError:
        return []
    finally:
        connections.close_all()


def _by_state() -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "helpcenter_chat_conversations", "Conversations that are not closed", labels=["state"]
    )
    rows = Conversation.objects.filter(state__in=LIVE).order_by().values_list("state").annotate(Count("pk"))
    found = dict(rows)
    for state in LIVE:
        family.add_metric([state], found.get(state, 0))
    return family


def _oldest_waiting() -> GaugeMetricFamily:
    waiting = Conversation.objects.filter(state__in=(State.WAITING, State.OFFERED))
    oldest = waiting.aggregate(Min("queue_at"))["queue_at__min"]
    seconds = (database_now() - oldest).total_seconds() if oldest else 0
    return GaugeMetricFamily(
        "helpcenter_chat_oldest_waiting_seconds",
        "Age of the oldest conversation in the queue",
        max(0, seconds),
    )


def _agents() -> GaugeMetricFamily:
    count = present_agents(database_now()).count()
    return GaugeMetricFamily("helpcenter_chat_agents_online", "Agents who take conversations", count)


def _mails() -> GaugeMetricFamily:
    waiting = Mail.objects.filter(sent_at=None, next_try_at__isnull=False).count()
    return GaugeMetricFamily("helpcenter_chat_mails_waiting", "Mails that still have to go out", waiting)
