"""Frames of clients: what is understood, and that nothing else is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.core import frame_parser
from chat.core.frame_parser import parse_agent_frame, parse_visitor_frame
from chat.core.frames import Accept, BadFrame, Got, Hello, Ping, Transfer
from chat.core.terms import MAX_ATTACHMENTS

MID = "3f2b8c1e-7d4a-4b6c-9e1f-0a1b2c3d4e5f"
# Lone surrogates too, which JSON can spell and UTF-8 can't.
texts = st.text(st.characters())
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
)
keys = st.sampled_from(
    [
        "type",
        "v",
        "token",
        "after",
        "open",
        "conversation",
        "mid",
        "text",
        "attachments",
        "visibility",
        "rev",
        "n",
        "heads",
        "status",
        "agent",
        "topic",
        "note",
        "reason",
        "ref",
    ]
)
types = st.sampled_from([*frame_parser._AGENT, "unknown"])


def parsed(parse, raw):
    try:
        return parse(raw)
    except BadFrame as problem:
        return problem


@given(texts)
def test_any_text_is_a_frame_or_a_bad_one(raw):
    assert parsed(parse_visitor_frame, raw)
    assert parsed(parse_agent_frame, raw)


@given(types, st.dictionaries(keys, anything | st.just(MID) | st.integers(0, 9), max_size=8))
def test_any_object_is_a_frame_or_a_bad_one(kind, values):
    raw = json.dumps({**values, "type": kind})

    assert parsed(parse_visitor_frame, raw)
    assert parsed(parse_agent_frame, raw)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.integers(0, 2**53))
def test_what_is_sent_is_what_is_understood(text, rev):
    frame = parse_agent_frame(
        json.dumps({"type": "send", "conversation": MID, "mid": MID, "text": text, "rev": rev})
    )

    assert (frame.text, frame.rev, str(frame.conversation), frame.mid) == (text, rev, MID, MID)


@pytest.mark.parametrize("depth, fits", [(8, True), (9, False), (2000, False)])
def test_deep_frames_are_bad_and_nothing_worse(depth, fits):
    raw = '{"type":"ping","heads":' + "[" * (depth - 1) + "]" * (depth - 1) + "}"

    with pytest.raises(BadFrame) as problem:
        parse_visitor_frame(raw)
    assert ("deep" in str(problem.value)) is not fits


def test_brackets_in_a_text_are_no_depth():
    frame = parse_visitor_frame(json.dumps({"type": "send", "mid": MID, "text": '[{"\\' * 100}))

    assert frame.text == '[{"\\' * 100


def test_a_bad_frame_names_itself_where_it_can():
    with pytest.raises(BadFrame) as problem:
        parse_agent_frame(json.dumps({"type": "send", "conversation": MID, "mid": MID, "text": 7}))
    assert problem.value.mid == MID

    with pytest.raises(BadFrame) as problem:
        parse_agent_frame(json.dumps({"type": "accept", "conversation": "x", "ref": "r1"}))
    assert problem.value.ref == "r1"


SURROGATE, NUL = "\ud800", "\x00"


@pytest.mark.parametrize("sign", [SURROGATE, NUL])
@pytest.mark.parametrize(
    "values",
    [
        {"type": "hello", "v": 1, "token": "key{}"},
        {"type": "accept", "conversation": MID, "ref": "{}"},
        {"type": "close", "conversation": MID, "reason": "solved{}"},
        {"type": "transfer", "conversation": MID, "topic": "cards", "note": "look{}"},
    ],
)
def test_a_frame_is_bad_when_a_text_of_it_can_not_be_stored(values, sign):
    parse = parse_visitor_frame if values["type"] == "hello" else parse_agent_frame
    written = {key: value.format(sign) if type(value) is str else value for key, value in values.items()}
    plain = {key: value.format("") if type(value) is str else value for key, value in values.items()}

    assert parse(json.dumps(plain))
    with pytest.raises(BadFrame):
        parse(json.dumps(written))


def test_a_refusal_never_repeats_a_ref_that_can_not_be_sent():
    with pytest.raises(BadFrame) as problem:
        parse_agent_frame(json.dumps({"type": "accept", "conversation": "x", "ref": SURROGATE}))

    assert problem.value.ref is None


@pytest.mark.parametrize(
    "n", ["true", "1.0", "1e999", "-1", "0", '"1"', "null", "NaN", str(2**53 + 1), "9" * 9000]
)
def test_only_whole_numbers_in_range_confirm_anything(n):
    with pytest.raises(BadFrame):
        parse_visitor_frame(f'{{"type":"got","n":{n}}}')


@pytest.mark.parametrize("n", [1, 2**53])
def test_the_least_and_the_greatest_number_are_understood(n):
    assert parse_visitor_frame(f'{{"type":"got","n":{n}}}') == Got(None, n)


def ids(count):
    return [f"3f2b8c1e-7d4a-4b6c-9e1f-{number:012x}" for number in range(count)]


@pytest.mark.parametrize(
    "values, most",
    [
        (lambda found: {"type": "hello", "v": 1, "open": [{"conversation": one} for one in found]}, 50),
        (lambda found: {"type": "ping", "heads": dict.fromkeys(found, 1)}, 200),
        (
            lambda found: {"type": "send", "conversation": MID, "mid": MID, "text": "", "attachments": found},
            MAX_ATTACHMENTS,
        ),
    ],
)
def test_lists_are_as_long_as_they_may_be_and_no_longer(values, most):
    assert parse_agent_frame(json.dumps(values(ids(most))))
    with pytest.raises(BadFrame):
        parse_agent_frame(json.dumps(values(ids(most + 1))))


@pytest.mark.parametrize(
    "mid", [MID.upper(), MID.replace("-", ""), f"{{{MID}}}", MID + "\n", MID.replace("-4", "-1", 1)]
)
def test_a_mid_has_one_spelling(mid):
    with pytest.raises(BadFrame) as problem:
        parse_visitor_frame(json.dumps({"type": "send", "mid": mid, "text": "x"}))
    assert problem.value.mid is None


@pytest.mark.parametrize("key, value", [("visibility", "public"), ("rev", 1), ("ref", "a")])
def test_what_only_agents_may_say_is_bad_from_a_visitor(key, value):
    with pytest.raises(BadFrame) as problem:
        parse_visitor_frame(json.dumps({"type": "send", "mid": MID, "text": "x", key: value}))
    assert problem.value.mid == MID


@pytest.mark.parametrize("kind", ["got", "read", "typing", "sync", "send"])
def test_agents_say_which_conversation_they_mean(kind):
    values = {"got": {"n": 1}, "read": {"n": 1}, "sync": {"after": 0}, "send": {"mid": MID, "text": "x"}}
    raw = json.dumps({"type": kind, **values.get(kind, {})})

    assert parse_visitor_frame(raw)
    with pytest.raises(BadFrame):
        parse_agent_frame(raw)


@pytest.mark.parametrize("given", [{}, {"agent": 3, "topic": "cards"}, {"agent": 0}, {"topic": "no slug"}])
def test_a_conversation_is_handed_to_one_agent_or_one_topic(given):
    with pytest.raises(BadFrame):
        parse_agent_frame(json.dumps({"type": "transfer", "conversation": MID, **given}))


@pytest.mark.parametrize("topic", ["cards", "bank_cards", "Cards-2", "x" * 50])
def test_a_topic_may_have_any_slug_that_a_category_may_have(topic):
    frame = parse_agent_frame(json.dumps({"type": "transfer", "conversation": MID, "topic": topic}))

    assert frame == Transfer(frame.conversation, None, topic, "")


@given(
    st.text(st.characters(codec="utf-8", exclude_characters=NUL), max_size=64) | st.integers(-(2**53), 2**53)
)
def test_a_ref_comes_back_as_it_was_given(ref):
    frame = parse_agent_frame(json.dumps({"type": "accept", "conversation": MID, "ref": ref}))

    assert frame == Accept(frame.conversation, ref)
    assert type(frame.ref) is type(ref)


@given(st.dictionaries(st.uuids().map(str), st.integers(0, 2**53), max_size=20))
def test_heads_are_understood(heads):
    assert parse_visitor_frame(json.dumps({"type": "ping", "heads": heads})) == Ping(heads)


def test_a_visitor_who_knows_nothing_yet_starts_at_nought():
    assert parse_visitor_frame('{"type":"hello","v":1,"token":"key"}') == Hello("key", 0)
