"""Supervisors say who answers what."""

import pytest

from chat.models import Rating
from helpcenter.accounts.models import AuditEntry
from tests.chat.cast import make_agent, make_conversation


@pytest.fixture
def supervisor(client, content):
    user = make_agent("Some Supervisor", supervisor=True).user
    user.is_staff = True
    user.save()
    client.force_login(user)
    return client


def form(agent, **values):
    known = {"name": agent.name, "verify_code": agent.verify_code, "capacity": agent.capacity}
    return known | values


def test_topics_languages_and_capacity_are_chosen(supervisor):
    agent = make_agent()

    supervisor.post(
        f"/admin/chat/agent/{agent.pk}/change/",
        form(agent, topics=["payment", "security"], languages=["en"], capacity=2),
    )

    agent.refresh_from_db()
    assert (agent.topics, agent.languages, agent.capacity) == (["payment", "security"], ["en"], 2)
    entry = AuditEntry.objects.get(action="settings.agent")
    assert entry.target == f"agent:{agent.pk}"


@pytest.mark.parametrize("wrong", [{"topics": ["no-such-topic"]}, {"capacity": 0}, {"name": ""}])
def test_nothing_changes_when_something_is_wrong(supervisor, wrong):
    agent = make_agent("Some Agent")

    answer = supervisor.post(f"/admin/chat/agent/{agent.pk}/change/", form(agent, **wrong))

    agent.refresh_from_db()
    assert answer.status_code == 200
    assert (agent.name, agent.topics, agent.capacity) == ("Some Agent", [], 4)


def test_ratings_can_be_read_and_not_changed(supervisor):
    rating = Rating.objects.create(conversation=make_conversation(agent=make_agent()), score=2)

    assert b"2" in supervisor.get("/admin/chat/rating/").content
    assert supervisor.post(f"/admin/chat/rating/{rating.pk}/change/", {"score": 5}).status_code == 403
