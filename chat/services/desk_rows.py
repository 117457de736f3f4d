"""Pages of the desk's lists with all that a row shows, in a constant number of questions to the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from chat.core.terms import AuthorKind, EventKind, State
from chat.models import Agent, Conversation, Cursor, Event, Tag
from chat.services import desk_lists
from chat.services.clock import database_now
from chat.services.desk_lists import MINE, PAGE, Filters
from chat.services.desk_search import excerpt, look, places
from faq.models import Category

# Nobody answers more at once than this, so the own list needs no pages.
MOST_MINE = 200
MOST_LINE = 160
CALM, SOON, LATE = "calm", "soon", "late"
LIVE_STEPS = (timedelta(minutes=1), timedelta(minutes=3))
LEFT_STEPS = (timedelta(hours=4), timedelta(hours=24))


@dataclass(frozen=True, slots=True)
class Row:
    """A conversation in a list; `since` is what its age counts from, `level` how pressing that is.

    `waits` tells that a person waits for us, whose `unread` texts nobody has read; `line_by` is who said `line`.
    """

    conversation: Conversation
    topic: str
    line: str
    line_by: str
    line_is_note: bool
    unread: int
    tags: list[str]
    since: datetime
    age: timedelta
    waits: bool
    level: str


@dataclass(frozen=True, slots=True)
class Page:
    """Rows and where to go on; `is_partial` when older conversations have not been searched yet."""

    rows: list[Row]
    more: str = ""
    is_partial: bool = False


def page(agent: Agent, name: str, filters: Filters, after: str = "", *, is_supervisor: bool) -> Page:
    """One page of a list; raises `BadPlace`."""
    found = desk_lists.conversations(agent, name, filters, is_supervisor=is_supervisor)
    found = desk_lists.beyond(found.select_related("visitor", "agent"), name, after)
    if filters.text:
        result = look(found, name, filters.text, PAGE)
        rows = _rows(list(found.filter(pk__in=result.keys)), filters.text)
        return Page(rows, result.more, is_partial=bool(result.more) and len(rows) < PAGE)
    if name == MINE:
        rows = _rows(list(found[:MOST_MINE]))
        return Page(sorted(rows, key=lambda row: row.unread == 0))
    read = list(found[: PAGE + 1])
    shown = read[:PAGE]
    if len(read) == len(shown):
        return Page(_rows(shown))
    last = [getattr(shown[-1], column) for column in desk_lists.columns(name)]
    return Page(_rows(shown), desk_lists.place(last))


def _rows(conversations: Sequence[Conversation], text: str = "") -> list[Row]:
    """With all that they show; of conversations in which `text` was looked for the line that holds it."""
    keys = [one.pk for one in conversations]
    lines, unread = _last_lines(keys, places(keys, text) if text else {})
    tags = _tags(keys)
    topics = {one.slug: str(one.title) for one in Category.objects.all()} if keys else {}
    now = database_now() if keys else None
    rows = []
    for one in conversations:
        since, waits = _since(one)
        age = max(timedelta(0), now - since) if now else timedelta(0)
        line = lines.get(one.pk)
        rows.append(
            Row(
                conversation=one,
                topic=topics.get(one.topic, one.topic),
                line=excerpt(line.text, text, MOST_LINE) if line else "",
                line_by=line.author_kind if line else "",
                line_is_note=bool(line and line.kind == EventKind.NOTE),
                unread=0 if one.state == State.CLOSED else unread.get(one.pk, 0),
                tags=tags.get(one.pk, []),
                since=since,
                age=age,
                waits=waits,
                level=_level(age, LEFT_STEPS if one.state == State.MESSAGE else LIVE_STEPS)
                if waits
                else CALM,
            )
        )
    return rows


def _last_lines(keys: Sequence[int], wanted: Mapping[int, int]) -> tuple[dict[int, Event], dict[int, int]]:
    """The last text of each conversation, or the wanted one; and how many of the visitor's nobody has read."""
    events = Event.objects.filter(conversation=OuterRef("pk")).order_by()
    # What the assistant answers everybody tells nothing about this one.
    people = events.filter(author_kind__in=(AuthorKind.VISITOR, AuthorKind.AGENT))
    said = people.filter(kind__in=(EventKind.MESSAGE, EventKind.NOTE)).order_by("-seq")
    read = Cursor.objects.filter(conversation=OuterRef("pk"), who=AuthorKind.AGENT)
    unread = events.filter(
        kind=EventKind.MESSAGE, author_kind=AuthorKind.VISITOR, seq__gt=Coalesce(OuterRef("read_to"), 0)
    )
    rows = (
        Conversation.objects.filter(pk__in=keys)
        .order_by()
        .annotate(last=Subquery(said.values("seq")[:1]), read_to=Subquery(read.values("read")[:1]))
        .annotate(unread=Subquery(unread.values("conversation").annotate(n=Count("seq")).values("n")))
    )
    found = list(rows.values_list("pk", "last", "unread"))
    shown = [(key, number) for key, last, _unread in found if (number := wanted.get(key, last))]
    lines = {event.conversation_id: event for event in Event.objects.filter(pk__in=shown)}
    return lines, {key: count or 0 for key, _last, count in found}


def _tags(keys: Sequence[int]) -> dict[int, list[str]]:
    tags: dict[int, list[str]] = {}
    for key, name in Tag.objects.filter(conversation__in=keys).values_list("conversation", "name"):
        tags.setdefault(key, []).append(name)
    return tags


def _since(one: Conversation) -> tuple[datetime, bool]:
    """Since when it is as it is, and whether somebody waits for us all that time."""
    if one.state in desk_lists.WAITING:
        return one.queue_at, True
    if one.state == State.CLOSED:
        return one.closed_at or one.changed_at, False
    wrote, answered = one.visitor_wrote_at, one.agent_wrote_at
    if wrote is not None and (answered is None or answered < wrote):
        return wrote, True
    return one.changed_at, False


def _level(age: timedelta, steps: tuple[timedelta, timedelta]) -> str:
    return CALM if age < steps[0] else SOON if age < steps[1] else LATE
