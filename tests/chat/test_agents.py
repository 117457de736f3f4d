"""Agents as the people who sign in."""

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied

from chat.core.tokens import ALPHABET
from chat.models import Agent
from chat.services import agents
from chat.services.agents import agent_of, may_supervise
from tests.chat.cast import group

pytestmark = pytest.mark.django_db


def user(role="Agents", login="wang.fang", **values):
    made = get_user_model().objects.create_user(login, password="pass-for-tests", **values)
    if role:
        made.groups.add(group(role))
    return made


def test_an_agent_is_made_at_the_first_coming_and_found_again():
    person = user()

    first, again = agent_of(person), agent_of(person)

    assert first == again
    assert Agent.objects.count() == 1
    assert first.status == "offline"


def test_customers_see_the_full_name():
    assert agent_of(user(first_name="Fang", last_name="Wang")).name == "Fang Wang"


def test_customers_never_see_a_login_name():
    name = agent_of(user(login="wang.fang")).name

    assert name
    assert "wang" not in name.lower()


def test_the_code_to_verify_an_agent_can_be_read_out():
    code = agent_of(user()).verify_code

    assert len(code) == 6
    assert set(code) <= set(ALPHABET)


def test_another_code_is_found_when_one_is_taken(monkeypatch):
    agent_of(user())
    taken, another = Agent.objects.get().verify_code, user(login="li.na")
    letters = iter(taken + "ABCDEF")
    monkeypatch.setattr(agents.secrets, "choice", lambda alphabet: next(letters))

    assert agent_of(another).verify_code == "ABCDEF"


@pytest.mark.parametrize("role, active", [(None, True), ("Editors", True), ("Agents", False)])
def test_who_may_not_answer_is_no_agent(role, active):
    with pytest.raises(PermissionDenied):
        agent_of(user(role, is_active=active))

    assert not Agent.objects.exists()


@pytest.mark.parametrize(
    "role, active, may", [("Supervisors", True, True), ("Supervisors", False, False), ("Agents", True, False)]
)
def test_only_active_supervisors_supervise(role, active, may):
    assert may_supervise(user(role, is_active=active)) is may
