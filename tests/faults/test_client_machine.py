"""The rules of the contract for clients, one by one."""

from random import Random

import pytest

from tests.protocol_client.actions import (
    Acked,
    Close,
    ConnectAfter,
    Done,
    Refused,
    Shown,
    Stop,
    Transmit,
    Unknown,
)
from tests.protocol_client.machine import Machine

pytestmark = pytest.mark.once

WELCOME = {"type": "welcome", "epoch": "e1", "offers": []}


def visitor(**values):
    return Machine(token="t", conversation="c", chance=Random(1), **values)


def live(machine, now=0.0):
    machine.connected(now)
    machine.received(WELCOME, now)
    return machine


def event(number, mid=None):
    return {"type": "event", "conversation": "c", "event": {"n": number, "mid": mid, "kind": "message"}}


def sent(actions, kind="send"):
    return [
        action.frame for action in actions if isinstance(action, Transmit) and action.frame["type"] == kind
    ]


def numbers(machine):
    return [one["n"] for one in machine.streams["c"].events]


def test_hello_says_what_is_known_already():
    machine = live(visitor())
    machine.received(event(1), 0.0)
    machine.disconnected(1.0)

    assert sent(machine.connected(2.0), "hello") == [{"type": "hello", "v": 1, "token": "t", "after": 1}]


def test_what_has_no_answer_goes_out_again_and_the_connection_is_doubted():
    machine = live(visitor())
    machine.say("m1", "hello", 1.0)

    assert sent(machine.tick(8.9)) == []
    again = machine.tick(9.1)
    assert [frame["mid"] for frame in sent(again)] == ["m1"]
    assert len(sent(again, "ping")) == 1
    assert Close(4408) in machine.tick(13.2)


def test_a_doubted_connection_stays_when_anything_arrives():
    machine = live(visitor())
    machine.say("m1", "hello", 1.0)
    machine.tick(9.1)
    machine.received({"type": "pong"}, 10.0)

    assert Close(4408) not in machine.tick(13.2)


def test_a_verb_without_an_answer_goes_out_again():
    machine = live(Machine(chance=Random(1)))
    machine.do("close", "c", reason="solved")
    machine.tick(1.0)

    assert len(sent(machine.tick(9.1), "close")) == 1
    assert sent(machine.tick(9.2), "close") == []


def test_only_the_next_event_is_shown():
    machine = live(visitor())

    for number in (1, 1, 3, 2, 2, 5):
        machine.received(event(number), 0.0)

    assert numbers(machine) == [1, 2, 3]


def test_a_gap_is_asked_for_after_a_second():
    machine = live(visitor())
    machine.received(event(2), 0.0)

    assert sent(machine.tick(0.9), "sync") == []
    assert sent(machine.tick(1.0), "sync") == [{"type": "sync", "conversation": "c", "after": 0}]


def test_a_head_that_is_further_ahead_is_asked_for():
    machine = live(visitor())
    machine.received({"type": "ping", "heads": {"c": 2}}, 5.0)

    assert len(sent(machine.tick(6.0), "sync")) == 1


def test_what_arrived_is_confirmed_once():
    machine = live(visitor())
    machine.received(event(1), 0.0)
    machine.received(event(2), 0.0)

    assert sent(machine.tick(0.1), "got") == [{"type": "got", "conversation": "c", "n": 2}]
    assert sent(machine.tick(0.2), "got") == []


def test_what_is_unacknowledged_is_sent_again_in_order_after_a_welcome():
    machine = live(visitor(window=8))
    for mid in ("m1", "m2", "m3"):
        machine.say(mid, "text", 0.0)
    machine.received({"type": "ack", "conversation": "c", "mid": "m2", "n": 2, "dup": False}, 0.0)

    lost = machine.disconnected(1.0)

    assert [action.mid for action in lost if isinstance(action, Unknown)] == ["m1", "m3"]
    machine.connected(2.0)
    assert [frame["mid"] for frame in sent(machine.received(WELCOME, 2.0))] == ["m1", "m3"]
    assert machine.outbox.resends == 2


def test_what_was_written_offline_waits_for_the_welcome():
    machine = visitor()

    assert sent(machine.say("m1", "text", 0.0)) == []
    assert sent(machine.connected(1.0)) == []
    assert [frame["mid"] for frame in sent(machine.received(WELCOME, 1.0))] == ["m1"]


def test_a_window_of_one_lets_nothing_overtake_what_is_refused_for_the_moment():
    machine = live(visitor())
    machine.say("m1", "text", 0.0)

    assert sent(machine.say("m2", "text", 0.0)) == []
    machine.received({"type": "nack", "mid": "m1", "code": "unavailable", "retry_ms": 2000}, 1.0)
    assert sent(machine.tick(2.9)) == []
    assert [frame["mid"] for frame in sent(machine.tick(3.0))] == ["m1"]


def test_an_acknowledgement_lets_the_next_text_go():
    machine = live(visitor())
    machine.say("m1", "text", 0.0)
    machine.say("m2", "text", 0.0)

    actions = machine.received({"type": "ack", "conversation": "c", "mid": "m1", "n": 1, "dup": False}, 0.0)

    assert Acked("c", "m1", 1, False) in actions
    assert [frame["mid"] for frame in sent(actions)] == ["m2"]


