"""The quick looks before the rules: whatever they pass over, the rules would find nothing in."""

import json
import re
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpcenter.masking import asking, asks_for_secret, signs
from helpcenter.masking.folding import fold
from helpcenter.masking.texts import find

CORPUS = [
    json.loads(line)["text"]
    for line in (Path(__file__).parent / "masking-corpus.jsonl").read_text(encoding="utf-8").splitlines()
]
LOOKS = ("may_hold_number", "speaks_of_secrets", "may_hold_value", "may_hold_seed", "may_hold_key")
SECRET_WORDS = """
验证码 驗證碼 动态口令 一次性密码 令牌 短信码 密码 密 碼 口令 pass: PassWord pwd PIN code OTP 2FA totp
one-time verification number CVV cvc2 csc 安全码 签名栏 背面 卡背 反面 security three digits on the back
有效期 exp 助记词 seed phrase 私钥 私 钥 private key
"""
VALUES = """
是 ： : = is my 没 482913 48 2 9 一二三四五六 零幺两八 A-48291 X7K9Q2 hunter2 secreT abcd 4111111111111111
4111 6222021234567890128 11010519491231002X 13812345678 +852 61234567 00 86 12/28 123 * *** - . ( ) ， 、 \u200b
０ ① ② 1️⃣ ٣ Ⅷ K İ ﬁ -----BEGIN PRIVATE KEY----- xprv e9873d79c6d87dc0 fb6a5778633389f4 4453213303da61f2
Ab3dEf6hIjKlMnOpQrStUvWxYz012345/+= abandon ability able about above absent absorb 的 一 是 在 不 了 有
"""
PIECES = st.sampled_from(SECRET_WORDS.split() + VALUES.split() + [" ", "\n"])
TEXTS = st.one_of(
    st.text(max_size=60),
    st.text("0123456789*+ -.()/·|,xX", max_size=40),
    st.lists(PIECES, max_size=26).map("".join),
    st.lists(PIECES, max_size=26).map(" ".join),
    st.lists(st.one_of(PIECES, st.characters()), max_size=16).map("".join),
)


def find_without_looking(text: str, awaiting_code: bool):
    """All finds of the rules, each of them asked."""
    says_yes = {name: mock.Mock(return_value=True) for name in LOOKS}
    with mock.patch.multiple(signs, count_digits=len, **says_yes):
        return find(fold(text), awaiting_code=awaiting_code)


@settings(max_examples=1500, deadline=None)
@given(TEXTS, st.booleans())
def test_nothing_is_passed_over_when_texts_are_arbitrary(text, awaiting_code):
    assert find(fold(text), awaiting_code=awaiting_code) == find_without_looking(text, awaiting_code)


@pytest.mark.parametrize("awaiting_code", [False, True])
def test_nothing_is_passed_over_when_the_corpus_is_read(awaiting_code):
    for text in CORPUS:
        for part in (text, *text.split()):
            assert find(fold(part), awaiting_code=awaiting_code) == find_without_looking(part, awaiting_code)


ASKED = """
密码 密 碼 验证码 驗證碼 校验码 动态口令 短信码 安全码 助记词 助記詞 私钥 私鑰 恢复短语 cvv cvc2 背面三位 password
pass words passwd pwd passcode pin pin number otp one-time passcode security number sms code access number seed
words recovery phrase recovery words private key secret phrase that 4-digit code error code without code
"""
ASKING = st.sampled_from(
    [*ASKED.split(), *ASKED.split("\n"), "告诉我", "发给", "是多少", "tell me", "send", "在这里输入", "don't"]
)


@settings(max_examples=500, deadline=None)
@given(
    st.one_of(st.lists(ASKING, max_size=9).map("".join), st.lists(ASKING, max_size=9).map(" ".join), TEXTS)
)
def test_no_request_for_a_secret_is_passed_over(text):
    with mock.patch.object(asking, "_PARTS", re.compile("")):
        asks = asks_for_secret(text)

    assert asks_for_secret(text) is asks


@given(st.lists(st.characters(), max_size=30))
def test_offsets_lead_back_when_a_text_is_folded(characters):
    text = "".join(characters)

    folded = fold(text)

    assert len(folded.plain) == len(folded.lower) == len(folded.origins)
    assert "".join(fold(character).plain for character in text) == folded.plain
    assert all(folded.plain[index] in fold(text[origin]).plain for index, origin in enumerate(folded.origins))


@pytest.mark.parametrize("text", ["message number 17 for you, hello", "我的付款失败了，钱已经扣了", "12:30"])
def test_no_rule_is_asked_when_a_text_is_ordinary(text):
    folded = fold(text)

    looks = [signs.may_hold_number, signs.may_hold_seed, signs.may_hold_key]

    assert not any(look(folded.lower) for look in looks)
    assert not signs.speaks_of_secrets(folded.lower)
