"""What the server says: frames of the sockets as compact JSON. Pure."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from chat.core.events import wire_time
from chat.core.terms import BEAT_SECONDS, CREDIT, Nack

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_PONG = '{"type":"pong"}'
_INBOX = '{"type":"inbox"}'


def _frame(kind: str, **values: Any) -> str:
    return _encode({"type": kind, **{name: value for name, value in values.items() if value is not None}})


def welcome(
    *,
    epoch: str,
    now: datetime,
    head: int | None = None,
    state: dict[str, Any] | None = None,
    agent: dict[str, Any] | None = None,
    presence: str | None = None,
    heads: dict[str, int] | None = None,
    offers: list[dict[str, Any]] | None = None,
) -> str:
    """The first frame; visitors get their head and state, agents themselves, heads and offers."""
    return _frame(
        "welcome",
        epoch=epoch,
        now=wire_time(now),
        beat=BEAT_SECONDS,
        credit=CREDIT,
        head=head,
        state=state,
        agent=agent,
        presence=presence,
        heads=heads,
        offers=offers,
    )


def caught_up(conversation: str, head: int) -> str:
    """The backlog has been sent."""
    return f'{{"type":"caught_up","conversation":"{conversation}","head":{head}}}'


def ack(mid: str, conversation: str, n: int, at: datetime, dup: bool) -> str:
    """A text is on disk."""
    return (
        f'{{"type":"ack","mid":"{mid}","conversation":"{conversation}","n":{n},"at":"{wire_time(at)}",'
        f'"dup":{"true" if dup else "false"}}}'
    )


def ack_ref(ref: str | int | None, conversation: str | None = None, rev: int | None = None) -> str:
    """An agent's verb has been done."""
    return _frame("ack", ref=ref, conversation=conversation, rev=rev)


def nack(
    code: Nack,
    message: str,
    *,
    mid: str | None = None,
    ref: str | int | None = None,
    retry_ms: int | None = None,
    by: str | None = None,
) -> str:
    """Something was not done."""
    return _frame("nack", mid=mid, ref=ref, code=code, message=message, retry_ms=retry_ms, by=by)


def cursor(conversation: str, who: str, delivered: int, read: int) -> str:
    """How far one side has got."""
    return f'{{"type":"cursor","conversation":"{conversation}","who":"{who}","delivered":{delivered},"read":{read}}}'


def typing(conversation: str) -> str:
    """The other side types."""
    return f'{{"type":"typing","conversation":"{conversation}"}}'


def ping(heads: dict[str, int]) -> str:
    """Are you there?"""
    return _frame("ping", heads=heads)


def pong() -> str:
    """I am."""
    return _PONG


def state(conversation: str, state: dict[str, Any]) -> str:
    """Where a conversation is now."""
    return _frame("state", conversation=conversation, state=state)


def gone(conversation: str, reason: str) -> str:
    """This conversation is no longer for you."""
    return _frame("gone", conversation=conversation, reason=reason)


def drain(ms: int) -> str:
    """Connect anew, at a random moment within `ms` milliseconds."""
    return f'{{"type":"drain","ms":{ms}}}'


def offer(conversation: str, expires_at: str, summary: dict[str, Any]) -> str:
    """A conversation is held out to this agent."""
    return _frame("offer", conversation=conversation, expires_at=expires_at, summary=summary)


def offer_ended(conversation: str, reason: str) -> str:
    """An offer is over."""
    return _frame("offer_ended", conversation=conversation, reason=reason)


def presence(status: str) -> str:
    """The agent's status has changed, perhaps not by themselves."""
    return _frame("presence", status=status)


def inbox() -> str:
    """The list has changed: fetch it."""
    return _INBOX
