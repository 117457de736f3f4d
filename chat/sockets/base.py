"""What both sockets share: who may connect, how frames come in, how the socket ends.

This is a plain ASGI application on purpose. Channels' consumers hop to the one database thread before every
handler, deliveries included, which costs more than everything that is done here.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings

from chat.core import server_frames
from chat.core.frames import BadFrame
from chat.core.rates import Bucket
from chat.core.terms import HELLO_SECONDS, MAX_FRAME_BYTES, CloseCode, Nack
from chat.delivery.hub import Hub
from chat.delivery.outlets import Outlet
from chat.delivery.rooms import Subscription
from chat.sockets.limits import admit, frames_per_second, leave
from chat.sockets.texts import text_of

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

STALL_SECONDS = 20.0
GOODBYE_SECONDS = 1.0
MOST_BAD_FRAMES = 20
# A client that goes on at a multiple of what it may is cut off.
MOST_REFUSED_FRAMES = 300


class Socket:
    """One connection from its handshake to its end; subclasses say who it is and what its frames mean."""

    def __init__(self, hub: Hub, scope: Scope, receive: Receive, send: Send) -> None:
        self.hub = hub
        self.scope = scope
        self._receive = receive
        self._asgi_send = send
        self.now = hub.loop.time
        self.outlet = Outlet(self._send_text, self.close, self._read, self.now)
        self.language = settings.LANGUAGE_CODE
        self.is_welcome = False
        self.pings_open = 0
        self._close_code: CloseCode | None = None
        rate = frames_per_second()
        self._frames = Bucket(rate, 2 * rate, self.now())
        self._bad = self._refused = 0

    # --- To be filled in ------------------------------------------------------------------------------

    async def welcome(self, text: str) -> None:
        """Take the first frame: find out who this is, join, say welcome; raises `Unwelcome`."""
        raise NotImplementedError

    async def take(self, text: str) -> None:
        """Do what a frame asks for; raises `BadFrame`."""
        raise NotImplementedError

    def heads(self) -> dict[str, int]:
        """The last number of each conversation that is listened to."""
        found = self.outlet.subscriptions.values()
        return {subscription.room.public_id: subscription.head for subscription in found}

    def alive(self) -> None:
        """The client has shown that frames reach it."""

    async def _read(self, subscription: Subscription, most: int) -> Any:
        return await self.hub.read(subscription, most)

    # --- Life -----------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Serve the connection until it ends."""
        await self._receive()
        if not is_our_origin(self.scope):
            await self._asgi_send({"type": "websocket.close", "code": int(CloseCode.FORBIDDEN)})
            return
        address = client_address(self.scope)
        if not admit(address) or self.hub.is_draining:
            await self._accept_and_close(CloseCode.RESTART if self.hub.is_draining else CloseCode.OVERLOADED)
            return
        try:
            await self._asgi_send({"type": "websocket.accept"})
            await self._serve()
        finally:
            leave(address)
            self.hub.sockets.pop(self, None)
            self.outlet.end()
            for subscription in list(self.outlet.subscriptions.values()):
                self.hub.leave(subscription)
            self.gone()

    def gone(self) -> None:
        """The connection has ended."""

    async def _serve(self) -> None:
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                text = await self._next()
            if text is None:
                return
            await self.welcome(text)
        except TimeoutError:
            await self._close_now(CloseCode.NOT_AUTHENTICATED)
            return
        except Unwelcome as refusal:
            await self._close_now(refusal.code)
            return
        self.is_welcome = True
        self.hub.sockets[self] = None
        while (text := await self._next()) is not None:
            await self._handle(text)

    async def _handle(self, text: str) -> None:
        wait = self._frames.take(self.now())
        if wait:
            self._refused += 1
            if self._refused > MOST_REFUSED_FRAMES:
                self.close(CloseCode.FLOOD)
            elif self._refused % 10 == 1:
                self.refuse(Nack.RATE_LIMITED, retry_ms=int(wait * 1000) + 1)
            return
        try:
            await self.take(text)
        except BadFrame as problem:
            self._bad += 1
            if self._bad > MOST_BAD_FRAMES:
                self.close(CloseCode.BAD_PROTOCOL)
                return
            self.refuse(Nack.BAD_FRAME, mid=problem.mid, ref=problem.ref)

    async def _next(self) -> str | None:
        """The next text frame; None when the connection has ended."""
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                return None
            if self._close_code is not None:
                # We have said goodbye; what still arrives means nothing.
                continue
            text: str | None = message.get("text")
            if text is None:
                self.close(CloseCode.BAD_PROTOCOL)
            elif len(text) > MAX_FRAME_BYTES or (
                len(text) * 4 > MAX_FRAME_BYTES and len(text.encode("utf-8", "replace")) > MAX_FRAME_BYTES
            ):
                self.close(CloseCode.TOO_BIG)
            else:
                return text

    # --- Going out ------------------------------------------------------------------------------------

    def tell(self, frame: str) -> None:
        """Send a small frame soon."""
        self.outlet.tell(frame)

    def refuse(
        self,
        code: Nack,
        *,
        mid: str | None = None,
        ref: Any = None,
        retry_ms: int | None = None,
        by: str = "",
    ) -> None:
        """Say that something was not done, and why."""
        message = text_of(code, self.language)
        if code == Nack.UNAVAILABLE and retry_ms is None:
            retry_ms = random.randint(1000, 5000)  # noqa: S311 - spreads load, guards nothing
        self.tell(server_frames.nack(code, message, mid=mid, ref=ref, retry_ms=retry_ms, by=by or None))

    def beat(self) -> None:
        """Ask the client for a sign of life; called every 20 s."""
        if self.pings_open >= 2:
            self.close(CloseCode.TIMEOUT)
            return
        self.pings_open += 1
        self.tell(server_frames.ping(self.heads()))

    def check_stall(self) -> None:
        """End the socket of a client that doesn't read."""
        if self.outlet.is_stalled(STALL_SECONDS):
            self.close(CloseCode.TIMEOUT)

    def close(self, code: CloseCode) -> None:
        """End the socket; safe to call more than once."""
        if self._close_code is None:
            self._close_code = code
            self.outlet.finish()
            self.hub.spawn(self._finish(code))

    async def _finish(self, code: CloseCode) -> None:
        """Say what was about to be said, unless the client doesn't listen, then goodbye."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_SECONDS):
                await self.outlet.flush()
        self.outlet.end()
        await self._close_now(code)

    async def _close_now(self, code: CloseCode) -> None:
        self._close_code = code
        try:
            await self._asgi_send({"type": "websocket.close", "code": int(code)})
        except (OSError, RuntimeError):
            # The client was faster.
            return

    async def _accept_and_close(self, code: CloseCode) -> None:
        await self._asgi_send({"type": "websocket.accept"})
        await self._close_now(code)

    async def _send_text(self, frame: str) -> None:
        await self._asgi_send({"type": "websocket.send", "text": frame})


class Unwelcome(Exception):
    """The first frame doesn't let anybody in; `code` says why."""

    def __init__(self, code: CloseCode) -> None:
        super().__init__(code)
        self.code = code


def is_our_origin(scope: Scope) -> bool:
    """Whether one of our own pages opens this socket: scheme, host and port are exactly ours."""
    origins = [value for name, value in scope["headers"] if name == b"origin"]
    return len(origins) == 1 and origins[0].decode("latin-1").lower() in settings.SOCKET_ORIGINS


def client_address(scope: Scope) -> str:
    """The address of the other end, as the server was told."""
    client = scope.get("client")
    return str(client[0]) if client else "unknown"
