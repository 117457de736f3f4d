"""Thousands of connections in one thread: a bare epoll loop."""

from __future__ import annotations

import select
import socket
from typing import Protocol

from bench.load import CannotMeasure
from bench.talks.wire import CLOSE, PING, PONG, frame, split

CHUNK = 1 << 18
ABNORMAL = 1006


class Client(Protocol):
    """What is told of a connection."""

    def opened(self, connection: Connection) -> None:
        """The handshake is done."""

    def take(self, payload: bytes) -> None:
        """A text frame has come."""

    def closed(self, code: int) -> None:
        """The connection has ended, or there never was one."""


class Driver:
    """Waits for connections and has them read."""

    def __init__(self) -> None:
        self.epoll = select.epoll()
        self.connections: dict[int, Connection] = {}

    def connect(self, port: int, request: bytes, client: Client, source: str = "") -> Connection:
        """Begin to connect; `source` is the address to come from."""
        return Connection(self, port, request, client, source)

    def turn(self, seconds: float) -> None:
        """Read what is there, waiting for it at most so long."""
        connections = self.connections
        for number, events in self.epoll.poll(max(0.0, seconds)):
            if connection := connections.get(number):
                connection.ready(events)

    def close(self) -> None:
        """Drop everything without a word."""
        for connection in list(self.connections.values()):
            connection.end(ABNORMAL, tell=False)
        self.epoll.close()


class Connection:
    """One websocket, from its handshake on."""

    __slots__ = ("_buffer", "_client", "_driver", "_request", "is_open", "number", "socket")

    def __init__(self, driver: Driver, port: int, request: bytes, client: Client, source: str) -> None:
        self._driver, self._client = driver, client
        self._request: bytes | None = request
        self._buffer = b""
        self.is_open = False
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if source:
            self.socket.bind((source, 0))
        self.socket.connect_ex(("127.0.0.1", port))
        self.number = self.socket.fileno()
        driver.connections[self.number] = self
        driver.epoll.register(self.number, select.EPOLLOUT)

    def send(self, data: bytes) -> None:
        """Send at once; raises `CannotMeasure` when the server takes so little that the load piles up."""
        try:
            sent = self.socket.send(data)
        except BlockingIOError:
            sent = 0
        except OSError:
            # The end is on its way.
            return
        if sent != len(data):
            raise CannotMeasure("The server doesn't take what the load sends.")

    def ready(self, events: int) -> None:
        """The socket can be read, or has become usable."""
        if self._request is not None:
            self._connected()
            return
        try:
            data = self.socket.recv(CHUNK)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.end(ABNORMAL)
            return
        if self._buffer:
            data = self._buffer + data
        if self.is_open:
            self._take(data)
        else:
            self._greeted(data)

    def _greeted(self, data: bytes) -> None:
        """The answer to the handshake, and perhaps the first frames."""
        head, found, rest = data.partition(b"\r\n\r\n")
        if not found:
            self._buffer = head
        elif not head.startswith(b"HTTP/1.1 101"):
            self.end(int(head[9:12]))
        else:
            self._buffer = b""
            self.is_open = True
            self._client.opened(self)
            self._take(rest)

    def _take(self, data: bytes) -> None:
        texts, others, self._buffer = split(data)
        for payload in texts:
            self._client.take(payload)
        for opcode, payload in others:
            self._control(opcode, payload)

    def end(self, code: int, *, tell: bool = True) -> None:
        """Close; the client hears of it unless `tell` is false."""
        if self._driver.connections.pop(self.number, None) is None:
            return
        self._driver.epoll.unregister(self.number)
        self.socket.close()
        if tell:
            self._client.closed(code)

    def _connected(self) -> None:
        request, self._request = self._request, None
        if self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) or request is None:
            self.end(ABNORMAL)
            return
        self._driver.epoll.modify(self.number, select.EPOLLIN)
        self.send(request)

    def _control(self, opcode: int, payload: bytes) -> None:
        if opcode == PING:
            self.send(frame(payload, PONG))
        elif opcode == CLOSE:
            self.end(int.from_bytes(payload[:2], "big") or ABNORMAL)
