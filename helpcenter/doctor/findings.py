"""What a check finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `mend` says what to do about it."""

    subject: str
    level: Level
    text: str
    mend: str = ""


Check = Callable[[], Iterable[Finding]]


def ok(subject: str, text: str) -> Finding:
    """All is well."""
    return Finding(subject, Level.OK, text)


def warning(subject: str, text: str, mend: str) -> Finding:
    """It works, but not as it should."""
    return Finding(subject, Level.WARNING, text, mend)


def problem(subject: str, text: str, mend: str) -> Finding:
    """It does not work, or is not safe."""
    return Finding(subject, Level.PROBLEM, text, mend)
