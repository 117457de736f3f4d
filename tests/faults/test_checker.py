"""The checker itself: for each promise a history that keeps it and one that breaks it."""

from dataclasses import replace

import pytest

from tests.faults.checker import check, names
from tests.faults.history import Dump, History, Row, Talk, digest
from tests.faults.invariants.rights import last_readable

pytestmark = pytest.mark.once

ONE, TWO = (
    Row(1, 1, "message", "visitor", mid="m1", text="one"),
    Row(2, 2, "message", "visitor", mid="m2", text="two"),
)
NOTE = Row(3, None, "note", "agent", author=7, mid="m3", text="aside")
TALK = Talk("c", 3, 2, (ONE, TWO, NOTE))
INVOKES = [
    {"op": "invoke", "client": "v", "conversation": "c", "mid": "m1", "hash": digest("one")},
    {"op": "ok", "client": "v", "conversation": "c", "mid": "m1", "n": 1, "role": "visitor"},
    {"op": "invoke", "client": "v", "conversation": "c", "mid": "m2", "hash": digest("two")},
    {"op": "unknown", "client": "v", "conversation": "c", "mid": "m2"},
    {
        "op": "invoke",
        "client": "a",
        "conversation": "c",
        "mid": "m3",
        "hash": digest("aside"),
        "internal": True,
    },
]


def item(row, role="visitor"):
    return [row.number(role), row.mid, row.kind, digest(row.text)]


def shown(*items, role="visitor", client="v", op="final", **values):
    return {"op": op, "client": client, "role": role, "conversation": "c", "list": list(items), **values}


SEEN = shown(item(ONE), item(TWO))
SETTLED = {"op": "settled", "client": "v"}


def judge(*records, talk=TALK, evidence=None, **dump):
    history = History.of(record | {"at": number} for number, record in enumerate(records))
    return names(check(history, Dump({"c": talk}, **dump), evidence))


def test_nothing_is_reported_when_every_promise_is_kept():
    agents = shown(*(item(row, "agent") for row in TALK.rows), role="agent", client="a", agent=None)

    assert judge(*INVOKES, SEEN, agents, SETTLED) == set()


@pytest.mark.parametrize(
    "change",
    [
        {"rows": (TWO, NOTE), "seq": 2, "pub_seq": 1},
        {"rows": (replace(ONE, text="another"), TWO, NOTE)},
        {"rows": (replace(ONE, seq=2, pub_seq=2), replace(TWO, seq=1, pub_seq=1), NOTE)},
    ],
    ids=["lost", "another text", "another number"],
)
def test_i1_is_reported_when_an_acknowledged_text_is_not_as_it_was(change):
    assert "I1" in judge(*INVOKES, talk=replace(TALK, **change))


def test_i2_is_reported_when_a_text_is_stored_twice():
    again = replace(ONE, seq=4, pub_seq=3)

    assert judge(*INVOKES, talk=replace(TALK, seq=4, pub_seq=3, rows=(*TALK.rows, again))) == {"I2"}


def test_i2_is_reported_when_nobody_sent_what_is_stored():
    assert judge(*INVOKES[:2], *INVOKES[4:]) == {"I2"}


def test_i2_is_reported_when_a_text_was_resent_to_the_end_and_is_missing():
    rows = (ONE, replace(NOTE, seq=2))

    assert judge(*INVOKES, SETTLED, talk=Talk("c", 2, 1, rows)) == {"I2"}
    assert judge(*INVOKES, talk=Talk("c", 2, 1, rows)) == set()


@pytest.mark.parametrize("change", [{"seq": 4}, {"pub_seq": 3}, {"rows": (ONE, TWO, replace(NOTE, seq=2))}])
def test_i3_is_reported_when_numbers_are_missing_or_given_twice(change):
    assert judge(*INVOKES, talk=replace(TALK, **change)) == {"I3"}


@pytest.mark.parametrize(
    "items",
    [
        [item(ONE)],
        [item(ONE), [*item(TWO)[:3], digest("else")]],
        [item(ONE), [2, "m9", "message", digest("two")]],
    ],
    ids=["one is missing", "another text", "another message"],
)
def test_i4_is_reported_when_a_side_shows_something_else_in_the_end(items):
    assert judge(*INVOKES, shown(*items)) == {"I4"}


def test_i5_is_reported_when_a_list_had_a_hole_at_any_time():
    assert judge(*INVOKES, shown(item(TWO), op="shown"), SEEN) == {"I5"}


def test_i6_is_reported_when_one_senders_texts_change_places():
    first, second = replace(ONE, seq=2, pub_seq=2), replace(TWO, seq=1, pub_seq=1)
    records = [INVOKES[0], INVOKES[2], INVOKES[4]]

    assert judge(*records, talk=replace(TALK, rows=(second, first, NOTE))) == {"I6"}


def test_i6_is_reported_when_a_text_comes_before_one_that_was_acknowledged_earlier():
    late = {"op": "invoke", "client": "b", "conversation": "c", "mid": "m1", "hash": digest("one")}
    ok = {"op": "ok", "client": "v", "conversation": "c", "mid": "m2", "n": 2, "role": "visitor"}

    assert judge(INVOKES[2], INVOKES[4], ok, late) == {"I6"}
    assert judge(late, INVOKES[2], INVOKES[4], ok) == set()


