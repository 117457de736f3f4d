"""Ranking in memory, on a handful of small articles."""

import itertools

import pytest

from faq.core.analysis import AnalysedDocument, SearchText, analyse
from faq.core.index import Index
from faq.core.ranking import Match, merged
from faq.core.synonyms import SynonymBook, SynonymRule

CHINESE = {
    "password": SearchText(
        "忘记密码怎么办？", "用手机号重置。", ("改密码",), ("设置新密码",), "在登录页点忘记密码。"
    ),
    "frozen": SearchText(
        "账户被冻结怎么办？", "先看邮件通知。", ("解冻",), (), "多次输入错误密码会冻结账户。"
    ),
    "cache": SearchText(
        "怎样清除缓存？", "缓存是临时文件。", ("清缓存",), (), "打开设置，清除缓存，再重启。"
    ),
    "code": SearchText("收不到验证码怎么办？", "检查信号。", ("短信没收到",), (), "验证码一分钟内有效。"),
}
ENGLISH = {
    "password": SearchText("I forgot my password", "Reset it with your phone.", ("change password",), (), ""),
    "frozen": SearchText(
        "My account is frozen", "Look for an e-mail.", (), (), "A wrong password can freeze it."
    ),
    "safe": SearchText(
        "Stay safe on public Wi-Fi", "", (), (), "Use two-factor authentication and log in at home."
    ),
}


def index_of(texts: dict[str, SearchText], *rules: SynonymRule) -> Index:
    index = Index(SynonymBook(rules))
    for key, text in texts.items():
        index.add(key, analyse(text))
    return index


def keys(found: list[Match]) -> list[str]:
    return [match.key for match in found]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("忘记密码", "password"),
        ("密码", "password"),
        ("密", "password"),
        ("冻结 账户", "frozen"),
        ("帳戶被凍結", "frozen"),
        ("wangjimima", "password"),
        ("wang ji mi ma", "password"),
        ("wangjim", "password"),
        ("wjmm", "password"),
        ("qchc", "cache"),
        ("mmwj", "password"),
        ("dong jie", "frozen"),
        ("冻洁", "frozen"),
        ("清楚缓存", "cache"),
        ("蜜码", "password"),
        ("验证马", "code"),
        ("ｍｉｍａ", "password"),
        ("“忘记密码”？？？", "password"),
        ("我想问一下怎么清除缓存呢", "cache"),
        ("chongzhi mima", "password"),
    ],
)
def test_right_article_comes_first_in_chinese(typed, first):
    assert keys(index_of(CHINESE).search(typed))[0] == first


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("forgot password", "password"),
        ("FORGETTING PASSWORDS", "password"),
        ("passw", "password"),
        ("pasword", "password"),
        ("passwrod rest", "password"),
        ("freezing", "frozen"),
        ("wifi", "safe"),
        ("wi fi", "safe"),
        ("two factor", "safe"),
        ("authentcation", "safe"),
        ("publicwifi", "safe"),
    ],
)
def test_right_article_comes_first_in_english(typed, first):
    assert keys(index_of(ENGLISH).search(typed))[0] == first


def test_title_outranks_keywords_headings_and_body():
    places = {"d-title": {"title": "缓存"}, "c-keywords": {"keywords": ("缓存",)}}
    places |= {"b-headings": {"headings": ("缓存",)}, "a-body": {"body": "缓存"}}
    index = index_of({key: SearchText(**{"title": "别的"} | fields) for key, fields in places.items()})

    assert keys(index.search("缓存")) == ["d-title", "c-keywords", "b-headings", "a-body"]


def test_article_with_all_terms_outranks_one_with_some():
    found = index_of(CHINESE).search("错误密码 冻结")

    assert keys(found)[:2] == ["frozen", "password"]


def test_exact_characters_outrank_the_same_sound():
    texts = {"b-exact": SearchText("清楚说明"), "a-alike": SearchText("清除说明")}

    assert keys(index_of(texts).search("清楚"))[0] == "b-exact"


def test_boost_puts_an_article_behind_its_equals():
    texts = {"a-news": SearchText("清除缓存", boost=0.8), "b-help": SearchText("清除缓存")}

    assert keys(index_of(texts).search("清除缓存")) == ["b-help", "a-news"]


def test_synonym_finds_what_no_article_says():
    rule = SynonymRule("expand", ("号被封",), "账户 冻结")

    assert keys(index_of(CHINESE, rule).search("我的号被封了"))[0] == "frozen"
    assert keys(index_of(CHINESE, rule).search("wodehaobeifengle"))[0] == "frozen"


@pytest.mark.parametrize("typed", ["", " ", "？！。", "xyzzyq", "qqqq", "1234567890", "NEAR(", "龘靐"])
def test_nothing_is_found_when_nothing_fits(typed):
    assert index_of(CHINESE | {}).search(typed) == []


@pytest.mark.parametrize(
    "typed",
    [
        "密码" * 5000,
        "a" * 10_000,
        "a b " * 3000,
        "\x00密\x1f码",
        'title:"密码"* AND NEAR(x)',
        "';--",
        "%_\\",
        "🤯密码",
        "\ud800",
    ],
)
def test_any_text_is_answered_without_an_error(typed):
    assert len(index_of(CHINESE).search(typed)) <= len(CHINESE)


def test_order_of_loading_does_not_change_the_answer():
    answers = set()
    for order in itertools.permutations(CHINESE):
        index = index_of({key: CHINESE[key] for key in order})
        answers.add(tuple(index.search("密码 账户 怎么办 冻结 验证")))

    assert len(answers) == 1


def test_equal_articles_come_in_order_of_their_keys():
    index = index_of(dict.fromkeys(("c", "a", "b"), SearchText("清除缓存")))

    assert keys(index.search("缓存")) == ["a", "b", "c"]


def test_replaced_document_answers_by_its_new_text_only():
    index = index_of(CHINESE)

    index.add("cache", analyse(SearchText("怎样绑定银行卡？")))

    assert keys(index.search("银行卡")) == ["cache"]
    assert "cache" not in keys(index.search("缓存"))
    assert len(index) == len(CHINESE)


def test_changed_index_answers_like_a_fresh_one():
    changed = index_of({**CHINESE, "code": SearchText("忘记密码和账户冻结")})
    changed.add("code", analyse(CHINESE["code"]))
    changed.remove("frozen")
    fresh = index_of({key: text for key, text in CHINESE.items() if key != "frozen"})

    for typed in ("密码", "验证码 登录", "缓存"):
        assert changed.search(typed) == fresh.search(typed)


def test_removed_document_is_found_no_more():
    index = index_of(CHINESE)

    index.remove("password")
    index.remove("never-there")

    assert "password" not in keys(index.search("忘记密码"))
    assert index.dead_count == 1


def test_stored_document_is_read_back_as_it_was():
    document = analyse(CHINESE["code"])

    assert AnalysedDocument.from_json(document.as_json()) == document


def test_matched_terms_name_what_stands_in_the_article():
    found = index_of(CHINESE).search("wangjimima")

    assert {"忘记", "密码"} <= set(found[0].terms)


def test_answers_of_both_languages_become_one_ranking():
    own = [Match("a", 1.0, ("x",)), Match("b", 0.5, ())]
    other = [Match("b", 2.0, ("y",)), Match("c", 1.0, ())]

    found = merged(own, other)

    assert keys(found) == ["b", "a", "c"]
    assert found[0] == Match("b", 1.7, ("y",))
