"""The clock of the house: one process among many does every second what has fallen due."""

from __future__ import annotations

import asyncio
import logging
from uuid import uuid4

from django.db import DatabaseError

from chat.delivery.workers import Workers
from chat.services import due, duties, routing

logger = logging.getLogger(__name__)
DUTY = "ticker"
HELD_SECONDS = 10.0
TICK_SECONDS = 1.0
TICKS_A_TIDYING = 60
MOST_PAUSE_SECONDS = 30.0


class Ticker:
    """Ticks until it is cancelled; what fails once is tried again, less and less often."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._me = uuid4()
        self._ticks = 0

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
        try:
            await self._workers.run(duties.let_go, DUTY, self._me)
        except DatabaseError:
            # It runs out by itself.
            logger.warning("The ticker's duty could not be handed on")

    def tick(self) -> None:
        """Do what is due, if that is this process's duty."""
        if not duties.hold(DUTY, self._me, HELD_SECONDS):
            return
        self._ticks += 1
        if due.run_due():
            routing.run()
        if self._ticks % TICKS_A_TIDYING == 0:
            due.tidy()
