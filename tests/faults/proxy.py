"""A TCP proxy that misbehaves on request: slow, silent, one-way, cut in the middle of a frame, or not there.

Tests in the same process call its methods; others send a line of JSON over its unix socket, such as
`{"do": "set", "direction": "down", "delay": 0.2}`, `{"do": "reset"}` or `{"do": "heal"}`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

CHUNK = 64 * 1024
LINGER_ZERO = struct.pack("ii", 1, 0)
Address = tuple[str, int]


@dataclass
class Conditions:
    """How bytes travel in one direction.

    `delay` and `jitter` are seconds, `rate` is bytes a second, `trickle` sends byte by byte, `stall` holds
    everything back, `drop` swallows it, `cut_after` resets the connection after so many bytes.
    """

    delay: float = 0.0
    jitter: float = 0.0
    rate: float = 0.0
    trickle: bool = False
    stall: bool = False
    drop: bool = False
    cut_after: int | None = None


class Proxy:
    """Listens on `port` (0: any) and passes each connection on to the next of `targets` that takes it."""

    def __init__(self, targets: Sequence[Address], port: int = 0, seed: int = 0) -> None:
        self.targets = list(targets)
        self.port = port
        self.refuse = False
        # Some networks let pages through and no WebSocket.
        self.without_sockets = False
        self.directions = {"up": Conditions(), "down": Conditions()}
        # Bytes that a stall holds back now, and bytes that were swallowed.
        self.held = self.dropped = 0
        self._chance = random.Random(seed)
        self._turn = 0
        self._server: asyncio.Server | None = None
        self._control: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Condition()

    async def start(self, control: Path | None = None) -> None:
        """Begin to listen, on the unix socket `control` too when there is one."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        if control is not None:
            self._control = await asyncio.start_unix_server(self._obey, control)

    async def stop(self) -> None:
        """Listen no more and drop every connection."""
        for server in (self._server, self._control):
            if server is not None:
                server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.reset()

    # --- Faults ---------------------------------------------------------------------------------------

    async def set(self, direction: str = "both", **conditions: float | bool | int | None) -> None:
        """Change how bytes travel `up` (to the server), `down` or `both`; raises `AttributeError` for a wrong name."""
        for name in ("up", "down") if direction == "both" else (direction,):
            for key, value in conditions.items():
                if key not in {field.name for field in fields(Conditions)}:
                    raise AttributeError(key)
                setattr(self.directions[name], key, value)
        await self._wake()

    async def heal(self) -> None:
        """Be a good network again; connections that were cut stay cut."""
        self.refuse = self.without_sockets = False
        self.directions = {"up": Conditions(), "down": Conditions()}
        await self._wake()

    def reset(self) -> None:
        """End every connection with RST, without a word."""
        for writer in list(self._writers):
            _reset(writer)

    async def _wake(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    # --- Connections ----------------------------------------------------------------------------------

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        target = None if self.refuse else await self._reach()
        if target is None:
            _reset(writer)
            return
        up_reader, up_writer = target
        pair = {writer, up_writer}
        self._writers |= pair
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, up_writer, "up", pair))
                group.create_task(self._pump(up_reader, writer, "down", pair))
        except* (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writers -= pair
            for one in pair:
                one.close()

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        # Each in turn, so that every process has clients.
        self._turn += 1
        first = self._turn % max(1, len(self.targets))
        for host, port in [*self.targets[first:], *self.targets[:first]]:
            with contextlib.suppress(OSError):
                return await asyncio.open_connection(host, port)
        return None

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        name: str,
        pair: set[asyncio.StreamWriter],
    ) -> None:
        passed = 0
        while data := await reader.read(1 if self.directions[name].trickle else CHUNK):
            await self._travel(name, len(data))
            cut = self.directions[name].cut_after
            refused = self.without_sockets and b"upgrade: websocket" in data.lower()
            if refused or (cut is not None and passed + len(data) >= cut):
                writer.write(data[: max(0, (cut or 0) - passed)])
                for one in pair:
                    _reset(one)
                return
            passed += len(data)
            if self.directions[name].drop:
                self.dropped += len(data)
            else:
                writer.write(data)
                await writer.drain()
        await self._travel(name, 0)
        if not self.directions[name].drop and writer.can_write_eof():
            writer.write_eof()

    async def _travel(self, name: str, size: int) -> None:
        """Take the time that these bytes need; the conditions may change meanwhile."""
        way = self.directions[name]
        pause = way.delay + self._chance.uniform(0, way.jitter) + (size / way.rate if way.rate else 0)
        if way.trickle:
            pause += 0.001
        if pause:
            await asyncio.sleep(pause)
        self.held += size
        try:
            async with self._changed:
                await self._changed.wait_for(lambda: not self.directions[name].stall)
        finally:
            self.held -= size

    async def _obey(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(json.dumps(await self._do(line)).encode() + b"\n")
            await writer.drain()
        writer.close()

    async def _do(self, line: bytes) -> dict[str, object]:
        try:
            order = json.loads(line)
            match order.pop("do"):
                case "set":
                    await self.set(**order)
                case "heal":
                    await self.heal()
                case "reset":
                    self.reset()
                case "refuse":
                    self.refuse = bool(order.get("on", True))
                case other:
                    return {"ok": False, "error": f"unknown: {other}"}
        except (ValueError, KeyError, AttributeError, TypeError) as problem:
            return {"ok": False, "error": repr(problem)}
        return {"ok": True}


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection with RST instead of FIN."""
    found = writer.get_extra_info("socket")
    if found is not None and found.family in (socket.AF_INET, socket.AF_INET6):
        with contextlib.suppress(OSError):
            found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_ZERO)
    writer.transport.abort()