def test_i7_is_reported_when_a_visitor_holds_a_note():
    held = shown(item(ONE), item(TWO), [3, "m3", "note", digest("aside")], op="shown")

    assert judge(*INVOKES, held, SEEN) == {"I7"}


def test_i7_is_reported_when_somebody_holds_a_text_of_another_conversation():
    other = {"op": "invoke", "client": "x", "conversation": "d", "mid": "m9", "hash": digest("theirs")}
    held = shown(item(ONE), [2, "m9", "message", digest("theirs")], op="shown")

    assert judge(*INVOKES, other, held, SEEN) == {"I7"}


def handed_over():
    rows = (
        ONE,
        Row(2, 2, "assigned", "system", data={"agent_id": 7}),
        Row(3, 3, "state", "system", data={"state": "waiting"}),
        Row(4, 4, "assigned", "system", data={"agent_id": 8}),
        Row(5, 5, "message", "visitor", mid="m2", text="two"),
    )
    return Talk("c", 5, 5, rows, "active", 8)


def test_i7_is_reported_when_an_agent_holds_what_came_after_their_time():
    held = [item(row, "agent") for row in handed_over().rows]

    def seen(count, agent):
        return shown(*held[:count], role="agent", client="a", op="shown", agent=agent)

    assert judge(*INVOKES[:4], seen(3, 7), seen(5, 8), talk=handed_over()) == set()
    assert judge(*INVOKES[:4], seen(4, 7), talk=handed_over()) == {"I7"}


def test_whoever_had_a_conversation_may_read_it_when_it_has_ended():
    closed = replace(
        handed_over(), rows=(*handed_over().rows, Row(6, 6, "state", "system", data={"state": "closed"}))
    )

    assert (last_readable(closed, 7), last_readable(closed, 8), last_readable(closed, 9)) == (6, 6, 3)


def test_i8_is_reported_when_two_agents_took_one_assignment():
    takes = [{"op": "accepted", "client": name, "conversation": "c", "rev": 1} for name in "ab"]

    assert judge(*INVOKES, takes[0]) == set()
    assert judge(*INVOKES, *takes) == {"I8"}


@pytest.mark.parametrize(
    "talk, capacity, stale, broken",
    [
        (replace(TALK, agent=7, assignments=((8, 1.0, 2.0), (7, 2.0, None))), {7: 1, 8: 1}, (), set()),
        (replace(TALK, agent=7, assignments=((8, 1.0, 2.5), (7, 2.0, None))), {7: 1, 8: 1}, (), {"I8"}),
        (replace(TALK, agent=8, assignments=((7, 2.0, None),)), {7: 1, 8: 1}, (), {"I8"}),
        (replace(TALK, agent=7, assignments=((7, 2.0, None),)), {7: 0}, (), {"I8"}),
        (TALK, {}, ("c",), {"I8"}),
    ],
    ids=["kept", "two at a time", "another one", "above capacity", "left alone"],
)
def test_i8_is_reported_when_assignments_overlap_or_an_agent_has_too_many(talk, capacity, stale, broken):
    assert judge(*INVOKES, talk=talk, capacity=capacity, stale=stale) == broken


@pytest.mark.parametrize(
    "cursor, broken",
    [
        (("visitor", 2, 1), set()),
        (("agent", 3, 3), set()),
        (("visitor", 3, 1), {"I9"}),
        (("agent", 1, 2), {"I9"}),
    ],
)
def test_i9_is_reported_when_a_cursor_is_beyond_what_there_is(cursor, broken):
    assert judge(*INVOKES, talk=replace(TALK, cursors=(cursor,))) == broken


def test_i9_is_reported_when_a_cursor_goes_back_within_a_connection():
    def told(delivered, connection):
        place = {"conversation": "c", "who": "agent", "delivered": delivered, "read": 0}
        return {"op": "cursor", "client": "v", "role": "visitor", "connection": connection, **place}

    assert judge(*INVOKES, told(1, 1), told(2, 1), told(1, 2)) == set()
    assert judge(*INVOKES, told(2, 1), told(1, 1)) == {"I9"}
    assert judge(*INVOKES, told(3, 1)) == {"I9"}


@pytest.mark.parametrize("place", ["raw", "logs"])
def test_i10_is_reported_when_a_planted_secret_is_found_anywhere(place):
    planted = INVOKES[0] | {"planted": ["4111111111111111"]}
    text = "… 4111111111111111 …"
    found = {"raw": text} if place == "raw" else {"evidence": {"logs": text}}

    assert judge(planted, *INVOKES[1:]) == set()
    assert judge(planted, *INVOKES[1:], **found) == {"I10"}


@pytest.mark.parametrize(
    "used, broken",
    [
        ({"rss": 2**27, "files": 30, "connections": 9}, set()),
        ({"rss": 2**30, "files": 30}, {"I11"}),
        ({"rss": 2**27, "files": 90}, {"I11"}),
        ({"rss": 2**27, "files": 30, "connections": 90}, {"I11"}),
    ],
)
def test_i11_is_reported_when_a_process_grows_without_bound(used, broken):
    start = {"op": "resources", "client": "machine", "process": "daphne", "phase": "baseline"}
    baseline = start | {"rss": 2**26, "files": 25, "connections": 5}

    assert judge(*INVOKES, baseline, start | {"phase": "healed"} | used) == broken
