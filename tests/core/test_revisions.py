"""What an editor is shown of the difference between two texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faq.core.revisions import ADDED, MOST_TOKENS, REMOVED, SAME, Part, compare, is_changed

TEXTS = st.text(alphabet="ab 支付失败。\n-", max_size=60)


def test_only_the_changed_chinese_characters_are_marked():
    (paragraph,) = compare("请检查账户余额。", "请检查钱包余额。")

    assert paragraph == (
        Part(SAME, "请检查"),
        Part(REMOVED, "账户"),
        Part(ADDED, "钱包"),
        Part(SAME, "余额。"),
    )


def test_english_changes_by_whole_words():
    (paragraph,) = compare("Check your balance first", "Check your wallet first")

    assert Part(REMOVED, "balance") in paragraph
    assert Part(ADDED, "wallet") in paragraph


def test_words_next_to_chinese_are_tokens_of_their_own():
    (paragraph,) = compare("打开Topay应用", "打开Wallet应用")

    assert paragraph[1:3] == (Part(REMOVED, "Topay"), Part(ADDED, "Wallet"))


def test_a_new_paragraph_leaves_the_others_alone():
    paragraphs = compare("first\nthird", "first\nsecond\nthird")

    assert [is_changed(paragraph) for paragraph in paragraphs] == [False, True, False]
    assert paragraphs[1] == (Part(ADDED, "second"),)


def test_paragraphs_with_little_in_common_are_not_mixed():
    assert compare("资金安全不受影响", "Please call us today") == [
        (Part(REMOVED, "资金安全不受影响"),),
        (Part(ADDED, "Please call us today"),),
    ]


@pytest.mark.parametrize("old, new, kind", [("", "a", ADDED), ("a", "", REMOVED)])
def test_an_empty_side_shows_the_other_whole(old, new, kind):
    assert compare(old, new) == [(Part(kind, "a"),)]


def test_line_ends_of_another_system_are_no_change():
    assert not any(is_changed(paragraph) for paragraph in compare("a\r\nb", "a\nb"))


def test_a_very_long_paragraph_is_shown_whole():
    long = "字" * (MOST_TOKENS + 1)

    assert compare(long, long + "尾") == [(Part(REMOVED, long),), (Part(ADDED, long + "尾"),)]


def test_markup_stays_plain_text():
    (paragraph,) = compare("", "<script>alert(1)</script>")

    assert paragraph == (Part(ADDED, "<script>alert(1)</script>"),)


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_back(old, new):
    paragraphs = compare(old, new)
    before = [p for p in paragraphs if not all(part.kind == ADDED for part in p)]
    after = [p for p in paragraphs if not all(part.kind == REMOVED for part in p)]

    assert "\n".join("".join(x.text for x in p if x.kind != ADDED) for p in before) == old
    assert "\n".join("".join(x.text for x in p if x.kind != REMOVED) for p in after) == new
