"""Folding texts for search."""

import pytest

from faq.core.text import (
    QUERY_MAX_CHARS,
    fold,
    is_searchable,
    mainland_wording,
    normalise,
    normalise_query,
    runs,
)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ＴｏＰａｙ　１２３", "topay 123"),
        ("帳戶被凍結", "帐户被冻结"),
        ("can’t", "cant"),
        ("Café wàngjì", "cafe wangji"),
        ("忘\u200b记\u200d密\ufeff码", "忘记密码"),
        ("ﬁne ①", "fine 1"),
        ("a\x00b\x1fc", "a b c"),
        ("\ud800x", "x"),
    ],
)
def test_text_is_folded_to_one_form(typed, folded):
    assert normalise(typed) == folded


def test_folded_text_leads_back_to_the_original_when_lengths_differ():
    text = "1 ﬁ 帳\u200b戶"

    folded = fold(text)

    assert folded.text == "1 fi 帐户"
    assert [text[place] for place in folded.origins] == ["1", " ", "ﬁ", "ﬁ", " ", "帳", "戶"]


def test_query_is_cut_when_it_is_far_too_long():
    assert len(normalise_query("密码 " * 5000)) <= QUERY_MAX_CHARS
    assert len(normalise_query("\u200b" * 10_000 + "密码")) <= QUERY_MAX_CHARS


@pytest.mark.parametrize("typed", ["", "   ", "？！…", "\x00\x01", "😀", "\u200b", '"*()-:^'])
def test_nothing_is_searchable_when_there_are_no_words(typed):
    assert not is_searchable(typed)


@pytest.mark.parametrize("typed", ["a", "码", "1", "-密-", "привет", "パス"])
def test_text_is_searchable_when_any_letter_is_there(typed):
    assert is_searchable(typed)


def test_taiwanese_words_gain_their_mainland_form():
    assert mainland_wording("網路簡訊") == "网络短信"
    assert mainland_wording("网络短信") is None


def test_runs_part_chinese_from_words():
    found = [(run.text, run.is_han) for run in runs("开启2fa，wi-fi 400-000")]

    assert found == [("开启", True), ("2fa", False), ("wi-fi", False), ("400-000", False)]
