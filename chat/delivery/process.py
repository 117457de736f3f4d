"""The chat's part of one server process: started by its first visitor, drained before its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from django.db import DatabaseError

from chat.core import server_frames
from chat.core.terms import CloseCode
from chat.delivery.hub import Hub
from chat.delivery.keeper import Keeper
from chat.delivery.postman import Postman
from chat.delivery.ticker import Ticker
from chat.services import announcements, deployment

logger = logging.getLogger(__name__)
# Clients come back spread over so long that the process that takes them can keep up.
SECONDS_A_SOCKET = 0.015
MOST_DRAIN_SECONDS = 30.0


class ChatProcess:
    """The hub of one event loop with everything that keeps it going."""

    def __init__(self) -> None:
        self.hub: Hub | None = None
        self._starting: asyncio.Future[Hub] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._ticker: Ticker | None = None
        self._postman: Postman | None = None
        self._stop_listening: Callable[[], object] | None = None

    @property
    def is_draining(self) -> bool:
        """Whether this process sends its clients elsewhere, because it ends."""
        return self.hub is not None and self.hub.is_draining

    async def start(self) -> Hub:
        """The running hub; the first caller starts it, whoever comes meanwhile waits."""
        if self.hub is not None:
            return self.hub
        if self._starting is None:
            self._starting = asyncio.ensure_future(self._start())
        try:
            return await asyncio.shield(self._starting)
        finally:
            if self._starting is not None and self._starting.done():
                self._starting = None

    async def _start(self) -> Hub:
        hub = Hub(asyncio.get_running_loop())
        try:
            hub.epoch = await hub.workers.run(deployment.epoch)
        except DatabaseError:
            logger.warning("The database is out of reach", exc_info=True)
            await hub.close()
            raise
        self._stop_listening = announcements.listen(hub.hear)
        self._ticker, self._postman = Ticker(hub.workers), Postman(hub.workers)
        self._tasks = [
            asyncio.create_task(Keeper(hub).run()),
            asyncio.create_task(self._ticker.run()),
            asyncio.create_task(self._postman.run()),
        ]
        self.hub = hub
        return hub

    async def drain(self, most_seconds: float = MOST_DRAIN_SECONDS) -> None:
        """Ask every client to go elsewhere, wait until they have, then end what is left and stop."""
        hub = self.hub
        if hub is None:
            return
        hub.is_draining = True
        seconds = min(most_seconds, len(hub.sockets) * SECONDS_A_SOCKET)
        for socket in list(hub.sockets):
            socket.tell(server_frames.drain(int(seconds * 1000)))
        deadline = hub.loop.time() + seconds + (0.2 if hub.sockets else 0)
        while hub.sockets and hub.loop.time() < deadline:
            await asyncio.sleep(0.05)
        for socket in list(hub.sockets):
            socket.close(CloseCode.RESTART)
        await asyncio.sleep(0)
        await self.stop()

    async def stop(self) -> None:
        """Stop at once; what was submitted is written."""
        hub, self.hub = self.hub, None
        if hub is None:
            return
        if self._stop_listening:
            self._stop_listening()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._ticker is not None and self._postman is not None:
            await self._ticker.stop()
            await self._postman.stop()
        await hub.close()


process = ChatProcess()
