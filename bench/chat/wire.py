"""A websocket client that costs next to nothing: whole frames in and out, no queues, no tasks.

The masking key is all zeros, which is allowed and leaves the text as it is.
"""

from __future__ import annotations

import asyncio
import base64
import os
import struct
from collections.abc import Callable

TEXT, CLOSE, PING = 0x1, 0x8, 0x9


def frame(text: str | bytes, kind: int = TEXT) -> bytes:
    """A client's frame as it goes over the wire."""
    data = text.encode() if isinstance(text, str) else text
    size = len(data)
    if size < 126:
        return struct.pack("!BB4x", 0x80 | kind, 0x80 | size) + data
    return struct.pack("!BBH4x", 0x80 | kind, 0xFE, size) + data


class Wire(asyncio.Protocol):
    """One socket; `hear` is called with each text as bytes, `ended` with the close code (None without one)."""

    def __init__(self, path: str, port: int, *, origin: str, cookie: str = "") -> None:
        self.hear: Callable[[bytes], None] = lambda _text: None
        self.ended: Callable[[int | None], None] = lambda _code: None
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        key = base64.b64encode(os.urandom(16)).decode()
        cookies = f"Cookie: {cookie}\r\n" if cookie else ""
        self._request = (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nOrigin: {origin}\r\n{cookies}\r\n"
        ).encode()
        self._buffer = b""
        self._is_open = False
        self._code: int | None = None
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the socket."""
        self.transport = transport  # type: ignore[assignment]
        self.transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Take whole frames, keep the rest."""
        buffer = self._buffer + data if self._buffer else data
        if not self._is_open:
            head, end, buffer = buffer.partition(b"\r\n\r\n")
            if not end:
                self._buffer = head
                return
            if b" 101 " not in head[:20]:
                self._fail(ConnectionError(head[:60].decode()))
                return
            self._is_open = True
            if not self.opened.done():
                self.opened.set_result(None)
        self._buffer = self._frames(buffer)

    def connection_lost(self, problem: Exception | None) -> None:
        """The end."""
        self._fail(problem or ConnectionError("closed"))
        self.ended(self._code)

    def say(self, data: bytes) -> None:
        """Send a finished frame."""
        self.transport.write(data)

    def _fail(self, problem: Exception) -> None:
        if not self.opened.done():
            self.opened.set_exception(problem)

    def _frames(self, buffer: bytes) -> bytes:
        start, end = 0, len(buffer)
        while end - start >= 2:
            size, at = buffer[start + 1], start + 2
            if size == 126:
                if end - start < 4:
                    break
                size, at = struct.unpack_from("!H", buffer, start + 2)[0], start + 4
            elif size == 127:
                if end - start < 10:
                    break
                size, at = struct.unpack_from("!Q", buffer, start + 2)[0], start + 10
            if end < at + size:
                break
            self._one(buffer[start] & 0xF, buffer[at : at + size])
            start = at + size
        return buffer[start:]

    def _one(self, kind: int, data: bytes) -> None:
        if kind == TEXT:
            self.hear(data)
        elif kind == PING:
            self.say(frame(data, 0xA))
        elif kind == CLOSE:
            self._code = struct.unpack("!H", data[:2])[0] if len(data) >= 2 else None
            self.transport.close()


async def connect(path: str, port: int, *, origin: str, cookie: str = "", source: str = "127.0.0.1") -> Wire:
    """An open socket; raises `OSError` when there is none."""
    loop = asyncio.get_running_loop()
    _, wire = await loop.create_connection(
        lambda: Wire(path, port, origin=origin, cookie=cookie), "127.0.0.1", port, local_addr=(source, 0)
    )
    await wire.opened
    return wire
