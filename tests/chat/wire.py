"""Both sockets as their clients see them, without a server in between."""

from __future__ import annotations

import asyncio
import functools
import json
from uuid import uuid4

from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from chat.delivery.process import process
from chat.sockets import limits
from chat.sockets.application import sockets

ORIGIN = settings.SITE_URL
PATIENCE_SECONDS = 10


class Wire:
    """One end of a socket."""

    def __init__(self, path, *, origin=ORIGIN, cookie=""):
        headers = [(b"origin", origin.encode())] if origin is not None else []
        headers += [(b"cookie", cookie.encode())] if cookie else []
        self.communicator = WebsocketCommunicator(sockets, path, headers=headers)
        self.heard = []

    async def connect(self):
        return (await self.communicator.connect(timeout=PATIENCE_SECONDS))[0]

    async def say(self, kind=None, *, raw=None, **values):
        text = raw if raw is not None else json.dumps({"type": kind, **values})
        await self.communicator.send_to(text_data=text)

    async def hear(self, *kinds):
        """The next frame of one of these kinds; others are kept in `heard`."""
        while True:
            output = await self.communicator.receive_output(timeout=PATIENCE_SECONDS)
            if output["type"] == "websocket.close":
                raise ConnectionError(output["code"])
            frame = json.loads(output["text"])
            self.heard.append(frame)
            if frame["type"] in kinds:
                return frame

    async def closed(self):
        """The code with which the server ends the socket."""
        while True:
            output = await self.communicator.receive_output(timeout=PATIENCE_SECONDS)
            if output["type"] == "websocket.close":
                return output["code"]

    async def events(self, count):
        """The next `count` events."""
        return [(await self.hear("event"))["event"] for _ in range(count)]

    async def send(self, text, **values):
        """Say a text, return its `mid`."""
        mid = str(uuid4())
        await self.say("send", **{"mid": mid, "text": text, **values})
        return mid

    async def leave(self):
        await self.communicator.disconnect(timeout=PATIENCE_SECONDS)


async def visit(token, after=0, **values):
    """A visitor's socket after its backlog."""
    wire = Wire("/ws/chat/", **values)
    assert await wire.connect()
    await wire.say("hello", v=1, token=token, after=after)
    await wire.hear("caught_up")
    return wire


async def sit_down(agent, *opened):
    """An agent's socket after its welcome."""
    wire = Wire("/ws/desk/", cookie=await in_thread(cookie_of, agent))
    assert await wire.connect()
    await wire.say("hello", v=1, open=[{"conversation": str(one.public_id), "after": 0} for one in opened])
    await wire.hear("welcome")
    for _ in opened:
        await wire.hear("caught_up")
    return wire


def cookie_of(agent):
    """The cookie of an agent who is signed in."""
    client = Client()
    client.force_login(agent.user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


async def in_thread(function, *args, **kwargs):
    """What a view or another service does meanwhile, on a thread that gives its connection back."""
    return await process.hub.workers.run(function, *args, **kwargs)


def meeting(walk):
    """Run an asynchronous test with the chat of one process around it."""

    @functools.wraps(walk)
    def run(*args, **kwargs):
        async def main():
            limits.forget()
            await process.start()
            try:
                await walk(*args, **kwargs)
            finally:
                await process.stop()

        asyncio.run(main())

    return run
