"""What has to happen regularly in one process: cursors, states, signs of life, comparing with the database."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from itertools import islice

from django.db import DatabaseError

from chat.core.terms import BEAT_SECONDS
from chat.delivery.hub import Hub
from chat.services import deployment

logger = logging.getLogger(__name__)
PULSE_SECONDS = 0.25
PULSES_A_SECOND = round(1 / PULSE_SECONDS)
PULSES_A_BEAT = round(BEAT_SECONDS / PULSE_SECONDS)
COMPARE_SECONDS = 10


class Keeper:
    """Keeps one hub going until it is cancelled; nothing that fails once stops it."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._beaten = 0

    async def run(self) -> None:
        """Look after everything, for ever."""
        pulse = 0
        comparing: asyncio.Task[None] | None = None
        while True:
            await asyncio.sleep(PULSE_SECONDS)
            pulse += 1
            self._hub.spawn(self._hub.tell_cursors())
            await self._safely(self._hub.tell_states())
            self._beat(pulse)
            if pulse % PULSES_A_SECOND == 0:
                self._check_stalls()
                self._hub.store_cursors()
            due = pulse % (COMPARE_SECONDS * PULSES_A_SECOND) == 0
            if due and (comparing is None or comparing.done()):
                comparing = asyncio.create_task(self._safely(self._compare()))

    async def _compare(self) -> None:
        await self._hub.compare_all()
        epoch = await self._hub.workers.run(deployment.epoch)
        if self._hub.epoch and epoch != self._hub.epoch:
            logger.warning("The database was restored; every client starts anew")
            self._hub.epoch = epoch
            self._hub.send_away()

    def _beat(self, pulse: int) -> None:
        """Every socket once in a beat, a part of them at each pulse, so that thousands make no jolt."""
        sockets = self._hub.sockets
        if pulse % PULSES_A_BEAT == 0:
            self._beaten = 0
        share = -(-len(sockets) // PULSES_A_BEAT)
        for socket in list(islice(sockets, self._beaten, self._beaten + share)):
            socket.beat()
        self._beaten += share

    def _check_stalls(self) -> None:
        for socket in list(self._hub.sockets):
            socket.check_stall()

    async def _safely(self, work: Awaitable[None]) -> None:
        try:
            await work
        except DatabaseError:
            logger.warning("The database is out of reach", exc_info=True)
        except Exception:
            logger.exception("Looking after the chat failed once")
