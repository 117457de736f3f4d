"""Synonym rules: phrases that also mean terms, spellings that are rewritten."""

import pytest

from faq.core.synonyms import SynonymBook, SynonymRule

BOOK = SynonymBook(
    [
        SynonymRule("replace", ("帐", "賬"), "账"),
        SynonymRule("replace", ("wifi",), "Wi-Fi"),
        SynonymRule("expand", ("短信没来",), "收不到验证码"),
        SynonymRule("expand", ("号 封",), "账户被冻结"),
        SynonymRule("expand", ("没来",), "其他"),
        SynonymRule("expand", ("locked out",), "account frozen"),
        SynonymRule("expand", ("impersonation",), "fake agent"),
    ]
)


def terms(text: str) -> list[str]:
    return [expansion.terms for expansion in BOOK.expansions(text)]


def test_spelling_is_rewritten_wherever_it_stands():
    assert BOOK.rewrite("我的帐户") == "我的账户"


def test_latin_spelling_is_rewritten_only_as_a_whole_word():
    assert BOOK.rewrite("wifi wifisomething") == "wi-fi wifisomething"


@pytest.mark.parametrize("text", ["短信没来", "短信一直没来", "我的短信怎么还没来啊"])
def test_phrase_is_found_when_fillers_stand_in_between(text):
    assert "收不到验证码" in terms(text)


def test_only_the_longer_phrase_counts_when_one_holds_the_other():
    assert terms("短信没来") == ["收不到验证码"]


def test_parts_are_found_in_any_order():
    assert terms("封了我的号") == terms("我的号被封了") == ["账户被冻结"]


@pytest.mark.parametrize("text", ["i am locked out", "lock me out", "out, locked"])
def test_english_phrase_is_found_in_any_form(text):
    assert terms(text) == ["account frozen"]


@pytest.mark.parametrize("text", ["impersonation", "impersonattion", "impersnation"])
def test_english_phrase_is_found_despite_a_typo(text):
    assert terms(text) == ["fake agent"]


@pytest.mark.parametrize("text", ["duanxinmeilai", "duan xin mei lai", "dxml", "短信美来"])
def test_chinese_phrase_is_found_by_its_sound(text):
    assert "收不到验证码" in terms(text)


@pytest.mark.parametrize("text", ["", "银行卡", "out", "封面", "duan"])
def test_nothing_is_added_when_no_phrase_is_there(text):
    assert terms(text) == []


def test_book_without_rules_changes_nothing():
    assert SynonymBook().rewrite("帐户") == "帐户"
    assert SynonymBook().expansions("帐户") == []
