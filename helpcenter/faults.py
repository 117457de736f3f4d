"""Faults that pass: the database is out of reach, or a disk is full. Nothing is wrong with what was asked for."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

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
    try:
        with transaction.atomic():
            note()
    except (OperationalError, InterfaceError):
        logger.warning("Something besides was not written", exc_info=True)
