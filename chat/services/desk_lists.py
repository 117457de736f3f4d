"""The lists of a desk: which conversations are in each, in which order, page by page.

No list is sorted by a column that changes with every message through an index, as every message would pay for
it: what is open is few and sorted when asked for, what is closed has an index that only closing touches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, Min, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from chat.core.terms import State
from chat.models import Agent, Conversation
from chat.querysets import readable_by
from chat.services.clock import database_now

QUEUE, MINE, ALL, LEFT, CLOSED = "queue", "mine", "all", "left", "closed"
LISTS = (QUEUE, MINE, ALL, LEFT, CLOSED)
PAGE = 40
WAITING = (State.WAITING, State.OFFERED)
RECENTLY_CLOSED = timedelta(hours=24)
# The keys that a list is sorted by, "-" for the greatest first; the row's own key comes last.
ORDERS = {
    QUEUE: ("-priority", "queue_at", "pk"),
    MINE: ("-changed_at", "-pk"),
    ALL: ("-changed_at", "-pk"),
    LEFT: ("is_answered", "since", "pk"),
    CLOSED: ("-closed_at", "-pk"),
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_PLACE = re.compile(r"\d{1,19}(?:_\d{1,19}){1,2}")


class BadPlace(ValueError):
    """A place in a list that we never gave out."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; each may be empty, `agent` is a key."""

    text: str = ""
    topic: str = ""
    language: str = ""
    agent: int | None = None
    tag: str = ""


def conversations(
    agent: Agent, name: str, filters: Filters, *, is_supervisor: bool
) -> QuerySet[Conversation]:
    """A list as far as this agent may read it, in its order. A search in "all" finds what is closed too."""
    found = readable_by(agent, is_supervisor=is_supervisor)
    if name == QUEUE:
        found = found.filter(state__in=WAITING)
    elif name == MINE:
        found = found.filter(state=State.ACTIVE, agent=agent)
    elif name == LEFT:
        found = _with_answer(found.filter(state=State.MESSAGE))
    elif name == CLOSED:
        found = found.filter(state=State.CLOSED)
    elif not filters.text:
        found = found.exclude(state=State.CLOSED)
    return _narrowed(found, filters).order_by(*ORDERS[name])


def beyond(found: QuerySet[Conversation], name: str, after: str) -> QuerySet[Conversation]:
    """The part of a list behind a place that `place` gave; raises `BadPlace`."""
    if not after:
        return found
    keys = ORDERS[name]
    values = _values(after, keys)
    behind, equal = Q(), Q()
    for key, value in zip(keys, values, strict=True):
        column = key.removeprefix("-")
        side = "lt" if key.startswith("-") else "gt"
        behind |= equal & Q(**{f"{column}__{side}": value})
        equal &= Q(**{column: value})
    return found.filter(behind)


def columns(name: str) -> list[str]:
    """What a list is sorted by."""
    return [key.removeprefix("-") for key in ORDERS[name]]


def place(values: Iterable[Any]) -> str:
    """Where a row is, by its values of `columns`, to go on behind it."""
    return "_".join(str(_number(value)) for value in values)


def counts(agent: Agent, *, is_supervisor: bool) -> dict[str, Any]:
    """How many each list holds (of the closed ones: of a day), and since when the first one waits."""
    readable = readable_by(agent, is_supervisor=is_supervisor).order_by()
    waits = Q(state__in=WAITING)
    found = readable.exclude(state=State.CLOSED).aggregate(
        queue=Count("pk", filter=waits),
        mine=Count("pk", filter=Q(state=State.ACTIVE, agent=agent)),
        all=Count("pk"),
        left=Count("pk", filter=Q(state=State.MESSAGE)),
        waiting_since=Min("queue_at", filter=waits),
    )
    recent = database_now() - RECENTLY_CLOSED
    found["closed"] = readable.filter(state=State.CLOSED, closed_at__gt=recent).count()
    return found


def _with_answer(found: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """Left messages with whether ours was the last word, and since when the customer's waits."""
    is_answered = Q(agent_wrote_at__isnull=False) & (
        Q(visitor_wrote_at__isnull=True) | Q(agent_wrote_at__gte=F("visitor_wrote_at"))
    )
    return found.annotate(
        is_answered=Case(When(is_answered, then=Value(1)), default=Value(0)),
        since=Coalesce("visitor_wrote_at", "queue_at"),
    )


def _narrowed(found: QuerySet[Conversation], filters: Filters) -> QuerySet[Conversation]:
    if filters.topic:
        found = found.filter(topic=filters.topic)
    if filters.language:
        found = found.filter(language=filters.language)
    if filters.agent is not None:
        found = found.filter(agent=filters.agent)
    if filters.tag:
        found = found.filter(tags__name=filters.tag)
    return found


def _number(value: Any) -> int:
    return (value - _EPOCH) // _MICROSECOND if isinstance(value, datetime) else int(value)


def _values(place: str, keys: tuple[str, ...]) -> list[Any]:
    if not _PLACE.fullmatch(place):
        raise BadPlace(place)
    numbers = [int(part) for part in place.split("_")]
    if len(numbers) != len(keys) or numbers[-1] >= 2**63:
        raise BadPlace(place)
    return [_value(key, number) for key, number in zip(keys, numbers, strict=True)]


def _value(key: str, number: int) -> Any:
    if not key.endswith(("_at", "since")):
        return number
    try:
        return _EPOCH + number * _MICROSECOND
    except OverflowError:
        raise BadPlace(str(number)) from None