def test_the_own_text_in_the_list_counts_as_sent():
    machine = live(visitor())
    machine.say("m1", "text", 0.0)

    assert Shown("c") in machine.received(event(1, "m1"), 0.0)
    assert len(machine.outbox) == 0


def test_a_text_that_is_refused_for_good_is_not_sent_again():
    machine = live(visitor())
    machine.say("m1", "text", 0.0)

    actions = machine.received({"type": "nack", "mid": "m1", "code": "closed"}, 0.0)

    assert Refused("c", "m1", "closed") in actions
    assert len(machine.outbox) == 0


def test_a_flood_warning_without_a_mid_sends_everything_again_later():
    machine = live(visitor())
    machine.say("m1", "text", 0.0)
    machine.received({"type": "nack", "code": "rate_limited", "retry_ms": 500}, 0.0)

    assert sent(machine.tick(0.4)) == []
    assert [frame["mid"] for frame in sent(machine.tick(0.5))] == ["m1"]


def test_two_pings_without_an_answer_end_the_connection():
    machine = live(visitor())

    assert len(sent(machine.tick(20.0), "ping")) == 1
    assert len(sent(machine.tick(40.0), "ping")) == 1
    assert machine.tick(60.0) == [Close(4408)]


def test_an_answer_keeps_the_connection():
    machine = live(visitor())
    for beat in range(1, 6):
        assert sent(machine.tick(20.0 * beat), "ping")
        machine.received({"type": "pong"}, 20.0 * beat)


def test_a_server_that_never_says_welcome_is_left():
    machine = visitor()
    machine.connected(0.0)

    assert machine.tick(8.0) == []
    assert machine.tick(8.1) == [Close(4408)]


def pauses(machine, count):
    found = []
    for _ in range(count):
        machine.connected(0.0)
        found += [one.seconds for one in machine.disconnected(0.0) if isinstance(one, ConnectAfter)]
    return found


@pytest.mark.parametrize("scale", [1.0, 0.1])
def test_pauses_are_random_and_grow_to_half_a_minute(scale):
    courses = [
        pauses(Machine(token="t", conversation="c", chance=Random(seed), scale=scale), 12)
        for seed in range(200)
    ]

    most = [max(course[place] for course in courses) / scale for place in range(12)]

    assert 2.5 < most[0] <= 3.0
    assert 1.2 < most[1] <= 1.6
    assert 25.0 < most[11] <= 30.0
    assert min(course[0] for course in courses) < 0.2 * scale


def test_http_has_to_do_after_three_failed_handshakes_of_a_visitor():
    def ways(machine):
        return [machine.disconnected(0.0)[-1].by_http for _ in range(4)]

    assert ways(visitor()) == [False, False, True, True]
    assert ways(Machine()) == [False] * 4


def test_a_welcome_ends_the_time_of_http():
    machine = visitor()
    for _ in range(3):
        machine.disconnected(0.0)

    live(machine)

    assert machine.disconnected(1.0)[-1].by_http is False


@pytest.mark.parametrize("code", [4400, 4401, 4403, 4409])
def test_whoever_is_not_wanted_stays_away(code):
    assert live(visitor()).disconnected(1.0, code) == [Stop(code)]


@pytest.mark.parametrize("code", [1006, 1012, 4408, 4429, 4503])
def test_every_other_end_is_followed_by_another_try(code):
    assert isinstance(live(visitor()).disconnected(1.0, code)[-1], ConnectAfter)


def test_another_epoch_starts_everything_anew():
    machine = live(visitor())
    machine.received(event(1), 0.0)
    machine.disconnected(1.0)
    machine.connected(2.0)

    actions = machine.received(WELCOME | {"epoch": "e2"}, 2.0)

    assert numbers(machine) == []
    assert sent(actions, "sync") == [{"type": "sync", "conversation": "c", "after": 0}]
    assert machine.full_syncs == 1


def test_a_drain_is_followed_at_a_moment_within_its_time():
    machine = live(visitor())
    machine.received({"type": "drain", "ms": 10000}, 0.0)

    assert machine.tick(10.0) == [Close(1000)]


def test_frames_of_tomorrow_break_nothing():
    machine = live(visitor())

    machine.received({"type": "confetti", "colour": "red"}, 0.0)
    machine.received(event(1) | {"event": {"n": 1, "kind": "hologram"}}, 0.0)

    assert numbers(machine) == [1]


def test_an_agents_verb_is_sent_until_it_is_answered():
    machine = live(Machine())
    machine.do("accept", "c")
    machine.disconnected(1.0)
    machine.connected(2.0)

    again = sent(machine.received(WELCOME, 2.0), "accept")
    actions = machine.received({"type": "ack", "ref": again[0]["ref"], "conversation": "c", "rev": 4}, 2.0)

    assert Done("accept", "c", None, 4) in actions
    assert sent(actions, "open")[0]["after"] == 0
    assert machine.say("m1", "text", 2.0, conversation="c")[0].frame["rev"] == 4


def test_a_conversation_that_went_to_somebody_else_is_taken_off_the_desk():
    machine = live(Machine())
    machine.do("accept", "c")
    machine.received({"type": "ack", "ref": "r1", "conversation": "c", "rev": 1}, 0.0)

    machine.received({"type": "gone", "conversation": "c", "reason": "reassigned"}, 0.0)

    assert machine.streams == {}
