"""What clients may say, once it has been understood. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chat.core.terms import Status

Ref = str | int | None


class BadFrame(ValueError):
    """A frame that nobody of ours would send; `mid` and `ref` say which one, where they could be read."""

    def __init__(self, reason: str, mid: str | None = None, ref: Ref = None) -> None:
        super().__init__(reason)
        self.mid = mid
        self.ref = ref


@dataclass(frozen=True, slots=True)
class Hello:
    """A visitor's first frame."""

    token: str
    after: int


@dataclass(frozen=True, slots=True)
class AgentHello:
    """An agent's first frame: conversations to listen to, and the last number known of each."""

    open: tuple[tuple[UUID, int], ...]


@dataclass(slots=True)
class Send:
    """A text."""

    conversation: UUID | None
    mid: str
    text: str
    attachments: tuple[UUID, ...] = ()
    internal: bool = False
    rev: int | None = None


@dataclass(slots=True)
class Got:
    """Everything up to `n` has arrived."""

    conversation: UUID | None
    n: int


@dataclass(frozen=True, slots=True)
class Read:
    """Everything up to `n` has been seen."""

    conversation: UUID | None
    n: int


@dataclass(frozen=True, slots=True)
class Typing:
    """Somebody types."""

    conversation: UUID | None


@dataclass(frozen=True, slots=True)
class Ping:
    """Are you there? The last numbers known go along."""

    heads: dict[str, int]


@dataclass(frozen=True, slots=True)
class Pong:
    """I am."""


@dataclass(frozen=True, slots=True)
class Sync:
    """Send again from `after` on."""

    conversation: UUID | None
    after: int


@dataclass(frozen=True, slots=True)
class Open:
    """Listen to a conversation."""

    conversation: UUID
    after: int
    ref: Ref = None


@dataclass(frozen=True, slots=True)
class Leave:
    """Listen no more."""

    conversation: UUID
    ref: Ref = None


@dataclass(frozen=True, slots=True)
class PresenceChoice:
    """Be online, away or offline."""

    status: Status
    ref: Ref = None


@dataclass(frozen=True, slots=True)
class Accept:
    """Take a conversation."""

    conversation: UUID
    ref: Ref = None


@dataclass(frozen=True, slots=True)
class Decline:
    """Don't take an offered conversation."""

    conversation: UUID
    ref: Ref = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """Give a conversation to an agent or a topic."""

    conversation: UUID
    agent: int | None
    topic: str | None
    note: str
    ref: Ref = None


@dataclass(frozen=True, slots=True)
class CloseConversation:
    """End a conversation."""

    conversation: UUID
    reason: str
    ref: Ref = None


VisitorFrame = Hello | Send | Got | Read | Typing | Ping | Pong | Sync
AgentVerb = Open | Leave | PresenceChoice | Accept | Decline | Transfer | CloseConversation
AgentFrame = AgentHello | Send | Got | Read | Typing | Ping | Pong | Sync | AgentVerb
