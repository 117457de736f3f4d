"""A machine on a real connection: sockets, time and, when sockets don't get through, the HTTP calls."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from tests.protocol_client.actions import Action, Close, ConnectAfter, Frame, Stop, Transmit, Unknown
from tests.protocol_client.machine import Machine
from tests.protocol_client.web import Site, Unreachable

TICK_SECONDS = 0.05
POLL_SECONDS = 2

Listen = Callable[[Action], None]


class Session:
    """Keeps `machine` connected until `close`; `listen` hears every action that isn't the connection's own."""

    def __init__(self, machine: Machine, site: Site, listen: Listen, *, cookie: str = "") -> None:
        self.machine = machine
        self.site = site
        self.stopped: int | None = None
        self.connections = 0
        self.rounds_by_http = 0
        # The codes with which connections ended that the server closed.
        self.codes: Counter[int] = Counter()
        self._listen = listen
        self._cookie = cookie
        self._socket: ClientConnection | None = None
        self._outgoing: asyncio.Queue[Frame] = asyncio.Queue()
        self._next: ConnectAfter = ConnectAfter(0)
        self._awake = asyncio.Event()
        self._awake.set()
        self._hurry = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closing: set[asyncio.Task[None]] = set()

    # --- For whoever drives it ------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to connect."""
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """End it for good."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, *self._closing, return_exceptions=True)

    def perform(self, actions: Iterable[Action]) -> None:
        """Do what the machine wants."""
        for action in actions:
            match action:
                case Transmit(frame):
                    self._outgoing.put_nowait(frame)
                case Close(code):
                    self._close_socket(code)
                case ConnectAfter():
                    self._next = action
                case Stop(code):
                    self.stopped = code
                    self._listen(action)
                case _:
                    self._listen(action)

    def freeze(self) -> None:
        """Do nothing any more, as when the lid of the laptop is closed; the connection stays as it is."""
        self._awake.clear()

    def thaw(self) -> None:
        """Go on."""
        self._awake.set()

    def hurry(self) -> None:
        """The network is back: don't wait for the next try."""
        self._hurry.set()

    # --- The connection -------------------------------------------------------------------------------

    async def _run(self) -> None:
        while self.stopped is None:
            self._outgoing = asyncio.Queue()
            code = await self._connect_and_serve()
            self.codes[code] += 1
            self.perform(self.machine.disconnected(time.monotonic(), code))
            if self.stopped is None:
                await self._pause(self._next)

    async def _connect_and_serve(self) -> int:
        """Be connected as long as it lasts; the code that the server closed with, else 1006."""
        path = "/ws/desk/" if self.machine.is_agent else "/ws/chat/"
        headers = {"Cookie": self._cookie} if self._cookie else {}
        try:
            socket = await connect(
                f"ws://{self.site.host}:{self.site.port}{path}",
                origin=self.site.origin,  # type: ignore[arg-type]
                additional_headers=headers,
                open_timeout=self.machine.patience,
                close_timeout=0.5,
                ping_interval=None,
                compression=None,
                proxy=None,
            )
        except (OSError, TimeoutError, WebSocketException):
            return 1006
        self._socket = socket
        self.connections += 1
        tasks = [asyncio.create_task(work) for work in (self._send(socket), self._tick())]
        try:
            self.perform(self.machine.connected(time.monotonic()))
            return await self._receive(socket)
        finally:
            self._socket = None
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            socket.transport.abort()

    async def _receive(self, socket: ClientConnection) -> int:
        try:
            async for text in socket:
                await self._awake.wait()
                self.perform(self.machine.received(json.loads(text), time.monotonic()))
        except ConnectionClosed:
            pass
        return 1006 if self._closing else socket.close_code or 1006

    async def _send(self, socket: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                frame = await self._outgoing.get()
                await self._awake.wait()
                await socket.send(json.dumps(frame))

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            await self._awake.wait()
            self.perform(self.machine.tick(time.monotonic()))

    def _close_socket(self, code: int) -> None:
        if self._socket is not None:
            task = asyncio.create_task(self._socket.close(code))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    # --- Without a socket -----------------------------------------------------------------------------

    async def _pause(self, planned: ConnectAfter) -> None:
        self._hurry.clear()
        waiting = asyncio.create_task(self._hurry.wait())
        try:
            if planned.by_http:
                await self._round_by_http()
            await asyncio.wait([waiting], timeout=planned.seconds)
        finally:
            waiting.cancel()
        await self._awake.wait()

    async def _round_by_http(self) -> None:
        """Send what waits and fetch what is new, once."""
        conversation = next(iter(self.machine.streams.values()))
        base = f"/api/chat/conversations/{conversation.conversation}"
        bearer = f"Bearer {self.machine.token}"
        try:
            for outgoing in self.machine.outbox:
                body = {"mid": outgoing.mid, "text": outgoing.text, "attachments": []}
                outgoing.is_in_flight = outgoing.was_sent = True
                answer = await self.site.post_json(f"{base}/messages", body, Authorization=bearer)
                if not self._sent_by_http(
                    conversation.conversation, outgoing.mid, answer.status, answer.json
                ):
                    break
            path = f"{base}/events?after={conversation.last}&wait={POLL_SECONDS}"
            answer = await self.site.ask("GET", path, Authorization=bearer)
            if answer.status == 200:
                self.rounds_by_http += 1
                for event in answer.json["events"]:
                    self._take({"type": "event", "conversation": conversation.conversation, "event": event})
        except (Unreachable, ValueError):
            self.perform(Unknown(one.conversation, one.mid) for one in self.machine.outbox.put_back())

    def _sent_by_http(self, conversation: str, mid: str, status: int, body: Frame) -> bool:
        """Pass on what became of a text; False when the next one has to wait."""
        if status in (200, 201):
            dup = status == 200
            self._take({"type": "ack", "mid": mid, "conversation": conversation, "n": body["n"], "dup": dup})
            return True
        code = body.get("error", {}).get("code", "unavailable")
        retry = body.get("error", {}).get("retry_after") or 1
        self._take({"type": "nack", "mid": mid, "code": code, "message": "", "retry_ms": retry * 1000})
        return code not in ("rate_limited", "unavailable")

    def _take(self, frame: Frame) -> None:
        self.perform(self.machine.received(frame, time.monotonic()))
