"""An event of a conversation as the wire knows it. Pure.

An event is encoded once: its two forms differ in the number only, except where it speaks of another event.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

from chat.core.terms import Audience, EventKind

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


# Not frozen, as thousands are made each second and freezing costs half of that; nobody changes one.
@dataclass(slots=True)
class Record:
    """What is stored of an event; `conversation` is the key of its row.

    `pub_seq` is None for what only agents may see.
    """

    conversation: int
    seq: int
    pub_seq: int | None
    kind: str
    author_kind: str
    author: int
    author_name: str
    text: str
    mid: str | None
    at: datetime
    attachments: list[dict[str, Any]] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)


@lru_cache(256)
def wire_time(at: datetime) -> str:
    """A moment as `2026-01-31T08:15:30.123Z`."""
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    return at.isoformat(timespec="milliseconds")[:23] + "Z"


def number(record: Record, audience: Audience) -> int | None:
    """The event's number in the numbering of `audience`; None when it isn't theirs to see."""
    return record.pub_seq if audience == Audience.VISITOR else record.seq


def encode(record: Record) -> tuple[str | None, str]:
    """The event as JSON for the visitor (None when it isn't theirs) and for agents."""
    body = _body(record, record.data)
    for_agents = f'{{"n":{record.seq},{body}'
    if record.pub_seq is None:
        return None, for_agents
    if record.kind == EventKind.REDACTED:
        body = _body(record, _for_visitor(record.data))
    return f'{{"n":{record.pub_seq},{body}', for_agents


def as_dict(record: Record, audience: Audience) -> dict[str, Any]:
    """The event for an answer over HTTP; the caller filters what `audience` may not see."""
    visitor, agent = encode(record)
    found: dict[str, Any] = json.loads(agent if audience == Audience.AGENT else visitor or "{}")
    return found


def _body(record: Record, data: dict[str, Any]) -> str:
    """Everything but the number, without the opening brace.

    Put together by hand: most events are a text and nothing else, and each is encoded for everybody at once.
    """
    if data:
        data = {key: value for key, value in data.items() if key != "target_pub"}
    files = _encode(record.attachments) if record.attachments else "[]"
    mid = f'"{record.mid}"' if record.mid else "null"
    return (
        f'"kind":"{record.kind}","author":{_author(record.author_kind, record.author_name)},'
        f'"text":{encode_basestring(record.text)},"attachments":{files},"mid":{mid},'
        f'"at":"{wire_time(record.at)}","data":{_encode(data) if data else "{}"}}}'
    )


@lru_cache(1024)
def _author(kind: str, name: str) -> str:
    return _encode({"kind": kind, "name": name})


def _for_visitor(data: dict[str, Any]) -> dict[str, Any]:
    """A redaction names its target by the visitor's number."""
    return {**data, "target": data.get("target_pub")}
