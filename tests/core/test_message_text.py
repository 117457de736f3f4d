"""What becomes of a text before anybody looks at it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.core.terms import MAX_TEXT, Nack
from chat.core.text import TextRefused, clean_text

# Lone surrogates too, which JSON can spell and UTF-8 can't.
texts = st.text(st.characters())


@pytest.mark.parametrize(
    "typed, clean",
    [
        ("  hello \r\n there ", "hello \n there"),
        ("one\rtwo\u2028three\u2029four\x85five", "one\ntwo\nthree\nfour\nfive"),
        ("e\u0301", "é"),
        ("a\x00b\x07c\x7f", "abc"),
        ("right\u202eleft\u2066", "rightleft"),
        ("half \ud83d of a pair", "half  of a pair"),
        ("e\x00\u0301", "é"),
        ("tab\tstays", "tab\tstays"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
    ],
)
def test_a_text_is_cleaned(typed, clean):
    assert clean_text(typed) == clean


@pytest.mark.parametrize(
    "text",
    [
        *("", " \n\t", "\x00", "\u202e", "\ud800", "\u200b\u2060 \ufeff"),
        *"\u200d\u034f\ufe0f\u061c\u180b\u206a\u2800\u3164\uffa0\U000e0020",
    ],
)
def test_a_text_that_shows_nothing_is_empty(text):
    with pytest.raises(TextRefused) as problem:
        clean_text(text)
    assert problem.value.code == Nack.EMPTY


@pytest.mark.parametrize("sign", ["x", "汉", "😀"])
def test_a_text_may_be_as_long_as_the_limit_and_no_longer(sign):
    assert clean_text(sign * MAX_TEXT) == sign * MAX_TEXT
    with pytest.raises(TextRefused) as problem:
        clean_text(sign * (MAX_TEXT + 1))
    assert problem.value.code == Nack.TOO_LONG


def test_only_what_remains_counts_towards_the_limit():
    assert clean_text(" " + "e\u0301" * MAX_TEXT + "\x00\n") == "é" * MAX_TEXT


@given(texts)
def test_cleaning_twice_is_cleaning_once(text):
    try:
        once = clean_text(text)
    except TextRefused:
        return
    assert clean_text(once) == once
    assert 1 <= len(once) <= MAX_TEXT
    once.encode()
