"""Secrets that come in several messages."""

import pytest

from helpcenter.masking import split_secret


@pytest.mark.parametrize(
    "earlier,text,indexes",
    [
        (["验证码是", "482"], "913", (1,)),
        (["my code is", "48", "29"], "13", (1, 2)),
        (["验证码48"], "2913", (0,)),
        (["你好", "密码是", "12"], "3456", (2,)),
        (["验证码", "前三位482"], "后三位913", (1,)),
        (["4111 1111", "1111"], "1111", (0, 1)),
        (["卡号 6222 0212"], "3456 7890 128", (0,)),
        (["110105", "19491231"], "002X", (0, 1)),
        (["138", "1234"], "5678", (0, 1)),
        (
            ["abandon ability able about", "above absent absorb abstract"],
            "absurd abuse access accident",
            (0, 1),
        ),
    ],
)
def test_earlier_pieces_are_named_when_the_last_one_completes_a_secret(earlier, text, indexes):
    assert split_secret(earlier, text) == indexes


@pytest.mark.parametrize(
    "earlier,text",
    [
        ([], "482913"),
        (["你好"], "在吗"),
        (["48", "29"], "13"),
        (["没收到验证码", "2026"], "1120"),
        (["验证码", "300元"], "1234"),
        (["验证码 ******", "谢谢"], "好的"),
        (["4111 1111", "1111"], "1112"),
        (["abandon ability able"], "about above absent"),
    ],
)
def test_nothing_is_named_when_the_pieces_make_no_secret(earlier, text):
    assert split_secret(earlier, text) == ()


def test_pieces_are_a_code_when_the_word_was_said_before():
    assert split_secret(["48", "29"], "13", awaiting_code=True) == (0, 1)
