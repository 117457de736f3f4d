"""What operators' machines ask: alive, ready, figures."""

import json
import logging
from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from chat.delivery.process import process
from chat.models import Duty
from helpcenter.logs import JsonFormatter, request_id
from helpcenter.watch import readiness as checks
from helpcenter.watch.application import Watched
from helpcenter.watch.middleware import RequestFigures
from tests.asgi_client import ask
from tests.chat.cast import make_agent, make_conversation

NEAR, FAR = ("127.0.0.1", 4711), ("203.0.113.9", 4711)


async def _nothing_else(scope, receive, send):
    raise AssertionError("This is not for the application.")


@pytest.fixture(scope="module")
def watched():
    return Watched(_nothing_else)


def get(watched, path, *, client=NEAR, **headers):
    return ask(watched, path, client=client, headers=headers)


@pytest.fixture
def ticking(transactional_db):
    Duty.objects.create(name="ticker", holder=uuid4(), expires_at=timezone.now() + timedelta(seconds=10))


def figures(watched):
    families = text_string_to_metric_families(get(watched, "/metrics").text)
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in families
        for sample in family.samples
    }


def test_a_process_is_alive_when_nothing_else_works(watched):
    reply = get(watched, "/healthz")

    assert (reply.status, reply.text) == (200, "ok\n")


def test_a_process_is_ready_when_every_check_passes(watched, ticking):
    reply = get(watched, "/readyz")

    assert (reply.status, json.loads(reply.text)["ready"]) == (200, True)


def test_a_process_is_not_ready_when_nobody_ticks(watched, transactional_db):
    reply = get(watched, "/readyz")

    assert reply.status == 503
    assert json.loads(reply.text)["checks"] == {
        "database": "ok",
        "layer": "ok",
        "ticker": "nobody does what falls due",
        "disk": "ok",
    }


def test_a_process_is_not_ready_when_the_disk_is_nearly_full(watched, ticking, monkeypatch):
    monkeypatch.setattr(checks, "LEAST_FREE_BYTES", 2**70)

    reply = get(watched, "/readyz")

    assert (reply.status, json.loads(reply.text)["checks"]["disk"]) == (503, "the disk is nearly full")


def test_a_process_is_not_ready_when_it_ends(watched, monkeypatch):
    monkeypatch.setattr(type(process), "is_draining", True)

    assert get(watched, "/readyz").status == 503


@pytest.mark.parametrize(
    "client, headers, status",
    [
        (NEAR, {}, 200),
        (FAR, {}, 404),
        (NEAR, {"x-forwarded-for": "203.0.113.9"}, 404),
        (FAR, {"authorization": "Bearer a-token-for-figures-1"}, 200),
        (FAR, {"authorization": "Bearer a-token-for-figures-2"}, 404),
    ],
)
def test_figures_are_shown_to_those_who_may_see_them(
    watched, transactional_db, settings, client, headers, status
):
    settings.METRICS_TOKEN = "a-token-for-figures-1"

    assert get(watched, "/metrics", client=client, **headers).status == status


def test_figures_tell_of_conversations_and_the_oldest_one(watched, transactional_db, monkeypatch):
    monkeypatch.setattr("helpcenter.watch.figures.KEPT_SECONDS", -1)
    make_agent()
    make_conversation(queue_at=timezone.now() - timedelta(minutes=2))
    make_conversation()

    found = figures(watched)

    assert found["helpcenter_chat_conversations", "waiting"] == 2
    assert found["helpcenter_chat_conversations", "active"] == 0
    assert 115 < found["helpcenter_chat_oldest_waiting_seconds",] < 180
    assert found["helpcenter_chat_agents_online",] == 1


def test_requests_are_counted_by_route_and_never_by_address(watched, client, transactional_db):
    client.get("/api/chat/conversations/3f2b8c1e-7d4a-4b6c-9e1f-0a1b2c3d4e5f/transcript")
    client.get("/api/chat/no/such/address")

    labels = " ".join(str(key) for key in figures(watched))

    assert "api/chat/conversations/<uuid:conversation>/transcript" in labels
    assert "3f2b8c1e" not in labels
    assert "no/such" not in labels


@pytest.mark.parametrize(
    "given, kept", [("abcdef-123456", True), ("no spaces please", False), ("short", False)]
)
def test_the_proxys_number_of_a_request_is_kept_when_it_is_one(given, kept):
    seen = []
    middleware = RequestFigures(lambda request: seen.append(request_id.get()) or HttpResponse())
    request = RequestFactory().get("/", headers={"X-Request-ID": given})
    request.resolver_match = None

    answer = middleware(request)

    assert seen == [answer["X-Request-ID"]]
    assert (seen[0] == given) is kept
    assert request_id.get() == ""


def test_log_lines_carry_the_number_of_their_request():
    record = logging.LogRecord("helpcenter", logging.INFO, "", 0, "Something happened", (), None)
    token = request_id.set("number-of-this-request")
    try:
        line = json.loads(JsonFormatter().format(record))
    finally:
        request_id.reset(token)

    assert line["request_id"] == "number-of-this-request"
