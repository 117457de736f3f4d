"""Faults that pass: the database is out of reach, or a disk is full. Nothing is wrong with what was asked for."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.db import InterfaceError, OperationalError, connection, transaction

logger = logging.getLogger(__name__)
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
# After so many seconds another try is worth it.
RETRY_SECONDS = 5


def passes(problem: BaseException | None) -> bool:
    """Whether the same may succeed later without anybody changing the program."""
    if isinstance(problem, OperationalError | InterfaceError):
        return True
    return isinstance(problem, OSError) and problem.errno in FULL


def by_the_way(note: Callable[[], Any]) -> None:
    """Write something besides what was asked for; what can't be written now is logged, and nothing else fails."""
    # Alone, one statement is a transaction by itself; within one, a savepoint keeps the rest from failing with it.
    guard = transaction.atomic() if connection.in_atomic_block else nullcontext()
    try:
        with guard:
            note()
    except (OperationalError, InterfaceError):
        logger.warning("Something besides was not written", exc_info=True)
