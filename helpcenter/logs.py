"""Log lines for machines: one JSON object a line, from an allow-list of fields."""

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

# Only these extras are written. Customers' texts, tokens, query strings and addresses are never among them.
FIELDS = ("status_code", "request_id", "conversation", "route", "duration_ms")

# The number of the request that is being answered in this thread; empty outside of one.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# Whoever holds the address of a private page holds its key, so no log may hold it.
PRIVATE_LINK = re.compile(r"(/requests/|%2Frequests%2F)[^/\s?#\"'\\%]+", re.IGNORECASE)


def without_private_links(line: str) -> str:
    """The line with the tokens of private links replaced by stars."""
    return PRIVATE_LINK.sub(r"\1***", line)


class TextFormatter(logging.Formatter):
    """Formats a record for people, tracebacks included, without private links."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines."""
        return without_private_links(super().format(record))


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON, without private links."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; line breaks inside values are escaped by JSON itself."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if number := request_id.get():
            line["request_id"] = number
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return without_private_links(json.dumps(line, ensure_ascii=False, default=str))
