"""What comes in over HTTP, checked to the last key. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from chat.core.frame_parser import is_deep
from chat.core.terms import MAX_ATTACHMENTS

MAX_BODY_BYTES = 64 * 1024
MOST_DEPTH = 6
MOST_FIELDS = 20
MOST_VALUE = 500
MOST_REASONS = 5
MOST_COMMENT = 1000
MOST_IDENTITY = 8192

_MID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
# No room for a number that somebody would want back.
_KEY = re.compile(r"(?!.*\d{4})[a-zA-Z][a-zA-Z0-9_-]{0,39}")
_REASON = re.compile(r"[a-z][a-z_-]{0,39}")
_EMAIL = re.compile(r"[^@\s<>]{1,64}@[^@\s<>]{1,190}")


class BadBody(ValueError):
    """Not what this call takes; the text names the key."""


@dataclass(frozen=True, slots=True)
class OpeningBody:
    """What opens a conversation."""

    mid: str
    text: str
    topic: str = ""
    language: str = ""
    name: str = ""
    email: str = ""
    page: str = ""
    page_title: str = ""
    article: str = ""
    guide: str = ""
    identity: str = ""
    website: str = ""
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MessageBody:
    """A text with its files."""

    mid: str
    text: str
    attachments: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class RatingBody:
    """How it was."""

    score: int
    reasons: tuple[str, ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeBody:
    """What became of a suggestion."""

    slug: str
    outcome: str


def read_json(raw: bytes) -> dict[str, Any]:
    """An object of JSON; raises `BadBody`."""
    if len(raw) > MAX_BODY_BYTES:
        raise BadBody("body")
    try:
        text = raw.decode("utf-8")
        if is_deep(text, MOST_DEPTH):
            raise BadBody("body")
        body = json.loads(text, parse_constant=_refuse, object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise BadBody("body") from None
    if type(body) is not dict:
        raise BadBody("body")
    return body


def opening(body: dict[str, Any], languages: Iterable[str]) -> OpeningBody:
    """The body of an opening; raises `BadBody`."""
    _only(body, "mid text topic language name email page article guide fields identity website")
    page = {} if body.get("page") is None else body["page"]
    if type(page) is not dict:
        raise BadBody("page")
    _only(page, "url title")
    language = _text(body, "language", 10)
    if language and language not in languages:
        raise BadBody("language")
    email = _text(body, "email", 254).strip()
    if email and not _EMAIL.fullmatch(email):
        raise BadBody("email")
    return OpeningBody(
        _mid(body),
        _required_text(body, "text"),
        _slug(body, "topic"),
        language,
        _text(body, "name", 80).strip(),
        email,
        _text(page, "url", 2000),
        _text(page, "title", 300),
        _slug(body, "article"),
        _slug(body, "guide"),
        _text(body, "identity", MOST_IDENTITY),
        _text(body, "website", 2000),
        _fields(body.get("fields")),
    )


def message(body: dict[str, Any]) -> MessageBody:
    """The body of a message; raises `BadBody`."""
    _only(body, "mid text attachments")
    files = body.get("attachments", [])
    if type(files) is not list or len(files) > MAX_ATTACHMENTS or len(set(map(str, files))) != len(files):
        raise BadBody("attachments")
    if not all(type(file) is str and _UUID.fullmatch(file) for file in files):
        raise BadBody("attachments")
    return MessageBody(_mid(body), _required_text(body, "text"), tuple(map(UUID, files)))


def rating(body: dict[str, Any]) -> RatingBody:
    """The body of a rating; raises `BadBody`."""
    _only(body, "score reasons comment")
    score, reasons = body.get("score"), body.get("reasons", [])
    if type(score) is not int or not 1 <= score <= 5:
        raise BadBody("score")
    if type(reasons) is not list or len(reasons) > MOST_REASONS:
        raise BadBody("reasons")
    if not all(type(reason) is str and _REASON.fullmatch(reason) for reason in reasons):
        raise BadBody("reasons")
    return RatingBody(score, tuple(dict.fromkeys(reasons)), _text(body, "comment", MOST_COMMENT).strip())


def outcome(body: dict[str, Any]) -> OutcomeBody:
    """What became of a suggestion; raises `BadBody`."""
    _only(body, "slug outcome")
    if body.get("outcome") not in ("opened", "solved") or not _slug(body, "slug"):
        raise BadBody("outcome")
    return OutcomeBody(_slug(body, "slug"), body["outcome"])


def identity(body: dict[str, Any]) -> str:
    """The signed token of a host app; raises `BadBody`."""
    _only(body, "identity")
    token = _text(body, "identity", MOST_IDENTITY)
    if not token:
        raise BadBody("identity")
    return token


def nothing(body: dict[str, Any]) -> None:
    """The body of a call that takes none; raises `BadBody`."""
    _only(body, "")


def _refuse(name: str) -> None:
    raise ValueError(name)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    body = dict(pairs)
    if len(body) != len(pairs):
        raise ValueError("a key twice")
    return body


def _only(body: dict[str, Any], keys: str) -> None:
    unknown = body.keys() - set(keys.split())
    if unknown:
        raise BadBody(sorted(unknown)[0][:40])


def _text(body: dict[str, Any], key: str, most: int) -> str:
    value = body.get(key)
    if value is None:
        return ""
    if type(value) is not str or len(value) > most or "\x00" in value or not _is_encodable(value):
        raise BadBody(key)
    return value


def _is_encodable(value: str) -> bool:
    """Lone surrogates fit into no database."""
    return value.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in value)


def _required_text(body: dict[str, Any], key: str) -> str:
    value = body.get(key)
    if type(value) is not str:
        raise BadBody(key)
    return value


def _mid(body: dict[str, Any]) -> str:
    mid = body.get("mid")
    if type(mid) is not str or not _MID.fullmatch(mid):
        raise BadBody("mid")
    return mid


def _slug(body: dict[str, Any], key: str) -> str:
    value = _text(body, key, 80)
    if value and not _SLUG.fullmatch(value):
        raise BadBody(key)
    return value


def _fields(value: Any) -> dict[str, str]:
    if value is None:
        return {}
    if type(value) is not dict or len(value) > MOST_FIELDS:
        raise BadBody("fields")
    found = {}
    for key, one in value.items():
        if type(one) not in (str, int, float) or len(str(one)) > MOST_VALUE or not _KEY.fullmatch(key):
            raise BadBody("fields")
        found[key] = _text({"fields": str(one)}, "fields", MOST_VALUE)
    return found
