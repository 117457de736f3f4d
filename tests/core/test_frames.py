"""Frames of clients: what is understood, and that nothing else is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.core import frame_parser
from chat.core.frame_parser import parse_agent_frame, parse_visitor_frame
from chat.core.frames import BadFrame
from chat.core.terms import Nack
from chat.core.text import TextRefused, clean_text

MID = "3f2b8c1e-7d4a-4b6c-9e1f-0a1b2c3d4e5f"
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
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


@given(st.text())
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


@pytest.mark.parametrize(
    "typed, clean",
    [
        ("  hello \r\n there ", "hello \n there"),
        ("e\u0301", "é"),
        ("a\x00b\x07c\x7f", "abc"),
        ("right\u202eleft\u2066", "rightleft"),
        ("tab\tstays", "tab\tstays"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
    ],
)
def test_a_text_is_cleaned(typed, clean):
    assert clean_text(typed) == clean


@pytest.mark.parametrize(
    "text, code",
    [
        ("", Nack.EMPTY),
        ("\u200b\u2060 \ufeff", Nack.EMPTY),
        ("\x00", Nack.EMPTY),
        ("x" * 2001, Nack.TOO_LONG),
    ],
)
def test_a_text_that_can_not_be_sent_is_refused(text, code):
    with pytest.raises(TextRefused) as problem:
        clean_text(text)
    assert problem.value.code == code


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text):
    try:
        once = clean_text(text)
    except TextRefused:
        return
    assert clean_text(once) == once
    assert 1 <= len(once) <= 2000
    once.encode()
