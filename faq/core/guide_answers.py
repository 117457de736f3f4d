"""What a customer types at the end of a guided fix, read kindly: times, amounts, texts and choices.

Pure: no Django, no clock. Errors are codes; the words for them belong to the page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any

MAX_TEXT = 300
# Line breaks count double once a browser has posted them, and the form takes 2,000 characters.
MAX_SUMMARY = 1900
MAX_AMOUNT = Decimal(10) ** 9
# A phone's clock may run ahead of ours by so much without "in the future" being said.
CLOCK_SLACK = timedelta(minutes=5)
FIRST_YEAR = 2000
# The widest offsets from UTC that there are, in minutes.
OFFSETS = range(-12 * 60, 14 * 60 + 1)

# Categories of characters that show nothing, and the marks by which a text can pose as another.
UNSEEN = {"Cc", "Cs", "Zl", "Zp"}
TURNS = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

CURRENCIES = {
    "¥": {"¥", "元", "块", "圆", "人民币", "rmb", "cny", "yuan"},
    "US$": {"$", "us$", "usd", "美元"},
    "HK$": {"hk$", "hkd", "港币", "港元"},
    "€": {"€", "eur", "euro", "euros", "欧元"},
    "£": {"£", "gbp", "英镑"},
}
SYMBOLS = {name: symbol for symbol, names in CURRENCIES.items() for name in names}
AMOUNT = re.compile(
    r"(?P<before>[^\d.,+-]*?)(?P<number>\d{1,3}(?:[, ]\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{0,2})?|\.\d{1,2})"
    r"(?P<ten_thousand>万)?(?P<after>[^\d.,]*)"
)
TIME = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?[T\s]*"
    r"(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})?分?(?::\d{1,2}(?:\.\d+)?)?"
)


class AnswerError(ValueError):
    """A typed value that can't be taken as it is; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Filled:
    """A field with what was typed and how it reads in the summary."""

    field: dict[str, Any]
    raw: str
    shown: str = ""
    error: str = ""


def read_amount(text: str) -> str:
    """`¥1,280.5`, `１２８０．５元` or `1280.5` as `¥1,280.50`: yuan, unless another currency is named.

    Raises `AnswerError`: `not_amount`, `zero_amount`, `large_amount`.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).replace("、", ",").split()).lower()
    match = AMOUNT.fullmatch(plain)
    units = {unit for name in ("before", "after") if match and (unit := match[name].strip())}
    symbols = {SYMBOLS.get(unit) for unit in units} or {"¥"}
    if match is None or len(symbols) > 1 or None in symbols:
        raise AnswerError("not_amount")
    value = Decimal(re.sub("[, ]", "", match["number"])) * (10_000 if match["ten_thousand"] else 1)
    if value == 0:
        raise AnswerError("zero_amount")
    if value >= MAX_AMOUNT:
        raise AnswerError("large_amount")
    return f"{symbols.pop()}{value:,.2f}"


def read_time(text: str, now: datetime, zone: tzinfo, offset: str = "") -> str:
    """A date and time, as browsers send or people write it, with its offset: `2026-11-23 14:05 (UTC+08:00)`.

    `now` is aware; `offset` is the browser's, in minutes east of UTC, else `zone` counts. Raises
    `AnswerError`: `not_time`, `future`, `long_ago`.
    """
    match = TIME.fullmatch(" ".join(unicodedata.normalize("NFKC", text).split()))
    if match is None:
        raise AnswerError("not_time")
    parts = (int(match[name] or 0) for name in ("year", "month", "day", "hour", "minute"))
    try:
        typed = datetime(*parts, tzinfo=_offset_zone(offset) or zone)  # type: ignore[arg-type,misc]
    except ValueError as error:
        raise AnswerError("not_time") from error
    if typed.year < FIRST_YEAR:
        raise AnswerError("long_ago")
    if typed.year > now.year + 1 or typed > now + CLOCK_SLACK:
        raise AnswerError("future")
    east = typed.strftime("%z")
    return f"{typed:%Y-%m-%d %H:%M} (UTC{east[:3]}:{east[3:5]})"


def _offset_zone(offset: str) -> tzinfo | None:
    if not re.fullmatch(r"-?\d{1,3}", offset) or int(offset) not in OFFSETS:
        return None
    return timezone(timedelta(minutes=int(offset)))


def read_text(text: str) -> str:
    """One line of plain text; raises `AnswerError`: `long_text`."""
    line = one_line(text)
    if len(line) > MAX_TEXT:
        raise AnswerError("long_text")
    return line


def one_line(text: str) -> str:
    """The text without line breaks, control characters and marks that turn the direction of writing."""
    kept = (" " if unicodedata.category(c) in UNSEEN or c in TURNS else c for c in text)
    return " ".join("".join(kept).split())


def read_choice(text: str, options: list[str]) -> str:
    """One of the options; raises `AnswerError`: `not_option`."""
    if text not in options:
        raise AnswerError("not_option")
    return text


def read_fields(
    fields: list[dict[str, Any]], typed: Mapping[str, str], now: datetime, zone: tzinfo
) -> list[Filled]:
    """Every field with what was typed under its key and the reading of it, or why there is none.

    Empty optional fields have no reading and no error.
    """
    offset = typed.get("utc_offset") or ""
    return [
        _read_field(field, (typed.get(field["key"]) or "").strip(), now, zone, offset) for field in fields
    ]


def _read_field(field: dict[str, Any], raw: str, now: datetime, zone: tzinfo, offset: str) -> Filled:
    if not one_line(raw):
        return Filled(field, raw, error="required" if field["required"] else "")
    try:
        if field["kind"] == "datetime":
            shown = read_time(raw, now, zone, offset)
        elif field["kind"] == "amount":
            shown = read_amount(raw)
        elif field["kind"] == "choice":
            shown = read_choice(raw, field["options"])
        else:
            shown = read_text(raw)
    except AnswerError as error:
        return Filled(field, raw, error=error.code)
    return Filled(field, raw, shown)


def summary(title: str, sections: list[tuple[str, list[tuple[str, str]]]], line: str) -> str:
    """The plain text that a customer copies or sends: a title, then sections of labelled lines.

    At most `MAX_SUMMARY` characters; `line` is the language's way to label: `%(label)s: %(text)s`.
    """
    blocks = [title]
    for heading, rows in sections:
        if rows:
            blocks.append(
                "\n".join([heading, *(f"- {_labelled(label, text, line)}" for label, text in rows)])
            )
    text = "\n\n".join(blocks)
    return text if len(text) <= MAX_SUMMARY else text[: MAX_SUMMARY - 1].rstrip() + "…"


def _labelled(label: str, text: str, line: str) -> str:
    return f"{label} {text}" if label.endswith(("?", "？")) else line % {"label": label, "text": text}
