"""Filling in the placeholders of canned replies. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PLACEHOLDER = re.compile(
    r"(?P<before>[ \t]*[,，、]?[ \t]*)\{(?P<name>[a-z_]{1,20})\}(?P<after>[ \t]*[,，、]?[ \t]*)"
)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known in the place of `{name}` and the like.

    What is known to be empty goes with the comma or space that leads to it; a placeholder that isn't one of
    `values` stays, so that whoever sends the text sees it.
    """

    def put(found: re.Match[str]) -> str:
        value = values.get(found["name"])
        if value is None:
            return found[0]
        if value:
            return f"{found['before']}{value}{found['after']}"
        return found["after"] if found["before"] else ""

    return _PLACEHOLDER.sub(put, text)
