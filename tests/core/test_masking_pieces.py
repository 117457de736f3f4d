"""Secrets that come in several messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpcenter.masking import (
    HIDDEN,
    MaskedPiece,
    mask_piece,
    mask_text,
    may_be_piece,
    mentions_code,
    split_secret,
)
from helpcenter.masking.folding import fold


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


def stored_after(texts: list[str], *, awaiting_code: bool = False) -> list[str]:
    """What a chat keeps of texts that one writer sends in a row."""
    kept: list[str] = []
    for text in texts:
        masked = mask_text(text).text
        redacted: tuple[int, ...] = ()
        if may_be_piece(text):
            awaiting = awaiting_code or any(mentions_code(before) for before in kept)
            piece = mask_piece(text, list(enumerate(kept))[-3:], awaiting_code=awaiting)
            masked, redacted = piece.text, piece.redact
        kept = ["" if index in redacted else before for index, before in enumerate(kept)] + [masked]
    return kept


@pytest.mark.parametrize(
    "texts,kept",
    [
        (["6222", "0212 3456", "7890 128"], ["", "", HIDDEN]),
        (["我的卡", "6222", "0212 3456", "7890 128", "谢谢"], ["我的卡", "", "", HIDDEN, "谢谢"]),
        (["没收到验证码", "12", "34", "56"], ["没收到验证码", "", HIDDEN, HIDDEN]),
        (["验证码", "1", "2", "3", "4", "5", "6"], ["验证码", "", "", "", HIDDEN, HIDDEN, HIDDEN]),
        (["验证码", "482", "913", "谢谢", "12"], ["验证码", "", HIDDEN, "谢谢", "12"]),
        (
            ["助记词", "abandon ability able about", "above absent absorb abstract"],
            ["助记词", "", HIDDEN],
        ),
        (["e9873d79c6d87dc0fb6a577863338944", "53213303da61f20bd67fc233aa332621"], ["", HIDDEN]),
        (["我的订单", "2026", "1120", "几天了"], ["我的订单", "2026", "1120", "几天了"]),
    ],
)
def test_no_digit_stays_when_a_secret_is_sent_in_pieces(texts, kept):
    assert stored_after(texts) == kept


def test_pieces_are_hidden_when_somebody_else_spoke_of_the_code():
    assert stored_after(["12", "34", "56"], awaiting_code=True) == ["", HIDDEN, HIDDEN]
    assert stored_after(["12", "34", "56"]) == ["12", "34", "56"]


def test_numbers_of_earlier_messages_are_named_when_they_are_to_be_redacted():
    piece = mask_piece("7890 128", [(17, "你好"), (20, "6222"), (25, "0212 3456")])

    assert piece == MaskedPiece(HIDDEN, frozenset({"card"}), (20, 25))


def test_text_is_masked_on_its_own_when_it_completes_nothing():
    assert mask_piece("13812345678", [(1, "你好")]).text == "138****5678"
    assert mask_piece("482913", [(1, "你好")], awaiting_code=True) == MaskedPiece(HIDDEN, frozenset({"code"}))


@pytest.mark.parametrize(
    "text",
    [
        "message number 17 for you, hello",
        "我的付款失败了，钱已经扣了",
        "2026年1月31日付了128.50元，到现在还没到账",
        "hello, are you there",
        "",
    ],
)
def test_earlier_messages_do_not_matter_when_a_text_is_ordinary(text):
    assert not may_be_piece(text)


@given(
    st.text("0123456789 -.,/xX*元:ab验收到的\u200b０①\ud800", max_size=24)
    | st.from_regex(r"\A收到的{0,30}[0-9]{5,7}不对.{0,30}\Z"),
    st.lists(
        st.sampled_from(["验证码", "48", "4111 1111", "1111", "前三位482", "", HIDDEN, "好"]), max_size=3
    ),
    st.booleans(),
)
def test_earlier_messages_are_read_whenever_a_number_depends_on_them(text, earlier, awaiting_code):
    if not may_be_piece(text):
        piece = mask_piece(text, list(enumerate(earlier)), awaiting_code=awaiting_code)
        assert piece == MaskedPiece(mask_text(text).text, mask_text(text).kinds)


def test_earlier_messages_are_read_whatever_sign_stands_for_a_digit():
    digits = [chr(code) for code in range(0x110000) if fold(chr(code)).plain in tuple("0123456789")]

    assert len(digits) > 500
    assert all(may_be_piece(digit) for digit in digits)
