"""The words of the chat's wire contract (docs/protocol.md). Pure."""

from enum import IntEnum, StrEnum

PROTOCOL_VERSION = 1
MAX_TEXT = 2000  # code points
MAX_FRAME_BYTES = 16 * 1024
MAX_ATTACHMENTS = 5
BEAT_SECONDS = 20
HELLO_SECONDS = 5
CREDIT = 64  # events that a socket may leave unacknowledged


class State(StrEnum):
    """Where a conversation is."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACTIVE = "active"
    CLOSED = "closed"
    MESSAGE = "message"


class EventKind(StrEnum):
    """What an event of a conversation is."""

    MESSAGE = "message"
    NOTE = "note"
    REDACTED = "redacted"
    STATE = "state"
    ASSIGNED = "assigned"
    ARTICLE = "article"
    RATING = "rating"


class AuthorKind(StrEnum):
    """Who caused an event."""

    VISITOR = "visitor"
    AGENT = "agent"
    SYSTEM = "system"
    ASSISTANT = "assistant"


class Audience(StrEnum):
    """Whose numbering a number is in: visitors count what they may see, agents count everything."""

    VISITOR = "visitor"
    AGENT = "agent"


class Status(StrEnum):
    """What an agent has chosen to be."""

    ONLINE = "online"
    AWAY = "away"
    OFFLINE = "offline"


class Nack(StrEnum):
    """Why something was not done."""

    RATE_LIMITED = "rate_limited"
    TOO_LONG = "too_long"
    EMPTY = "empty"
    CLOSED = "closed"
    NOT_ASSIGNEE = "not_assignee"
    STALE_REV = "stale_rev"
    MID_CONFLICT = "mid_conflict"
    TAKEN = "taken"
    BAD_FRAME = "bad_frame"
    UNAVAILABLE = "unavailable"
    BLOCKED = "blocked"
    SECRET_REQUEST = "secret_request"  # noqa: S105 - a code, no secret


class CloseCode(IntEnum):
    """Why the server closed a socket."""

    BAD_PROTOCOL = 4400
    NOT_AUTHENTICATED = 4401
    FORBIDDEN = 4403
    TIMEOUT = 4408
    REPLACED = 4409
    TOO_BIG = 4413
    FLOOD = 4429
    OVERLOADED = 4503
    RESTART = 1012
