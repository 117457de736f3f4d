"""Telling those who deliver what has changed, after the change is on disk.

Services don't know who listens. What is announced is a hint: whoever misses it finds the change in the
database, so nothing here may fail a change.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import transaction

from chat.core.events import Record

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """What has changed.

    `records` are new events of `conversation`; `state` says that its state, agent or place changed; `agents` are
    keys of agents whose offers, conversations or presence changed; `queue` says that the queue has changed.
    """

    conversation: int | None = None
    records: tuple[Record, ...] = ()
    state: bool = False
    agents: tuple[int, ...] = ()
    queue: bool = False


_listeners: list[Callable[[Notice], None]] = []


def listen(listener: Callable[[Notice], None]) -> Callable[[], None]:
    """Call `listener`, which must be quick and safe for threads, with every notice; returns how to stop."""
    _listeners.append(listener)
    return partial(_listeners.remove, listener)


def announce(notice: Notice) -> None:
    """Tell it once the current transaction is committed, at once without one."""
    transaction.on_commit(partial(tell, notice), robust=True)


def tell(notice: Notice) -> None:
    """Tell it now: the change is committed."""
    for listener in tuple(_listeners):
        try:
            listener(notice)
        except Exception:
            logger.exception("A notice was lost; who missed it finds the change in the database")
