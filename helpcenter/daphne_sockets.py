"""What one websocket costs in daphne's server: less memory while it is idle, less work for each frame.

Daphne hands a socket from twisted's HTTP over to autobahn, and both keep what they needed for the handshake: the
HTTP request with its headers three times over, the options of the factory copied into each connection, four
queues for waiting readers and writers. That was 20 of the 32 KB of an idle visitor. Nothing of it is used after
the handshake, so it is let go of there. Autobahn also words a debug message for each frame that nobody reads.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.web.http import HTTPChannel

Message = dict[str, Any]

# What the handshake left on the connection, and what stands for it afterwards, once for all connections.
HANDSHAKE: dict[str, Any] = {
    "_wskey": "",
    "application_deferred": None,
    "clean_headers": (),
    "http_headers": {},
    "http_request_data": b"",
    "http_request_params": {},
    "http_request_uri": "",
    "http_response_data": "",
    "http_status_line": "",
    "websocket_extensions": (),
    "websocket_extensions_in_use": (),
    "websocket_protocols": (),
}
# How an open connection begins; what differs later is kept by the connection itself.
BEGINNING: dict[str, Any] = {
    "_perMessageCompress": None,
    "_raw_query_string": b"",
    "autoPingPending": None,
    "autoPingPendingCall": None,
    "autoPingPendingSent": None,
    "autoPingPendingSeq": 0,
    "autoPingTimeoutCall": None,
    "closeHandshakeTimeoutCall": None,
    "closedByMe": False,
    "current_frame": None,
    "data": b"",
    "droppedByMe": False,
    "failedByMe": False,
    "inside_message": False,
    "localCloseCode": None,
    "localCloseReason": None,
    "openHandshakeTimeoutCall": None,
    "protocol_to_accept": None,
    "remoteCloseCode": None,
    "remoteCloseReason": None,
    "root_path": "",
    "send_queue": (),
    "send_state": WebSocketProtocol.SEND_STATE_GROUND,
    "state": WebSocketProtocol.STATE_OPEN,
    "trackedTimings": None,
    "triggered": False,
    "wasClean": False,
    "wasCloseHandshakeTimeout": False,
    "wasMaxFramePayloadSizeExceeded": False,
    "wasMaxMessagePayloadSizeExceeded": False,
    "wasNotCleanReason": None,
    "wasOpenHandshakeTimeout": False,
    "wasServerConnectionDropTimeout": False,
    "wasServingFlashSocketPolicyFile": False,
    "websocket_protocol_in_use": None,
    "websocket_version": 13,
}
ABSENT = object()


class LeanSocket(WebSocketProtocol):
    """Daphne's websocket without what only its handshake needs."""

    send_queue: deque[Any] | tuple[()]

    def connectionMade(self) -> None:  # noqa: N802 - twisted's name
        """Begin the handshake; the HTTP that came before it is over."""
        forget_http(self.transport)
        super().connectionMade()

    def onOpen(self) -> None:  # noqa: N802 - autobahn's name
        """Begin to serve; the handshake ends with this turn of the event loop."""
        super().onOpen()
        asyncio.get_running_loop().call_soon(self.forget_handshake)

    def forget_handshake(self) -> None:
        """Keep only what makes this connection differ from others."""
        # Daphne says the path when it logs.
        self.request.headers = self.request.params = {}
        if not self.send_queue:
            del self.send_queue
        kind = type(self)
        self.__dict__ = {
            name: value
            for name, value in vars(self).items()
            if name not in HANDSHAKE and getattr(kind, name, ABSENT) != value
        }

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - twisted's name
        """Take what has come, without wording a debug message."""
        self._dataReceived(data)

    def sendData(  # noqa: N802 - autobahn's name
        self, data: bytes, sync: bool = False, chopsize: int | None = None
    ) -> None:
        """Write a frame, without wording a debug message."""
        if sync or chopsize or self.send_queue or self.logOctets:
            self.send_queue = self.send_queue or deque()
            super().sendData(data, sync, chopsize)
        else:
            self.transport.write(data)


def lean_sockets(factory: WebSocketFactory) -> type[LeanSocket]:
    """The class of the connections of a factory whose options are set.

    Autobahn copies the factory's options into each connection, but for those that a connection has already;
    here all connections have them from their class.
    """
    options = {name: getattr(factory, name) for name in WebSocketProtocol.CONFIG_ATTRS}
    # A function of the class would be called with the connection in front: browsers offer to compress.
    options = {name: staticmethod(value) if callable(value) else value for name, value in options.items()}
    return type("LeanSocket", (LeanSocket,), {**HANDSHAKE, **BEGINNING, **options, "CONFIG_ATTRS": ()})


def forget_http(transport: Any) -> None:
    """Let go of the HTTP channel that a connection began with, and of its request."""
    channel = getattr(transport, "producer", None)
    if isinstance(channel, HTTPChannel):
        transport.unregisterProducer()
        # A ring that only the garbage collector would open.
        asyncio.get_running_loop().call_soon(channel.requests.clear)


class Inbox:
    """The messages of one connection on their way to its application, which alone takes them.

    `asyncio.Queue` does the same for many readers and writers, with four double-ended queues of 750 bytes.
    """

    __slots__ = ("_messages", "_waiting")

    def __init__(self) -> None:
        self._messages: deque[Message] | None = None
        self._waiting: asyncio.Future[None] | None = None

    def put_nowait(self, message: Message) -> None:
        """Hand a message over."""
        if self._messages is None:
            self._messages = deque()
        self._messages.append(message)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def get(self) -> Message:
        """The next message, waiting for it if there is none."""
        while self._messages is None:
            self._waiting = asyncio.get_running_loop().create_future()
            try:
                await self._waiting
            finally:
                self._waiting = None
        message = self._messages.popleft()
        if not self._messages:
            self._messages = None
        return message
