"""Phrases are read as pypinyin reads them with its whole dictionary."""

import pytest

from faq.core.sounds import phrase_syllables


@pytest.mark.parametrize(
    ("phrase", "syllables"),
    [
        ("银行卡", "yin hang ka"),  # 行 alone is xing
        ("音乐会", "yin yue hui"),  # 乐 alone is le
        ("通知了", "tong zhi le"),  # not 通 and the cicada 知了
        ("提供给客服", "ti gong gei ke fu"),  # not 提 and 供给
        ("付款失败", "fu kuan shi bai"),
    ],
)
def test_a_character_sounds_as_its_phrase_says(phrase, syllables):
    assert phrase_syllables(phrase) == syllables.split()
