"""An agent's code can be checked by the customer; whatever else is typed gets the same careful words."""

import pytest

from chat.services.verify_codes import is_working_code
from tests.chat.cast import make_agent

PAGE = "/en/official/"
UNKNOWN = "is not on our list. Treat it as not ours."

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent():
    return make_agent("Wenqing", verify_code="7F3K92")


@pytest.mark.parametrize("name", ["code", "q"])
def test_a_working_agents_code_is_named_with_care(visitor, content, agent, name):
    text = visitor.get(PAGE, {name: f" {agent.verify_code.lower()} "}).content.decode()

    assert "is the code of one of our agents" in text
    assert "Names and codes can be copied" in text
    assert agent.name not in text


@pytest.mark.parametrize("code", ["ZZZZZZ", "x", "?" * 150, "' OR 1=1 --", "1234\x005", "<b>"])
def test_unknown_and_malformed_codes_get_the_same_words(visitor, content, agent, code):
    response = visitor.get(PAGE, {"code": code})

    assert response.status_code == 200
    assert UNKNOWN in response.content.decode()


def test_the_code_of_a_closed_account_is_unknown(visitor, content, agent):
    agent.user.is_active = False
    agent.user.save()

    assert UNKNOWN in visitor.get(PAGE, {"code": agent.verify_code}).content.decode()


def test_letters_that_are_misread_are_taken_as_meant(agent):
    agent.verify_code = "0A1B1C"
    agent.save()

    assert is_working_code("oai-b l c")


def test_codes_can_not_be_found_by_trying(visitor, content, agent, settings):
    settings.OFFICIAL_CHECK_RATE = "2/h"
    for _ in range(2):
        visitor.get(PAGE, {"code": "ZZZZZZ"})

    refused = visitor.get(PAGE, {"code": agent.verify_code})

    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert "one of our agents" not in refused.content.decode()
