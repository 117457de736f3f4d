"""Reading frames of clients, checked to the last key. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from chat.core.frames import (
    Accept,
    AgentFrame,
    AgentHello,
    BadFrame,
    CloseConversation,
    Decline,
    Got,
    Hello,
    Leave,
    Open,
    Ping,
    Pong,
    PresenceChoice,
    Read,
    Ref,
    Send,
    Sync,
    Transfer,
    Typing,
    VisitorFrame,
)
from chat.core.terms import MAX_ATTACHMENTS, PROTOCOL_VERSION, Status

MOST_DEPTH = 8
MOST_OPEN = 50
MOST_HEADS = 200
MOST_NUMBER = 2**53
MOST_REF = 64
MOST_NOTE = 2000
MOST_TOKEN = 200

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_MID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
# What a topic's slug may be.
_SLUG = re.compile(r"[a-zA-Z0-9_-]{1,50}")
# Fits into no database, and lone surrogates into no frame that answers.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_TEXTS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")

Body = dict[str, Any]


def parse_visitor_frame(raw: str) -> VisitorFrame:
    """A visitor's frame; raises `BadFrame`."""
    frame: VisitorFrame = _parse(raw, _VISITOR, is_agent=False)
    return frame


def parse_agent_frame(raw: str) -> AgentFrame:
    """An agent's frame; raises `BadFrame`."""
    frame: AgentFrame = _parse(raw, _AGENT, is_agent=True)
    return frame


def _parse(raw: str, parsers: dict[str, _Parser], *, is_agent: bool) -> Any:
    body = _object(raw)
    try:
        kind = body["type"]
        parser = parsers[kind]
        if not body.keys() <= parser.keys:
            raise BadFrame("unknown key")
        return parser.build(body, is_agent)
    except (BadFrame, KeyError, TypeError, ValueError) as problem:
        reason = str(problem) if isinstance(problem, BadFrame) else "wrong or missing value"
        raise BadFrame(reason, _legible_mid(body), _legible_ref(body)) from None


def _object(raw: str) -> Body:
    if is_deep(raw):
        raise BadFrame("too deep")
    try:
        body = _decode(raw)
    except (ValueError, RecursionError):
        raise BadFrame("no JSON") from None
    if type(body) is not dict:
        raise BadFrame("no object")
    return body


def is_deep(raw: str, most: int = MOST_DEPTH) -> bool:
    """Whether there are more than `most` levels; brackets in texts are none."""
    if raw.count("[") + raw.count("{") <= most:
        return False
    depth = 0
    for sign in _BRACKETS.findall(_TEXTS.sub("", raw)):
        depth += 1 if sign in "[{" else -1
        if depth > most:
            return True
    return False


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _unique(pairs: list[tuple[str, Any]]) -> Body:
    body = dict(pairs)
    if len(body) != len(pairs):
        raise ValueError("a key twice")
    return body


# Made once: a call of `json.loads` with hooks makes a new one each time.
_decode = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=_unique).decode


def _legible_mid(body: Body) -> str | None:
    mid = body.get("mid")
    return mid if type(mid) is str and _MID.fullmatch(mid) else None


def _legible_ref(body: Body) -> Ref:
    try:
        return _ref(body)
    except BadFrame:
        return None


# --- Values ---------------------------------------------------------------------------------------


# A conversation is named by every frame about it.
_made = lru_cache(4096)(UUID)


def _uuid(value: Any) -> UUID:
    if type(value) is not str or not _UUID.fullmatch(value):
        raise BadFrame("no id")
    return _made(value)


def _conversation(body: Body, is_agent: bool) -> UUID | None:
    if is_agent or "conversation" in body:
        return _uuid(body["conversation"])
    return None


def _number(value: Any, least: int) -> int:
    if type(value) is not int or not least <= value <= MOST_NUMBER:
        raise BadFrame("no number")
    return value


def _text(value: Any, most: int) -> str:
    if type(value) is not str or len(value) > most or _UNSTORABLE.search(value):
        raise BadFrame("no text")
    return value


def _ref(body: Body) -> Ref:
    ref = body.get("ref")
    if ref is None or (type(ref) is int and abs(ref) <= MOST_NUMBER):
        return ref
    return _text(ref, MOST_REF)


# --- Frames ---------------------------------------------------------------------------------------


def _hello(body: Body, is_agent: bool) -> Hello:
    if _number(body["v"], 1) != PROTOCOL_VERSION:
        raise BadFrame("another version")
    return Hello(_text(body["token"], MOST_TOKEN), _number(body.get("after", 0), 0))


def _agent_hello(body: Body, is_agent: bool) -> AgentHello:
    if _number(body["v"], 1) != PROTOCOL_VERSION:
        raise BadFrame("another version")
    opened = body.get("open", [])
    if type(opened) is not list or len(opened) > MOST_OPEN:
        raise BadFrame("no list")
    return AgentHello(tuple(_opened(one) for one in opened))


