"""Verbs that were not done."""

from __future__ import annotations

from chat.core.terms import Nack


class Refused(Exception):
    """Nothing was changed; `code` says why, `by` names who was faster."""

    def __init__(self, code: Nack, by: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.by = by
