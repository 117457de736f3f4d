"""What must hold of masking for every text."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric

from helpcenter.masking import asks_for_secret, mask_filename, mask_text, mask_url, split_secret

SEPARATORS = st.sampled_from(["", "", "", " ", "-", ".", "\u200b", "\u2060", "　", "－", " - "])
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
PIECES = """
验证码 密码 是 ： : password is my pin code cvv 没 元 订单 123 482913 12/28 abc123 hunter2 13812345678 +86
0086 4111111111111111 6222021234567890128 11010519491231002X * ** *** - . / , （ ） ! 1 2 x X ０ ①
abandon zoo 私钥
"""
WORDS = st.sampled_from(PIECES.split())
TEXTS = st.one_of(
    st.text(max_size=80), st.lists(WORDS, max_size=14).map("".join), st.lists(WORDS).map(" ".join)
)


@st.composite
def card_numbers(draw) -> str:
    """A valid number of one of the big issuers."""
    prefix, size = draw(
        st.sampled_from(
            [
                ("4", 16),
                ("51", 16),
                ("55", 16),
                ("2221", 16),
                ("34", 15),
                ("62", 16),
                ("62", 19),
                ("3528", 16),
            ]
        )
    )
    digits = prefix + draw(
        st.text("0123456789", min_size=size - len(prefix) - 1, max_size=size - len(prefix) - 1)
    )
    return digits + luhn.calc_check_digit(digits)


@st.composite
def spelled(draw, numbers) -> str:
    """The number with any separators between its digits, some of them wide."""
    digits = draw(numbers)
    written = "".join(
        (digit.translate(WIDE) if draw(st.booleans()) else digit) + draw(SEPARATORS) for digit in digits[:-1]
    )
    return written + digits[-1]


@st.composite
def resident_ids(draw) -> str:
    """A valid number of a person who does not exist."""
    born = draw(st.dates(date(1900, 1, 1), date(2025, 12, 31)))
    place = draw(st.sampled_from(["110101", "310101", "440308", "510102", "659001"]))
    number = f"{place}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return number + ric.calc_check_digit(number + "0")


@given(spelled(card_numbers()))
def test_card_is_masked_when_its_digits_are_spelled_in_any_way(card):
    assert "card" in mask_text(f"卡号 {card} 付款失败").kinds


@given(card_numbers())
def test_middle_of_a_card_is_gone_when_masked(card):
    masked = mask_text(f"my card {card} fails").text

    assert masked == f"my card {card[:6]}{'*' * (len(card) - 10)}{card[-4:]} fails"


@given(spelled(resident_ids()))
def test_identity_number_is_masked_when_its_digits_are_spelled_in_any_way(number):
    assert "resident_id" in mask_text(f"证件{number}。").kinds


@given(
    st.integers(0, 99_999_999),
    st.integers(4, 8),
    st.sampled_from(["验证码：{}", "my code is {}", "OTP {}", "{}是验证码"]),
)
def test_code_is_masked_when_it_stands_with_its_word(number, size, sentence):
    code = f"{number:08d}"[-size:]

    masked = mask_text(sentence.format(code))

    assert masked.kinds == {"code"}
    assert code not in masked.text


@settings(max_examples=400)
@given(TEXTS)
def test_masking_changes_nothing_more_when_repeated(text):
    once = mask_text(text).text

    assert mask_text(once).text == once


@given(TEXTS)
def test_rest_stays_as_it_was_when_a_text_is_masked(text):
    masked = mask_text(text)

    position = 0
    end_of_last = 0
    for finding in masked.found:
        assert end_of_last <= finding.start < finding.end <= len(text)
        position = (
            masked.text.index(text[end_of_last : finding.start], position) + finding.start - end_of_last
        )
        end_of_last = finding.end
    assert masked.text.endswith(text[end_of_last:])


@given(
    st.text(
        st.characters(exclude_categories=("Nd", "No", "Nl", "Cs"), exclude_characters="0123456789"),
        max_size=60,
    )
)
def test_text_is_unchanged_when_it_has_neither_digit_nor_keyword(text):
    words = ("password", "passphrase", "pass", "pin", "密", "口令", "助记")
    if not any(word in text.lower() for word in words):
        assert mask_text(text).text == text


@given(st.text(), st.lists(st.text(max_size=20), max_size=3))
def test_nothing_is_raised_when_texts_are_arbitrary(text, earlier):
    indexes = split_secret(earlier, text)

    assert all(0 <= index < len(earlier) for index in indexes)
    assert isinstance(asks_for_secret(text), bool)
    assert "?" not in mask_url(text)
    assert isinstance(mask_filename(text), str)


def test_nothing_is_raised_when_a_text_holds_half_a_character():
    assert mask_text("\ud800 验证码 482913").text == "\ud800 验证码 ******"