def _opened(one: Any) -> tuple[UUID, int]:
    if type(one) is not dict or one.keys() - {"conversation", "after"}:
        raise BadFrame("unknown key")
    return _uuid(one["conversation"]), _number(one.get("after", 0), 0)


def _send(body: Body, is_agent: bool) -> Send:
    mid = body["mid"]
    if type(mid) is not str or not _MID.fullmatch(mid):
        raise BadFrame("no mid")
    attachments = body.get("attachments", [])
    if type(attachments) is not list or len(attachments) > MAX_ATTACHMENTS:
        raise BadFrame("no list of attachments")
    files = tuple(_uuid(file) for file in attachments)
    if len(set(files)) != len(files):
        raise BadFrame("an attachment twice")
    # As long as it likes and with any sign: cleaning it comes later, when a refusal can say what is wrong.
    text = body["text"]
    if type(text) is not str:
        raise BadFrame("no text")
    visibility = body.get("visibility", "public")
    if visibility not in ("public", "internal"):
        raise BadFrame("no visibility")
    rev = body.get("rev")
    return Send(
        _conversation(body, is_agent),
        mid,
        text,
        files,
        visibility == "internal",
        None if rev is None else _number(rev, 0),
    )


def _got(body: Body, is_agent: bool) -> Got:
    return Got(_conversation(body, is_agent), _number(body["n"], 1))


def _read(body: Body, is_agent: bool) -> Read:
    return Read(_conversation(body, is_agent), _number(body["n"], 1))


def _typing(body: Body, is_agent: bool) -> Typing:
    return Typing(_conversation(body, is_agent))


def _ping(body: Body, is_agent: bool) -> Ping:
    heads = body.get("heads", {})
    if type(heads) is not dict or len(heads) > MOST_HEADS:
        raise BadFrame("no heads")
    return Ping({str(_uuid(key)): _number(value, 0) for key, value in heads.items()})


def _pong(body: Body, is_agent: bool) -> Pong:
    return Pong()


def _sync(body: Body, is_agent: bool) -> Sync:
    return Sync(_conversation(body, is_agent), _number(body["after"], 0))


def _open(body: Body, is_agent: bool) -> Open:
    return Open(_uuid(body["conversation"]), _number(body.get("after", 0), 0), _ref(body))


def _leave(body: Body, is_agent: bool) -> Leave:
    if "after" in body:
        _number(body["after"], 0)
    return Leave(_uuid(body["conversation"]), _ref(body))


def _presence(body: Body, is_agent: bool) -> PresenceChoice:
    return PresenceChoice(Status(_text(body["status"], MOST_REF)), _ref(body))


def _accept(body: Body, is_agent: bool) -> Accept:
    return Accept(_uuid(body["conversation"]), _ref(body))


def _decline(body: Body, is_agent: bool) -> Decline:
    return Decline(_uuid(body["conversation"]), _ref(body))


def _transfer(body: Body, is_agent: bool) -> Transfer:
    agent, topic = body.get("agent"), body.get("topic")
    if (agent is None) == (topic is None):
        raise BadFrame("an agent or a topic")
    if topic is not None and not _SLUG.fullmatch(_text(topic, MOST_REF)):
        raise BadFrame("no topic")
    key = None if agent is None else _number(agent, 1)
    note = _text(body.get("note", ""), MOST_NOTE)
    return Transfer(_uuid(body["conversation"]), key, topic, note, _ref(body))


def _close(body: Body, is_agent: bool) -> CloseConversation:
    return CloseConversation(_uuid(body["conversation"]), _text(body.get("reason", ""), 40), _ref(body))


@dataclass(frozen=True, slots=True)
class _Parser:
    """How one type of frame is read, and every key that it may have."""

    build: Callable[[Body, bool], Any]
    keys: frozenset[str]


def _parser(build: Callable[[Body, bool], Any], keys: str) -> _Parser:
    return _Parser(build, frozenset(("type", *keys.split())))


_BOTH = {
    "got": _parser(_got, "conversation n"),
    "read": _parser(_read, "conversation n"),
    "typing": _parser(_typing, "conversation"),
    "ping": _parser(_ping, "heads"),
    "pong": _parser(_pong, ""),
    "sync": _parser(_sync, "conversation after"),
}
_VISITOR = _BOTH | {
    "hello": _parser(_hello, "v token after"),
    "send": _parser(_send, "conversation mid text attachments"),
}
_AGENT = _BOTH | {
    "hello": _parser(_agent_hello, "v open"),
    "send": _parser(_send, "conversation mid text attachments visibility rev"),
    "open": _parser(_open, "conversation after ref"),
    "leave": _parser(_leave, "conversation after ref"),
    "presence": _parser(_presence, "status ref"),
    "accept": _parser(_accept, "conversation ref"),
    "decline": _parser(_decline, "conversation ref"),
    "transfer": _parser(_transfer, "conversation agent topic note ref"),
    "close": _parser(_close, "conversation reason ref"),
}
