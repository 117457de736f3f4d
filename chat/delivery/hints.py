"""Hints between processes: the one module that touches Redis on behalf of the chat.

A hint carries keys and numbers, never a text. It may be lost, doubled or late: whoever misses one finds the
change in the database within seconds. All go over one channel, many in one message: to find out that nobody
here listens to a conversation costs a process less than Redis's client needs for a message of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
from collections.abc import Callable, Iterable
from typing import Any, Protocol
from uuid import uuid4

import redis.asyncio as aioredis
from redis.exceptions import RedisError

from helpcenter.metrics import HINT_SECONDS, HINTS_LOST

logger = logging.getLogger(__name__)

Hint = dict[str, Any]
Hear = Callable[[int | None, Hint], None]
CHANNEL = "helpcenter:chat:hints"
TIMEOUT_SECONDS = 1.0
# A connection on which nothing was heard for so long is asked whether it still lives.
QUIET_SECONDS = 15.0
REPEAT_SECONDS = 60.0
MOST_WAITING = 20_000
MOST_A_MESSAGE = 500


class Hints(Protocol):
    """How processes tell each other that something has changed."""

    async def ready(self) -> None:
        """Return when other processes are heard, or after a second without Redis."""

    def publish(self, conversation: int | None, hint: Hint) -> None:
        """Tell other processes about a conversation, or about agents and the queue (None)."""

    async def close(self) -> None:
        """Send what waits and let go."""


class NoHints:
    """For a single process: there is nobody to tell."""

    async def ready(self) -> None:
        """Nobody to hear."""

    def publish(self, conversation: int | None, hint: Hint) -> None:
        """Nobody to tell."""

    async def close(self) -> None:
        """Nothing to let go of."""


class RedisHints:
    """Redis publish/subscribe with timeouts of its own; a failing Redis makes hints late and nothing else.

    `hear` is called in the event loop with every hint of another process; `lost` whenever hints may have been
    missed.
    """

    def __init__(self, url: str, hear: Hear, lost: Callable[[], None]) -> None:
        options = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
        self._sender = aioredis.from_url(url, **options)
        self._receiver = aioredis.from_url(url, socket_connect_timeout=TIMEOUT_SECONDS, socket_timeout=None)
        self._hear, self._lost = hear, lost
        self._me = uuid4().hex[:12]
        self._is_heard = asyncio.Event()
        self._outgoing: list[tuple[int | None, Hint]] = []
        self._pubsub: Any = None
        self._tasks = [
            asyncio.create_task(self._listen()),
            asyncio.create_task(self._repeat()),
        ]
        self._sending: asyncio.Task[None] | None = None
        self._is_down = False

    async def ready(self) -> None:
        """Wait until Redis has confirmed that this process listens, at most a second, and not while it is away."""
        if self._is_heard.is_set() or self._is_down:
            return
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await self._is_heard.wait()
        except TimeoutError:
            # The database is asked every few seconds anyway.
            self._note_down()

    def publish(self, conversation: int | None, hint: Hint) -> None:
        """Send a hint soon; together with others that are published meanwhile."""
        if len(self._outgoing) >= MOST_WAITING:
            return
        self._outgoing.append((conversation, hint))
        if self._sending is None:
            self._sending = asyncio.create_task(self._send())

    async def close(self) -> None:
        """Send what waits, then close the connections."""
        if self._sending is not None:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._sending), TIMEOUT_SECONDS)
        tasks = [*self._tasks, *([self._sending] if self._sending else [])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for client in (self._sender, self._receiver):
            await self._quietly(client.aclose())

    async def _send(self) -> None:
        while self._outgoing:
            batch, self._outgoing = self._outgoing[:MOST_A_MESSAGE], self._outgoing[MOST_A_MESSAGE:]
            try:
                async with asyncio.timeout(TIMEOUT_SECONDS):
                    with HINT_SECONDS.time():
                        await self._sender.publish(
                            CHANNEL, self._me + json.dumps(batch, separators=(",", ":"))
                        )
            except (RedisError, OSError, TimeoutError):
                self._note_down()
            else:
                self._is_down = False
        self._sending = None

    async def _listen(self) -> None:
        """Keep one connection that hears."""
        pause = 0.1
        while True:
            try:
                self._pubsub = self._receiver.pubsub()
                await self._pubsub.subscribe(CHANNEL)
                pause = 0.1
                await self._hear_all()
            except (RedisError, OSError, TimeoutError):
                self._note_down()
            finally:
                await self._let_go()
            await asyncio.sleep(random.uniform(pause / 2, pause))  # noqa: S311 - spreads load, guards nothing
            pause = min(2.0, pause * 2)

    async def _hear_all(self) -> None:
        while True:
            message = await self._pubsub.get_message(timeout=QUIET_SECONDS)
            if message is None:
                # Raises when the other end has gone without a word.
                await asyncio.wait_for(self._pubsub.ping(), TIMEOUT_SECONDS)
                message = await self._pubsub.get_message(timeout=TIMEOUT_SECONDS)
                if message is None:
                    raise TimeoutError("Redis doesn't answer")
            self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "message":
            payload = message["data"].decode()
            if not payload.startswith(self._me):
                for conversation, hint in json.loads(payload[len(self._me) :]):
                    self._hear(conversation, hint)
        elif message["type"] == "subscribe" and not self._is_heard.is_set():
            self._is_heard.set()
            self._is_down = False
            # Whatever was said while nobody listened is in the database.
            self._lost()

    async def _repeat(self) -> None:
        """Join the channel again now and then: a server that forgot us must not stay silent."""
        while True:
            await asyncio.sleep(REPEAT_SECONDS)
            if self._pubsub is not None:
                await self._quietly(self._pubsub.subscribe(CHANNEL))

    async def _let_go(self) -> None:
        self._is_heard.clear()
        pubsub, self._pubsub = self._pubsub, None
        if pubsub is not None:
            await self._quietly(pubsub.aclose())

    async def _quietly(self, action: Any) -> None:
        try:
            await asyncio.wait_for(action, TIMEOUT_SECONDS)
        except (RedisError, OSError, TimeoutError):
            self._note_down()

    def _note_down(self) -> None:
        HINTS_LOST.inc()
        if not self._is_down:
            self._is_down = True
            logger.warning("Redis is out of reach; other processes hear of changes some seconds late")


def make_hints(url: str, hear: Hear, lost: Callable[[], None]) -> Hints:
    """Hints over Redis when there is one."""
    return RedisHints(url, hear, lost) if url else NoHints()


def merged(numbers: Iterable[tuple[int, int]]) -> dict[int, int]:
    """For each conversation the highest number, so that a batch needs one hint each."""
    highest: dict[int, int] = {}
    for conversation, number in numbers:
        highest[conversation] = max(number, highest.get(conversation, 0))
    return highest
