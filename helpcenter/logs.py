"""Log lines for machines: one JSON object a line, from an allow-list of fields."""

import json
import logging
from datetime import UTC, datetime

# Only these extras are written. Customers' texts, tokens, query strings and addresses are never among them.
FIELDS = ("status_code", "request_id", "conversation", "route", "duration_ms")


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; line breaks inside values are escaped by JSON itself."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
