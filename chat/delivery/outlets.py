"""The send loop of one socket: live delivery, filling of gaps and catching up are this same code.

A socket may leave `CREDIT` events unconfirmed; then nothing more is taken for it from the room or the
database, so a client that doesn't read costs no memory. Small frames (acknowledgements, states) go first.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from chat.core import server_frames
from chat.core.terms import CREDIT, CloseCode
from chat.delivery.rooms import Subscription

logger = logging.getLogger(__name__)
# More small frames than this wait only for a client that has stopped reading.
MOST_SMALL = 512

SendText = Callable[[str], Awaitable[None]]
Close = Callable[[CloseCode], None]
ReadMore = Callable[[Subscription, int], Awaitable[Sequence[str]]]


class Outlet:
    """What goes out of one socket, in order.

    `send` sends a frame, `close` ends the socket, `read` fetches frames that are not in memory, none when
    that is impossible now, and whoever could not then wakes the outlet later. `now` is the event loop's clock in seconds.
    """

    __slots__ = (
        "_busy", "_dirty", "_read", "_send", "_small", "close", "is_closed",
        "is_finishing", "now", "pending", "pending_since",
        "subscriptions",
    )  # fmt: skip

    def __init__(self, send: SendText, close: Close, read: ReadMore, now: Callable[[], float]) -> None:
        self._send = send
        self.close = close
        self._read = read
        self.now = now
        # Most sockets are idle most of the time; a deque weighs 750 bytes, empty or not.
        self._small: deque[str] | None = None
        self._dirty: dict[Subscription, None] = {}
        self._busy: asyncio.Task[None] | None = None
        self.subscriptions: dict[int, Subscription] = {}
        self.pending = 0
        self.pending_since = 0.0
        self.is_closed = False
        self.is_finishing = False

    def tell(self, frame: str) -> None:
        """Send a small frame soon."""
        if self.is_closed or self.is_finishing:
            return
        if self._small is None:
            self._small = deque()
        if len(self._small) >= MOST_SMALL:
            self.close(CloseCode.TIMEOUT)
            return
        self._small.append(frame)
        self._start()

    def wake(self, subscription: Subscription) -> None:
        """Send what this subscription lacks, as far as credit goes."""
        if not self.is_closed and not self.is_finishing and not subscription.is_held:
            self._dirty[subscription] = None
            self._start()

    def confirm(self, subscription: Subscription, number: int) -> bool:
        """The client has got everything up to `number`; False for a number that was never there."""
        if number > subscription.head:
            return False
        number = min(number, subscription.sent)
        if number > subscription.got:
            self.pending -= number - subscription.got
            subscription.got = number
            self.pending_since = self.now()
            if subscription.is_behind or self._dirty:
                self.wake(subscription)
        return True

    def rewind(self, subscription: Subscription, after: int) -> None:
        """Send again from `after` on."""
        self.pending -= subscription.sent - subscription.got
        subscription.sent = subscription.got = after
        subscription.caught_up_at = subscription.head
        self.wake(subscription)

    def drop(self, subscription: Subscription) -> None:
        """Send nothing more of this room."""
        self.subscriptions.pop(subscription.room.key, None)
        self._dirty.pop(subscription, None)
        subscription.is_held = True
        self.pending -= subscription.sent - subscription.got
        subscription.got = subscription.sent

    def is_stalled(self, seconds: float) -> bool:
        """Whether events have waited that long for a confirmation."""
        return self.pending > 0 and self.now() - self.pending_since > seconds

    def finish(self) -> None:
        """Take no more; small frames that wait are still sent."""
        self.is_finishing = True
        self._dirty.clear()

    def end(self) -> None:
        """Send nothing more; what waits is forgotten."""
        self.is_closed = True
        self._small = None
        self._dirty.clear()

    async def flush(self) -> None:
        """Wait until everything that may be sent is sent."""
        if self._busy is not None:
            await asyncio.wait([self._busy])

    def _start(self) -> None:
        if self._busy is None:
            self._busy = asyncio.get_running_loop().create_task(self._pump())

    async def _pump(self) -> None:
        try:
            while not self.is_closed and await self._step():
                pass
        except (OSError, RuntimeError):
            # The server says in its own way that the client has gone; the reading side tidies up.
            self.end()
        except Exception:
            logger.exception("A socket's send loop failed")
            self.close(CloseCode.OVERLOADED)
        self._busy = None
        if not self._small:
            self._small = None
        if (self._small or self._can_go_on()) and not self.is_closed:
            self._start()

    def _can_go_on(self) -> bool:
        return bool(self._dirty) and self.pending < CREDIT

    async def _step(self) -> bool:
        """Send one portion; False when there is nothing to send or no credit."""
        while self._small:
            await self._send(self._small.popleft())
        if not self._can_go_on():
            return False
        subscription = next(iter(self._dirty))
        del self._dirty[subscription]
        await self._send_some(subscription, CREDIT - self.pending)
        return True

    async def _send_some(self, subscription: Subscription, most: int) -> None:
        frames: Sequence[str] | None = ()
        start = subscription.sent
        if start < subscription.head:
            frames = subscription.in_memory(most) if subscription.is_authorised else None
            if frames is None:
                frames = await self._read(subscription, most)
        if subscription.is_held:
            return
        if subscription.sent != start:
            # The client asked for something else while the database was read.
            self._dirty[subscription] = None
        elif frames or subscription.sent >= subscription.head:
            await self._send_events(subscription, frames or ())

    async def _send_events(self, subscription: Subscription, frames: Sequence[str]) -> None:
        for frame in frames:
            if not self.pending:
                self.pending_since = self.now()
            self.pending += 1
            subscription.sent += 1
            await self._send(frame)
        if 0 <= subscription.caught_up_at <= subscription.sent:
            frame = server_frames.caught_up(subscription.room.public_id, subscription.caught_up_at)
            subscription.caught_up_at = -1
            await self._send(frame)
        if subscription.is_behind and not subscription.is_held:
            self._dirty[subscription] = None
