"""Daphne's server, letting go of each request as soon as it is answered, and of its sockets before it ends.

Daphne itself keeps every finished request with all that hangs on it and clears them away once a second, all
in one go: at 5,000 requests a second that stalls every visitor for 50 ms, and the garbage collector keeps
walking through what waits there. Let go at once, the same requests are freed without either.

At its end daphne drops every socket without a word. Here the chat is asked first to send its clients elsewhere.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from daphne.cli import CommandLineInterface
from daphne.server import Server
from twisted.internet import reactor
from twisted.internet.defer import Deferred

from helpcenter.daphne_sockets import Inbox, lean_sockets

logger = logging.getLogger(__name__)
SERVICE_RESTART = 1012
Work = Callable[[], Awaitable[object]]


class PromptServer(Server):
    """A daphne server that forgets an answered request at once; what failed is left to daphne's own check.

    `begin` is run when it serves, `drain` before it ends, while the sockets are still open.
    """

    begin: Work | None = None
    drain: Work | None = None

    def run(self) -> None:
        """Serve until told to stop."""
        reactor.callWhenRunning(self._lighten_sockets)
        if begin := type(self).begin:
            reactor.callWhenRunning(self._start, begin)
        super().run()

    def kill_all_applications(self) -> Deferred[Any]:
        """Take no new connections, let the sockets go, then end what is left as daphne does."""
        drained = Deferred.fromFuture(asyncio.ensure_future(self._drain()))
        drained.addBoth(lambda _result: super(PromptServer, self).kill_all_applications())
        return drained

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Pass a message on; "service restart" is a close code of the standard, which autobahn lets nobody send."""
        if message.get("type") == "websocket.close" and message.get("code") == SERVICE_RESTART:
            if protocol in self.connections and "disconnected" not in self.connections[protocol]:
                protocol.sendCloseFrame(code=SERVICE_RESTART, isReply=False)
            return
        await super().handle_reply(protocol, message)

    async def _drain(self) -> None:
        for listening in self.listeners:
            listening.addCallback(lambda port: port.stopListening())
        drain = type(self).drain
        if drain is not None:
            try:
                await drain()
            except Exception:
                logger.exception("The sockets were not let go in good order")

    @staticmethod
    def _start(work: Work) -> None:
        task = asyncio.ensure_future(work())
        task.add_done_callback(_log_failure)

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Inbox | None:
        """Start the application for a request or a socket, as daphne does, with a lighter queue."""
        details = self.connections.get(protocol)
        if details is None:
            return None
        scope.setdefault("asgi", {"version": "3.0"})
        inbox = Inbox()
        work = self.application(scope=scope, receive=inbox.get, send=partial(self.handle_reply, protocol))
        task = details["application_instance"] = asyncio.ensure_future(work)
        task.add_done_callback(lambda _task: self._let_go(protocol))
        return inbox

    def _lighten_sockets(self) -> None:
        self.ws_factory.protocol = lean_sockets(self.ws_factory)

    def protocol_disconnected(self, protocol: Any) -> None:
        """Note that an answer has been sent or a client has gone."""
        if protocol in self.connections:
            super().protocol_disconnected(protocol)
            self._let_go(protocol)

    def _let_go(self, protocol: Any) -> None:
        details = self.connections.get(protocol, {})
        task = details.get("application_instance")
        is_over = "disconnected" in details and task is not None and task.done()
        if is_over and not task.cancelled() and task.exception() is None:
            del self.connections[protocol]


def _log_failure(task: asyncio.Future[object]) -> None:
    if not task.cancelled() and (problem := task.exception()):
        logger.warning(
            "The chat did not start with the server, its first visitor starts it", exc_info=problem
        )


def use_prompt_server(begin: Work | None = None, drain: Work | None = None) -> None:
    """Have the `daphne` command make this server; it does so after it has imported the application."""
    PromptServer.begin = begin
    PromptServer.drain = drain
    CommandLineInterface.server_class = PromptServer
