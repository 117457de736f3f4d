"""What answers on `/ws/…`."""

from __future__ import annotations

import contextlib

from django.db import DatabaseError

from chat.core.terms import CloseCode
from chat.delivery.process import process
from chat.sockets.base import Receive, Scope, Send, Socket
from chat.sockets.desk import DeskSocket
from chat.sockets.visitor import VisitorSocket

PATHS: dict[str, type[Socket]] = {"/ws/chat/": VisitorSocket, "/ws/desk/": DeskSocket}


async def sockets(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve one socket; an unknown address is refused before it is accepted."""
    kind = PATHS.get(scope["path"])
    if kind is None:
        await receive()
        await send({"type": "websocket.close", "code": CloseCode.FORBIDDEN})
        return
    try:
        hub = await process.start()
    except DatabaseError:
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close", "code": CloseCode.OVERLOADED})
        return
    await kind(hub, scope, receive, send).run()


async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    """Start with the server and drain before it ends, where the server says when (daphne does not)."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            with contextlib.suppress(DatabaseError):
                await process.start()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await process.drain()
            await send({"type": "lifespan.shutdown.complete"})
            return
