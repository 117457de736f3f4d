"""A relay that stores nothing, as bare as ASGI allows: what daphne can do with messages as it comes.

A text goes to the conversation's agent and back to its visitor, unread but numbered, in the frames of the
contract, so that the load checks both alike. The garbage collector and the threads' turns are set as the product's
are; the product's leaner sockets are not: whoever builds on daphne has them only here.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from helpcenter.runtime import tune_gc

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

SEND = '{"type":"send",'
WELCOME = {"type": "websocket.send", "text": '{"type":"welcome"}'}
_agents: dict[str, Send] = {}


async def application(scope: Message, receive: Receive, send: Send) -> None:
    """Serve one socket; a visitor's token is the conversation's name."""
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    first = await receive()
    if first["type"] == "websocket.disconnect":
        return
    hello = json.loads(first["text"])
    _agents.update((opened["conversation"], send) for opened in hello.get("open", ()))
    await send(WELCOME)
    conversation, n = hello.get("token"), 0
    while (message := await receive())["type"] == "websocket.receive":
        text = message.get("text") or ""
        if text.startswith(SEND):
            n += 1
            body = f'{{"type":"event","conversation":"{conversation}","event":{{"n":{n},{text[len(SEND) :]}}}'
            frame = {"type": "websocket.send", "text": body}
            await _agents[conversation](frame)
            await send(frame)


tune_gc()
