"""What happened in a period: every figure of the reports, counted from the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Min, QuerySet, Sum
from django.utils import timezone

from chat.core.reports import Spread, share, spread
from chat.core.terms import EventKind, State
from chat.models import Agent, Assignment, Conversation, Event, Rating, Suggestion
from faq.models import GuideOutcome, SearchQuery, Step, Vote

# A conversation that becomes a message at once was one from the start: it came from the form.
FORM = timedelta(seconds=2)
MOST_SEARCHES = 30


@dataclass(frozen=True, slots=True)
class Period:
    """From `begin` to before `end`, of one topic or language if they are named."""

    begin: datetime
    end: datetime
    topic: str = ""
    language: str = ""

    @property
    def days(self) -> list[date]:
        """Its days in the operator's time zone."""
        first, last = timezone.localdate(self.begin), timezone.localdate(self.end - timedelta(seconds=1))
        return [first + timedelta(days=count) for count in range((last - first).days + 1)]


@dataclass(frozen=True, slots=True)
class AgentRow:
    """One agent's share."""

    name: str
    conversations: int
    first_answer: Spread
    ratings: int
    average: float | None


@dataclass(slots=True)
class Report:
    """Every figure; spreads are in seconds, shares from 0 to 1."""

    opened: int = 0
    answered: int = 0
    abandoned: int = 0
    left: int = 0
    by_hour: list[int] = field(default_factory=lambda: [0] * 24)
    by_day: dict[date, int] = field(default_factory=dict)
    by_topic: list[tuple[str, int]] = field(default_factory=list)
    waiting: Spread = field(default_factory=Spread)
    first_answer: Spread = field(default_factory=Spread)
    duration: Spread = field(default_factory=Spread)
    left_answer: Spread = field(default_factory=Spread)
    scores: dict[int, int] = field(default_factory=dict)
    reasons: list[tuple[str, int]] = field(default_factory=list)
    average: float | None = None
    response: float | None = None
    solved: dict[str, int] = field(default_factory=dict)
    searches: list[tuple[str, str, int]] = field(default_factory=list)
    agents: list[AgentRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Row:
    """What a report wants of one conversation."""

    pk: int
    created_at: datetime
    topic: str
    answered_at: datetime | None
    closed_at: datetime | None
    agent: int | None
    taken_at: datetime | None
    left_at: datetime | None

    @property
    def is_form(self) -> bool:
        return self.left_at is not None and self.left_at - self.created_at < FORM

    @property
    def gave_up_at(self) -> datetime | None:
        """When somebody who waited went without having been answered."""
        if self.is_form or (self.taken_at and (not self.left_at or self.taken_at < self.left_at)):
            return None
        return self.left_at or self.closed_at


def report(period: Period) -> Report:
    """Every figure of a period; conversations count in the period in which they were opened."""
    rows = _rows(period)
    made = Report(opened=len(rows))
    _volume(made, rows, period)
    _times(made, rows)
    _ratings(made, rows)
    made.solved = _solved(period)
    made.searches = _searches(period)
    made.agents = _agents(rows)
    return made


def _rows(period: Period) -> list[_Row]:
    found = Conversation.objects.filter(created_at__gte=period.begin, created_at__lt=period.end)
    if period.topic:
        found = found.filter(topic=period.topic)
    if period.language:
        found = found.filter(language=period.language)
    found = found.order_by()
    taken = dict(
        Assignment.objects.filter(conversation__in=found)
        .order_by()
        .values_list("conversation")
        .annotate(Min("started_at"))
    )
    left = _left_at(found)
    names = ("pk", "created_at", "topic", "answered_at", "closed_at", "agent")
    return [
        _Row(pk, created, topic, answered, closed, agent, taken.get(pk), left.get(pk))
        for pk, created, topic, answered, closed, agent in found.values_list(*names)
    ]


def _left_at(found: QuerySet[Conversation]) -> dict[int, datetime]:
    """When each of these was left as a message for the first time."""
    states = Event.objects.filter(conversation__in=found, kind=EventKind.STATE, data__state=State.MESSAGE)
    return dict(states.order_by().values_list("conversation").annotate(Min("at")))


def _volume(made: Report, rows: Sequence[_Row], period: Period) -> None:
    made.by_day = dict.fromkeys(period.days, 0)
    for row in rows:
        local = timezone.localtime(row.created_at)
        made.by_hour[local.hour] += 1
        made.by_day[local.date()] = made.by_day.get(local.date(), 0) + 1
    made.by_topic = Counter(row.topic for row in rows).most_common()
    made.answered = sum(row.taken_at is not None for row in rows)
    made.abandoned = sum(row.gave_up_at is not None for row in rows)
    made.left = sum(row.left_at is not None for row in rows)


def _times(made: Report, rows: Sequence[_Row]) -> None:
    live = [row for row in rows if not row.is_form]
    waited = [(row.gave_up_at or row.taken_at, row.created_at) for row in live]
    made.waiting = _spread_of(waited)
    made.first_answer = _spread_of((row.answered_at, row.created_at) for row in live)
    made.duration = _spread_of((row.closed_at, row.taken_at) for row in live if row.taken_at)
    left = [row for row in rows if row.left_at and row.answered_at and row.answered_at > row.left_at]
    made.left_answer = _spread_of((row.answered_at, row.left_at) for row in left)


def _spread_of(spans: Iterable[tuple[datetime | None, datetime | None]]) -> Spread:
    return spread((end - begin).total_seconds() for end, begin in spans if end and begin and end >= begin)


def _ratings(made: Report, rows: Sequence[_Row]) -> None:
    ended = {row.pk for row in rows if row.closed_at and row.taken_at}
    found = [rating for rating in _ratings_of(rows) if rating[0] in ended]
    scores = Counter(score for _pk, _agent, score, _reasons in found)
    made.scores = {score: scores[score] for score in range(5, 0, -1)}
    made.reasons = Counter(reason for *_rest, reasons in found for reason in reasons).most_common()
    made.average = sum(score * count for score, count in scores.items()) / len(found) if found else None
    made.response = share(len(found), len(ended))


def _ratings_of(rows: Sequence[_Row]) -> list[tuple[int, int | None, int, list[str]]]:
    keys = [row.pk for row in rows]
    ratings: list[tuple[int, int | None, int, list[str]]] = []
    # Databases take only so many values in one question.
    for start in range(0, len(keys), 500):
        some = Rating.objects.filter(conversation__in=keys[start : start + 500])
        ratings += some.values_list("conversation", "agent", "score", "reasons")
    return ratings


def _solved(period: Period) -> dict[str, int]:
    """How often something was solved without a person, by what solved it."""
    days = (timezone.localdate(period.begin), timezone.localdate(period.end - timedelta(seconds=1)))
    guides = GuideOutcome.objects.filter(day__range=days, outcome=Step.Kind.SOLVED)
    shown = Suggestion.objects.filter(solved_at__gte=period.begin, solved_at__lt=period.end)
    votes = Vote.objects.filter(created_at__gte=period.begin, created_at__lt=period.end, is_solved=True)
    return {
        "articles": votes.count(),
        "guides": guides.aggregate(Sum("count"))["count__sum"] or 0,
        "assistant": shown.values("conversation").distinct().count(),
    }


def _searches(period: Period) -> list[tuple[str, str, int]]:
    """What was searched for without a result, most often first: text, language, how often."""
    days = (timezone.localdate(period.begin), timezone.localdate(period.end - timedelta(seconds=1)))
    found = SearchQuery.objects.filter(day__range=days, results=0).order_by()
    if period.language:
        found = found.filter(language=period.language)
    totals = found.values_list("text", "language").annotate(times=Sum("count")).order_by("-times", "text")
    return list(totals[:MOST_SEARCHES])


def _agents(rows: Sequence[_Row]) -> list[AgentRow]:
    """Whoever answered a conversation last, which is who answers for it."""
    names = dict(Agent.objects.values_list("pk", "name"))
    ratings: dict[int | None, list[int]] = {}
    for _pk, agent, score, _reasons in _ratings_of(rows):
        ratings.setdefault(agent, []).append(score)
    made = []
    for agent, count in Counter(row.agent for row in rows if row.agent and row.taken_at).most_common():
        own = [(row.answered_at, row.created_at) for row in rows if row.agent == agent and not row.is_form]
        scores = ratings.get(agent, [])
        average = sum(scores) / len(scores) if scores else None
        made.append(AgentRow(names.get(agent, ""), count, _spread_of(own), len(scores), average))
    return made


def tables(made: Report) -> dict[str, tuple[list[str], list[list[Any]]]]:
    """The report as tables for programs: by name a head and rows; times in seconds."""
    spreads = {
        "waiting": made.waiting,
        "first_answer": made.first_answer,
        "duration": made.duration,
        "left_message_answer": made.left_answer,
    }
    times: list[list[Any]] = [[name, one.count, one.p50, one.p90, one.most] for name, one in spreads.items()]
    totals: list[list[Any]] = [
        ["opened", made.opened],
        ["answered", made.answered],
        ["abandoned", made.abandoned],
        ["left_messages", made.left],
        ["rating_average", made.average],
        ["rating_response", made.response],
        *([f"solved_by_{name}", count] for name, count in made.solved.items()),
    ]
    agents = [[a.name, a.conversations, a.first_answer.p50, a.ratings, a.average] for a in made.agents]
    return {
        "totals": (["figure", "value"], totals),
        "times": (["figure", "count", "p50_seconds", "p90_seconds", "max_seconds"], times),
        "days": (["day", "opened"], [[day.isoformat(), count] for day, count in made.by_day.items()]),
        "hours": (["hour", "opened"], [[hour, count] for hour, count in enumerate(made.by_hour)]),
        "topics": (["topic", "opened"], [list(pair) for pair in made.by_topic]),
        "ratings": (["score", "count"], [list(pair) for pair in made.scores.items()]),
        "reasons": (["reason", "count"], [list(pair) for pair in made.reasons]),
        "searches": (["text", "language", "times"], [list(row) for row in made.searches]),
        "agents": (["agent", "conversations", "first_answer_p50_seconds", "ratings", "average"], agents),
    }
