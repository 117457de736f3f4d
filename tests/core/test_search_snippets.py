"""Snippets: what matched is marked in the original text, and cuts fall on borders."""

import pytest

from faq.core.snippets import LONGEST_EXCERPT, SHORTEST_EXCERPT, excerpt, marked

CHINESE = (
    "先看交易记录，确认钱有没有扣。打开一个网页看看网络是否正常，再看看余额够不够付这一笔。"
    "付款方式可以绑好几种，但每张卡都有银行设定的额度，卡里也要有足够的钱。"
    "商家系统有时确认不了这笔交易，问问商家收款是否正常，或者过一会儿再付。"
    "缓存只是临时文件，清掉不影响余额；清除缓存以后重启应用，再付一次，付之前确认上一笔没有扣款。"
)
ENGLISH = (
    "Look in your transaction records first to see whether the money has left your wallet or not. "
    "Every linked card has a limit that your bank sets and that nobody here can change for you. "
    "Clearing the cache removes temporary files only, so your balance and your records stay as they are."
)


def text_of(parts: list[tuple[str, bool]]) -> str:
    return "".join(text for text, _is_mark in parts)


def marks_of(parts: list[tuple[str, bool]]) -> list[str]:
    return [text for text, is_mark in parts if is_mark]


@pytest.mark.parametrize(
    ("text", "terms", "marks"),
    [
        ("忘记密码怎么办？", ("忘记", "密码"), ["忘记密码"]),
        ("怎樣清除緩存？", ("清除", "缓存"), ["清除緩存"]),
        ("Use Wi-Fi at home", ("wifi",), ["Wi-Fi"]),
        ("Can’t log in", ("cant",), ["Can’t"]),
        ("Ｔｏｐａｙ 密\u200b码", ("密码", "topay"), ["Ｔｏｐａｙ", "密\u200b码"]),
        ("cached cache", ("cache",), ["cache"]),
        ("重置密码", ("重", "密码"), ["密码"]),
        ("<b>密码</b>", ("密码", "b"), ["b", "密码", "b"]),
        ("nothing", (), []),
        ("", ("密码",), []),
    ],
)
def test_marks_stand_on_the_original_characters(text, terms, marks):
    parts = marked(text, terms)

    assert text_of(parts) == text
    assert marks_of(parts) == marks


@pytest.mark.parametrize(
    ("text", "terms"), [(CHINESE, ("缓存", "清除")), (ENGLISH, ("cache",)), (CHINESE, ("额度",))]
)
def test_excerpt_is_about_what_matched_and_of_a_good_length(text, terms):
    parts = excerpt(text, terms)

    assert marks_of(parts)
    assert set(marks_of(parts)) <= {*terms, "清除缓存"}
    assert SHORTEST_EXCERPT - 2 <= len(text_of(parts)) <= LONGEST_EXCERPT + 2


def test_excerpt_begins_with_the_text_when_nothing_matched():
    assert CHINESE.startswith(text_of(excerpt(CHINESE, ())).removesuffix("…"))


def test_english_words_are_never_cut():
    words = set(ENGLISH.replace(".", " ").replace(",", " ").split())

    for term in ("limit", "balance", "money", "stay"):
        shown = text_of(excerpt(ENGLISH, (term,)))
        assert set(shown.strip("…").replace(".", " ").replace(",", " ").split()) <= words


def test_excerpt_is_cut_somewhere_when_there_is_no_border():
    assert len(text_of(excerpt("密" * 500, ("密密",)))) <= LONGEST_EXCERPT + 2
    assert len(text_of(excerpt("x" * 500, ()))) <= LONGEST_EXCERPT + 1


def test_short_text_is_shown_whole():
    assert excerpt("清除缓存。", ("缓存",)) == [("清除", False), ("缓存", True), ("。", False)]


def test_lines_become_one():
    assert text_of(excerpt("标题\n内容", ())) == "标题 内容"
