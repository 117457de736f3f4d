"""Forms of English words, the gist of Chinese phrases, and how Chinese sounds."""

import pytest

from faq.core.chinese import gist
from faq.core.english import is_stop_word, stem
from faq.core.sounds import abbreviations, readings, sound_key, spellings


@pytest.mark.parametrize(
    "forms",
    [
        ("freeze", "freezing", "froze", "frozen"),
        ("verify", "verifies", "verified", "verifying", "verification"),
        ("payment", "payments", "pay", "paid", "paying"),
        ("stop", "stops", "stopped", "stopping"),
        ("charge", "charges", "charged"),
        ("forgot", "forget", "forgotten"),
    ],
)
def test_forms_of_a_word_share_a_stem(forms):
    assert len(set(map(stem, forms))) == 1


@pytest.mark.parametrize(
    ("word", "other"), [("pass", "pas"), ("news", "new"), ("address", "add"), ("cache", "cash")]
)
def test_different_words_keep_different_stems(word, other):
    assert stem(word) != stem(other)


def test_stop_words_are_known_without_apostrophe():
    assert is_stop_word("dont")
    assert not is_stop_word("password")


@pytest.mark.parametrize(
    ("said", "meant"),
    [("短信一直没来", "短信没来"), ("我的密码忘了", "密码忘"), ("怎么办", "怎么办"), ("被盗了", "被盗")],
)
def test_gist_drops_what_people_put_in_between(said, meant):
    assert gist(said) == meant


def test_pinyin_is_split_in_every_way():
    assert {("xian",), ("xi", "an")} <= set(spellings("xian"))


def test_pinyin_may_end_in_the_middle_of_a_syllable():
    assert spellings("wangjim")[0] == ("wang", "ji", "m")


@pytest.mark.parametrize("letters", ["password", "wjmm", "x1", "", "ü" * 3, "a" * 500])
def test_text_is_no_pinyin_when_it_cannot_be_split(letters):
    assert spellings(letters) == ()


def test_abbreviation_mixes_first_letters_and_syllables():
    assert ("w", "j", "mi", "ma") in abbreviations("wjmima")


def test_confusable_syllables_share_a_key():
    assert sound_key(("zhang", "lin")) == sound_key(("zan", "ning"))
    assert sound_key(("mi", "ma")) != sound_key(("ma", "mi"))


def test_character_with_two_readings_is_read_both_ways():
    assert {("chong", "zhi"), ("zhong", "zhi")} <= set(readings("重置"))
