"""What the client's state machine wants done or wants known. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Frame = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Transmit:
    """Send this frame."""

    frame: Frame


@dataclass(frozen=True, slots=True)
class Close:
    """Close the socket with this code."""

    code: int


@dataclass(frozen=True, slots=True)
class ConnectAfter:
    """Open a new socket in so many seconds; `by_http` when the HTTP calls have to do meanwhile."""

    seconds: float
    by_http: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """The server doesn't want this client any more; nothing is tried again."""

    code: int


@dataclass(frozen=True, slots=True)
class Acked:
    """A text is on disk: it may be shown as sent."""

    conversation: str
    mid: str
    n: int
    dup: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """A text was not taken and won't be tried again."""

    conversation: str
    mid: str
    code: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The connection ended before anybody said what became of this text; it is sent again later."""

    conversation: str
    mid: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The list of a conversation has changed."""

    conversation: str


@dataclass(frozen=True, slots=True)
class Done:
    """A verb was done (`code` is None) or refused."""

    verb: str
    conversation: str
    code: str | None
    rev: int | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """A frame that the person in front of the client may act on: offer, state, cursor, gone, welcome …"""

    frame: Frame


Action = Transmit | Close | ConnectAfter | Stop | Acked | Refused | Unknown | Shown | Done | Heard
