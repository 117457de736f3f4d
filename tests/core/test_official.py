import pytest

from faq.core.official import Identity, check

OURS = [
    Identity("phone", "400-000-0000"),
    Identity("email", "support@topay.example.com"),
    Identity("site", "https://help.topay.example.com"),
    Identity("social", "@Topay钱包"),
    Identity("app", "Topay"),
]


@pytest.mark.parametrize(
    "text",
    [
        "400-000-0000",
        "４００ ０００ ００００",
        "+86 400 000 0000",
        "Support@Topay.example.com",
        "help.topay.example.com",
        "https://help.topay.example.com/zh-hans/?q=1",
        "Topay钱包",
        "@topay 钱包",
        "topay",
    ],
)
def test_official_when_the_value_is_on_the_list_in_any_spelling(text):
    assert check(text, OURS).result == "official"


@pytest.mark.parametrize(
    "text",
    [
        "help.t0pay.example.com",
        "help-topay.example.com",
        "support@t0pay.example.com",
        "suport@topay.example.com",
        "https://help.topay.example.com.evil.test/login",
        "Topay钱包1",
    ],
)
def test_imitation_when_it_only_resembles_ours(text):
    assert check(text, OURS).result == "imitation"


@pytest.mark.parametrize(
    "text", ["400-000-0001", "13800138000", "shop@example.org", "微信支付", "?", "://", "x" * 5000]
)
def test_unknown_when_it_is_nothing_of_ours(text):
    assert check(text, OURS).result == "unknown"


def test_not_official_when_a_lookalike_character_hides_in_the_host():
    assert check("help.tоpay.example.com", OURS).result != "official"  # a Cyrillic о


def test_invisible_characters_do_not_make_a_difference():
    assert check("400\u200b-000-0000", OURS).result == "official"
