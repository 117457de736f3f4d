"""A small history with known figures, and what supervisors are shown of it."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from chat.core.terms import EventKind, State
from chat.models import Assignment, Conversation, Event, Rating
from chat.services.live import live
from chat.services.reports import Period, report
from faq.models import SearchQuery
from helpcenter.accounts.models import AuditEntry
from tests.chat.cast import make_agent, make_conversation

# Ten in the morning in Shanghai.
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PERIOD = Period(START - timedelta(hours=2), START + timedelta(hours=14))


def after(**span):
    return START + timedelta(**span)


def opened(minutes, *, taken=None, answered=None, closed=None, agent=None, **values):
    """A conversation that began so many minutes after the start; the other times are seconds after that."""
    began = after(minutes=minutes)

    def at(seconds):
        return None if seconds is None else began + timedelta(seconds=seconds)

    made = make_conversation(
        State.CLOSED if closed is not None else State.WAITING,
        created_at=began,
        queue_at=began,
        answered_at=at(answered),
        closed_at=at(closed),
        **values,
    )
    if taken is not None:
        Assignment.objects.create(conversation=made, agent=agent, started_at=at(taken), ended_at=at(closed))
        Conversation.objects.filter(pk=made.pk).update(agent=agent)
    return made


def left(conversation, seconds):
    Event.objects.create(
        conversation=conversation,
        seq=1,
        pub_seq=1,
        kind=EventKind.STATE,
        author_kind="system",
        data={"state": "message", "reason": "visitor"},
        at=conversation.created_at + timedelta(seconds=seconds),
    )
    Conversation.objects.filter(pk=conversation.pk).update(state=State.MESSAGE, closed_at=None)


@pytest.fixture
def history(content):
    """Five conversations of one day: three answered, one given up, one left by the form and answered later."""
    agent = make_agent("Some Agent")
    first = opened(0, taken=10, answered=20, closed=310, agent=agent, topic="payment")
    second = opened(5, taken=30, answered=40, closed=630, agent=agent, topic="payment")
    opened(65, taken=50, answered=90, closed=950, agent=agent, topic="account", language="en")
    opened(70, closed=240, topic="account")
    left(opened(80, answered=3600), 0)
    Rating.objects.create(conversation=first, agent=agent, score=5, reasons=["fast"])
    Rating.objects.create(conversation=second, agent=agent, score=2, reasons=["slow", "not_solved"])
    SearchQuery.objects.create(
        day=timezone.localdate(START), language="en", text="refund", results=0, count=3
    )
    SearchQuery.objects.create(day=timezone.localdate(START), language="en", text="card", results=2, count=9)
    # Another day, which is none of ours.
    opened(60 * 24 * 3, taken=1, answered=1, closed=2, agent=agent)
    return agent


def test_every_figure_is_the_one_counted_by_hand(history):
    made = report(PERIOD)

    assert (made.opened, made.answered, made.abandoned, made.left) == (5, 3, 1, 1)
    assert made.by_hour[10] == 2
    assert made.by_hour[11] == 3
    assert sum(made.by_day.values()) == 5
    assert dict(made.by_topic) == {"payment": 2, "account": 2, "": 1}
    # 10, 30 and 50 s until somebody came, and 240 s until somebody gave up.
    assert (made.waiting.count, made.waiting.p50, made.waiting.p90, made.waiting.most) == (4, 30, 240, 240)
    assert (made.first_answer.count, made.first_answer.p50, made.first_answer.most) == (3, 40, 90)
    assert (made.duration.p50, made.duration.most) == (600, 900)
    assert (made.left_answer.count, made.left_answer.p50) == (1, 3600)
    assert (made.scores, made.average) == ({5: 1, 4: 0, 3: 0, 2: 1, 1: 0}, 3.5)
    assert made.response == pytest.approx(2 / 3)
    assert made.searches == [("refund", "en", 3)]
    (row,) = made.agents
    assert (row.name, row.conversations, row.first_answer.p50, row.ratings, row.average) == (
        "Some Agent",
        3,
        40,
        2,
        3.5,
    )


def test_a_report_is_narrowed_down_by_topic_and_language(history):
    narrow = Period(PERIOD.begin, PERIOD.end, "account", "en")

    assert report(narrow).opened == 1


def test_a_report_costs_the_same_however_much_happened(history, django_assert_max_num_queries):
    for number in range(30):
        opened(number, taken=1, answered=2, closed=3, agent=history)

    with django_assert_max_num_queries(14):
        report(PERIOD)


@pytest.fixture
def supervisor(client, content):
    boss = make_agent("Some Supervisor", supervisor=True)
    client.force_login(boss.user)
    return client


@pytest.mark.parametrize(
    "path", ["/desk/live/", "/desk/live/now/", "/desk/reports/", "/desk/reports/days.csv"]
)
def test_agents_find_no_pages_of_supervisors(client, content, path):
    client.force_login(make_agent().user)

    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "query, status",
    [
        ("", 200),
        ("?from=2026-03-02&to=2026-03-02", 200),
        ("?from=2026-03-03&to=2026-03-02", 422),
        ("?from=2020-01-01&to=2026-03-02", 422),
        ("?from=tomorrow", 422),
        ("?topic=no-such-topic", 422),
        ("?language=fr", 422),
    ],
)
def test_a_period_that_is_none_is_refused_beside_its_field(supervisor, query, status):
    assert supervisor.get(f"/desk/reports/{query}").status_code == status


def test_a_table_is_exported_for_spreadsheets_and_noted(supervisor, history):
    answer = supervisor.get("/desk/reports/agents.csv?from=2026-03-02&to=2026-03-02")

    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text[1:])))[1][:2] == ["Some Agent", "3"]
    assert AuditEntry.objects.filter(action="export.csv", target="report:agents").exists()
    assert supervisor.get("/desk/reports/nonsense.csv").status_code == 404


def test_the_live_view_shows_who_waits_and_who_is_there(supervisor):
    agent = make_agent("Some Agent", capacity=3)
    make_conversation(queue_at=timezone.now() - timedelta(minutes=7), topic="payment", hops=3)
    make_conversation(agent=agent, visitor_wrote_at=timezone.now() - timedelta(minutes=4))

    made = live()

    assert (made.waiting, made.active) == (1, 1)
    assert made.is_late
    assert [row.topic for row in made.queue] == ["payment"]
    shown = {one.name: one for one in made.agents}["Some Agent"]
    assert (shown.presence, shown.load, shown.capacity) == ("online", 1, 3)
    assert timedelta(minutes=3) < shown.unanswered < timedelta(minutes=6)
    assert [one.hops for one in made.alarmed] == [3]
    assert b"Some Agent" in supervisor.get("/desk/live/").content


def test_the_live_view_costs_the_same_however_much_goes_on(supervisor, django_assert_max_num_queries):
    for _ in range(12):
        make_conversation(agent=make_agent())
        make_conversation()

    with django_assert_max_num_queries(40):
        supervisor.get("/desk/live/now/")


def test_a_supervisor_sets_an_agent_away(supervisor):
    agent = make_agent()

    supervisor.post(f"/desk/live/agents/{agent.pk}/", {"status": "away"})

    agent.refresh_from_db()
    assert agent.status == "away"
    assert supervisor.post(f"/desk/live/agents/{agent.pk}/", {"status": "online"}).status_code == 404
