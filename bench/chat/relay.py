"""The most that the server can do: an ASGI application that passes each text on and stores nothing.

A visitor's text goes to the agent of the conversation and back to the visitor, unread.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
_agents: dict[str, Send] = {}


async def application(scope: Message, receive: Callable[[], Awaitable[Message]], send: Send) -> None:
    """`/agent/<name>` listens; `/visitor/<agent>` talks to that agent."""
    await receive()
    if scope["type"] != "websocket":
        return
    await send({"type": "websocket.accept"})
    _, role, name = scope["path"].split("/")
    if role == "agent":
        _agents[name] = send
    while (message := await receive())["type"] == "websocket.receive":
        text = {"type": "websocket.send", "text": message["text"]}
        if role == "visitor":
            await _agents[name](text)
            await send(text)
