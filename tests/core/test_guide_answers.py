"""What customers type at the end of a guided fix is read kindly and refused clearly."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from faq.core.guide_answers import (
    MAX_SUMMARY,
    AnswerError,
    read_amount,
    read_fields,
    read_text,
    read_time,
    summary,
)

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
LINE = "%(label)s: %(text)s"


@pytest.mark.parametrize(
    "typed, shown",
    [
        ("128", "¥128.00"),
        ("¥1,280.5", "¥1,280.50"),
        ("￥１，２８０．５０", "¥1,280.50"),
        ("1280元", "¥1,280.00"),
        ("RMB 20", "¥20.00"),
        ("人民币 20 元", "¥20.00"),
        ("1.5万", "¥15,000.00"),
        (".5", "¥0.50"),
        ("1 280.50", "¥1,280.50"),
        ("$20", "US$20.00"),
        ("20 usd", "US$20.00"),
        ("港币300", "HK$300.00"),
    ],
)
def test_amount_is_understood_when_written_as_people_do(typed, shown):
    assert read_amount(typed) == shown


@pytest.mark.parametrize(
    "typed, code",
    [
        ("about twenty", "not_amount"),
        ("元", "not_amount"),
        ("-5", "not_amount"),
        ("1,00", "not_amount"),
        ("12.345", "not_amount"),
        ("1e9", "not_amount"),
        ("20 yen", "not_amount"),
        ("$20元", "not_amount"),
        ("1.2.3", "not_amount"),
        ("0.00", "zero_amount"),
        ("4111111111111111", "large_amount"),
        ("9" * 5000, "large_amount"),
    ],
)
def test_amount_is_refused_when_it_is_none(typed, code):
    with pytest.raises(AnswerError) as refused:
        read_amount(typed)

    assert refused.value.code == code


@pytest.mark.parametrize(
    "typed, offset, shown",
    [
        ("2026-11-23T14:00", "", "2026-11-23 14:00 (UTC+08:00)"),
        ("2026-11-23T14:00:59", "", "2026-11-23 14:00 (UTC+08:00)"),
        ("2026年11月3日 9点", "", "2026-11-03 09:00 (UTC+08:00)"),
        ("2026/11/3 9:05", "", "2026-11-03 09:05 (UTC+08:00)"),
        ("２０２６－１１－２３　１４：００", "", "2026-11-23 14:00 (UTC+08:00)"),
        ("2026-11-23T15:00", "540", "2026-11-23 15:00 (UTC+09:00)"),
        ("2026-11-23T01:00", "-300", "2026-11-23 01:00 (UTC-05:00)"),
        ("2026-11-23T14:00", "9999", "2026-11-23 14:00 (UTC+08:00)"),
        ("2026-11-23T14:00", "<x>", "2026-11-23 14:00 (UTC+08:00)"),
    ],
)
def test_time_is_understood_when_typed_or_picked(typed, offset, shown):
    assert read_time(typed, NOW, SHANGHAI, offset) == shown


@pytest.mark.parametrize(
    "typed, offset, code",
    [
        ("yesterday", "", "not_time"),
        ("2026-11-23", "", "not_time"),
        ("2026-02-30T10:00", "", "not_time"),
        ("2026-11-20T24:01", "", "not_time"),
        ("2026-11-23T14:06", "", "future"),
        ("2026-11-23T14:00", "0", "future"),
        ("9999-12-31T23:59", "-720", "future"),
        ("0001-01-01T00:00", "840", "long_ago"),
    ],
)
def test_time_is_refused_when_it_cannot_be(typed, offset, code):
    with pytest.raises(AnswerError) as refused:
        read_time(typed, NOW, SHANGHAI, offset)

    assert refused.value.code == code


def test_text_becomes_one_plain_line_when_it_holds_breaks_and_controls():
    assert read_text("账户\x07异常\r\n\u202eplease wait\t") == "账户 异常 please wait"


def test_text_is_refused_when_it_is_too_long():
    with pytest.raises(AnswerError) as refused:
        read_text("长" * 301)

    assert refused.value.code == "long_text"


def fields(kind, required=True, options=()):
    return [{"key": "x", "kind": kind, "required": required, "label": "X", "options": list(options)}]


@pytest.mark.parametrize("kind", ["datetime", "amount", "text", "choice"])
def test_empty_field_is_an_error_only_when_it_is_required(kind):
    needed = read_fields(fields(kind), {"x": "  "}, NOW, SHANGHAI)[0]
    optional = read_fields(fields(kind, required=False), {}, NOW, SHANGHAI)[0]

    assert (needed.error, optional.error, optional.shown) == ("required", "", "")


def test_choice_is_refused_when_it_is_not_offered():
    typed = [{"x": "Card"}, {"x": "<script>"}]
    read = [read_fields(fields("choice", options=["Card"]), values, NOW, SHANGHAI)[0] for values in typed]

    assert [(item.shown, item.error) for item in read] == [("Card", ""), ("", "not_option")]


def test_typed_value_is_kept_when_it_is_refused():
    item = read_fields(fields("amount"), {"x": "twenty"}, NOW, SHANGHAI)[0]

    assert (item.raw, item.shown, item.error) == ("twenty", "", "not_amount")


def test_summary_lists_sections_and_leaves_out_empty_ones():
    text = summary("Title", [("Details", []), ("Checked", [("Ok?", "Yes"), ("Amount", "¥5.00")])], LINE)

    assert text == "Title\n\nChecked\n- Ok? Yes\n- Amount: ¥5.00"


def test_summary_is_cut_when_it_would_not_fit_the_contact_form():
    text = summary("Title", [("Checked", [("Question?", "answer " * 40)] * 20)], LINE)

    assert len(text) <= MAX_SUMMARY
    assert text.endswith("…")


@given(
    raw=st.text(), offset=st.text(max_size=5), kind=st.sampled_from(["datetime", "amount", "text", "choice"])
)
def test_anything_typed_is_read_or_refused_with_a_reason(raw, offset, kind):
    item = read_fields(fields(kind), {"x": raw, "utc_offset": offset}, NOW, SHANGHAI)[0]

    assert bool(item.shown) is not bool(item.error)
