"""The clock of the house: one process among many does every second what has fallen due."""

from __future__ import annotations

import asyncio
import logging
import time
from uuid import uuid4

from django.conf import settings
from django.db import DatabaseError

from chat.delivery.workers import Workers
from chat.services import due, duties, routing

logger = logging.getLogger(__name__)
DUTY = "ticker"
HELD_SECONDS = 10.0
TICK_SECONDS = 1.0
# After such a pause, a start included, desks are given the time of a lease to come back.
GAP_SECONDS = 15.0
# A duty that is held for longer than that needs no prolonging yet.
SPARE_SECONDS = 6.0
TICKS_A_LOOK_FOR_IDLE = 10
TICKS_A_TIDYING = 60
MOST_PAUSE_SECONDS = 30.0


class Ticker:
    """Ticks until it is cancelled; what fails once is tried again, less and less often."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._me = uuid4()
        self._ticks = 0
        self._held_until = 0.0
        self._ticked_at = self._steady_since = time.monotonic() - 2 * GAP_SECONDS

    async def run(self) -> None:
        """Tick for ever."""
        pause = TICK_SECONDS
        while True:
            await asyncio.sleep(pause)
            try:
                await self._workers.run(self.tick)
                pause = TICK_SECONDS
            except DatabaseError:
                logger.warning("The database is out of reach; what is due waits", exc_info=True)
                pause = min(MOST_PAUSE_SECONDS, pause * 2)
            except Exception:
                logger.exception("What is due could not be done")
                pause = min(MOST_PAUSE_SECONDS, pause * 2)

    async def stop(self) -> None:
        """Leave the duty to another process at once."""
        self._held_until = 0.0
        try:
            await self._workers.run(duties.let_go, DUTY, self._me)
        except DatabaseError:
            # It runs out by itself.
            logger.warning("The ticker's duty could not be handed on")

    def tick(self) -> None:
        """Do what is due, if that is this process's duty."""
        if not self._holds():
            return
        self._ticks += 1
        if due.run_due(requeue=self._is_steady(), idle=self._ticks % TICKS_A_LOOK_FOR_IDLE == 0):
            routing.run()
        if self._ticks % TICKS_A_TIDYING == 0:
            due.tidy()

    def _holds(self) -> bool:
        """Whether the duty is ours; it is prolonged before it runs out, and not with every tick: that is a commit."""
        now = time.monotonic()
        if self._held_until - now > SPARE_SECONDS:
            return True
        is_ours = duties.hold(DUTY, self._me, HELD_SECONDS)
        self._held_until = now + HELD_SECONDS if is_ours else 0.0
        return is_ours

    def _is_steady(self) -> bool:
        """Whether this process has ticked without a gap for as long as a lease lives."""
        now = time.monotonic()
        if now - self._ticked_at > GAP_SECONDS:
            self._steady_since = now
        self._ticked_at = now
        return now - self._steady_since >= settings.CHAT_TIMINGS.lease.total_seconds()
