"""What is hidden in typed texts, measured on a corpus of messages and by tables of single cases."""

import json
from collections import Counter
from pathlib import Path

import pytest

from helpcenter.masking import Masked, mask_filename, mask_text, mask_url, mentions_code

CORPUS = [
    json.loads(line)
    for line in (Path(__file__).parent / "masking-corpus.jsonl").read_text(encoding="utf-8").splitlines()
]
SENSITIVE = [row for row in CORPUS if row["kinds"]]
ORDINARY = [row for row in CORPUS if not row["kinds"]]


def parts_left(text: str, masked: Masked) -> list[str]:
    """The stretches of the original between the finds."""
    edges = [0, *(edge for finding in masked.found for edge in (finding.start, finding.end)), len(text)]
    return [text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]


@pytest.mark.parametrize(
    "kind,least",
    [
        ("card", 0.99),
        ("resident_id", 0.99),
        ("code", 0.98),
        ("password", 0.98),
        ("cvv", 0.98),
        ("phone", 0.98),
        ("seed", 0.98),
        ("private_key", 0.98),
    ],
)
def test_recall_is_high_when_a_text_holds_a_secret(kind, least):
    rows = [row for row in SENSITIVE if kind in row["kinds"]]

    found = [row for row in rows if kind in mask_text(row["text"]).kinds]

    assert rows
    assert len(found) / len(rows) >= least


def test_false_hits_are_rare_when_texts_are_ordinary():
    hit = [row["text"] for row in ORDINARY if mask_text(row["text"]).found]

    assert len(ORDINARY) >= 200
    assert len(hit) / len(ORDINARY) < 0.005, hit


def test_no_secret_survives_when_the_corpus_is_masked():
    leaks = [
        (secret, masked)
        for row in SENSITIVE
        for masked in [mask_text(row["text"]).text]
        for secret in row["secrets"]
        if secret in masked
    ]

    assert leaks == []


def test_corpus_is_broad_when_counted():
    languages = Counter(row["lang"] for row in CORPUS)

    assert len(CORPUS) >= 300
    assert min(languages["zh"], languages["en"]) >= 150


def test_rest_of_the_text_stays_when_secrets_are_hidden():
    for row in SENSITIVE:
        masked = mask_text(row["text"])
        position = 0
        for part in parts_left(row["text"], masked):
            position = masked.text.index(part, position) + len(part)


@pytest.mark.parametrize(
    "text,stored",
    [
        ("卡号6222021234567890128", "卡号622202*********0128"),
        ("4111 1111 1111 1111", "4111 11** **** 1111"),
        ("４１１１－１１１１－１１１１－１１１１", "4111-11**-****-1111"),
        ("4111\u200b1111\u200b1111\u200b1111!", "411111******1111!"),
        ("4111111111111111 12/28 123", "411111******1111 *** ***"),
        ("身份证11010519491231002X", "身份证110***********002X"),
        ("打我13812345678", "打我138****5678"),
        ("+86 138 1234 5678", "+86 138****5678"),
        ("+852 6123 4567", "+852****4567"),
        ("验证码是482913，谢谢", "验证码是******，谢谢"),
        ("password: hunter2.", "password: ******."),
        ("CVV 123", "CVV ***"),
        ("1️⃣3️⃣8️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣", "138****5678\ufe0f\u20e3"),
        ("密码是6222021234567890128", "密码是******"),
    ],
)
def test_mask_shows_only_what_is_allowed_when_found(text, stored):
    assert mask_text(text).text == stored


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",  # does not pass the Luhn check
        "1111111111111117",  # no issuer begins like this
        "110105194912310021",  # wrong check character
        "990105194912310025",  # no such province
        "110105194913310028",  # no such month
        "订单 202611200012345678",
        "SF1390000111122",
        "400-000-0000",
        "95588",
        "12345678901",
        "验证码60秒后过期",
        "4111 1111",
        "e9873d79c6d87dc0fb6a5778633389f4453213303da61f20bd67fc233aa332",  # 62 digits
        "transaction hash e9873d79c6d87dc0fb6a5778633389f4453213303da61f20bd67fc233aa33262",
        "can you help me with this problem because my phone is very slow today and my wallet is empty",
        "",
    ],
)
def test_text_is_unchanged_when_nothing_in_it_is_secret(text):
    assert mask_text(text) == Masked(text)


def test_finding_names_the_place_in_the_original_when_digits_are_wide():
    text = "验证码：４８２９１３。"

    (finding,) = mask_text(text).found

    assert (finding.kind, text[finding.start : finding.end]) == ("code", "４８２９１３")


@pytest.mark.parametrize(
    "text", ["482913", "4 8 2 9 1 3", "是 482913 谢谢", "it's 4829", "收到的 482913 不对"]
)
def test_lone_number_is_hidden_when_a_code_was_spoken_of(text):
    assert mask_text(text, awaiting_code=True).kinds == {"code"}
    assert mask_text(text).found == ()


@pytest.mark.parametrize(
    "text", ["5000元", "尾号 1234", "18:30", "¥5000", "2026-11-20", "等了 1200 秒", "订单482913"]
)
def test_number_stays_when_it_is_named_after_a_code_was_spoken_of(text):
    assert mask_text(text, awaiting_code=True).found == ()


@pytest.mark.parametrize(
    "text,speaks",
    [("没收到验证码", True), ("my OTP", True), ("支付密码", True), ("订单", False), ("error code", False)],
)
def test_code_is_expected_next_when_the_text_speaks_of_one(text, speaks):
    assert mentions_code(text) is speaks


@pytest.mark.parametrize(
    "text",
    [
        "4" * 10_000,
        "4 1 1 1 " * 1_250,
        "验证码" * 3_333,
        "password is " * 800,
        "密码 " + "x" * 9_990,
        "-----BEGIN PRIVATE KEY-----" * 370,
        "1*" * 5_000,
        "thisisits" * 1_100,
        "abandon " * 1_250,
    ],
)
def test_masking_ends_when_the_text_is_made_to_be_slow(text):
    masked = mask_text(text).text

    assert mask_text(masked).text == masked


@pytest.mark.parametrize(
    "url,kept",
    [
        ("https://example.com/zh-hans/articles/x/?q=1#top", "https://example.com/zh-hans/articles/x/"),
        ("http://user:secret@example.com:8080/a", "http://example.com:8080/a"),
        ("https://example.com/pay/4111111111111111/", "https://example.com/pay/411111******1111/"),
        ("https://example.com/%E5%AF%86%E7%A0%81135790", "https://example.com/%E5%AF%86%E7%A0%81******"),
        ("/zh-hans/requests/Ab3dEf6hIjKlMnOpQrStUvWxYz012345/", "/zh-hans/requests/***/"),
        ("https://[::1]:8000/x", "https://[::1]:8000/x"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("//example.com/x", ""),
        ("https://example.com:99999999/", ""),
        ("", ""),
    ],
)
def test_address_keeps_only_its_path_when_masked(url, kept):
    assert mask_url(url) == kept


@pytest.mark.parametrize(
    "name,kept",
    [
        ("IMG_20261120_183025.jpg", "IMG_20261120_183025.jpg"),
        ("mmexport1700000000000.jpg", "mmexport1700000000000.jpg"),
        ("卡4111111111111111.png", "卡411111xxxxxx1111.png"),
        ("身份证11010519491231002X.pdf", "身份证110xxxxxxxxxxx002X.pdf"),
        ("13812345678", "138xxxx5678"),
        ("账单.txt", "账单.txt"),
    ],
)
def test_file_name_keeps_its_extension_when_masked(name, kept):
    assert mask_filename(name) == kept
