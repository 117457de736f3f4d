"""Daphne lets go of a request at once when it is over, and only then."""

import asyncio

import pytest
from daphne.cli import CommandLineInterface

from helpcenter.daphne_server import PromptServer, use_prompt_server

pytestmark = pytest.mark.once


class Protocol:
    """A request as daphne's server sees it."""

    def __init__(self):
        self.failures = []

    def handle_exception(self, exception):
        self.failures.append(exception)


def serve_one(end, *, gone_first=False):
    """Start one request that ends as `end` does; gives the server and the request."""

    async def application(scope, receive, send):
        await end()

    async def walk():
        server, protocol = PromptServer(application, endpoints=["tcp:0"]), Protocol()
        server.connections = {}  # as when it begins to run
        server.protocol_connected(protocol)
        server.create_application(protocol, {"type": "http"})
        task = server.connections[protocol]["application_instance"]
        if gone_first:
            server.protocol_disconnected(protocol)
            assert protocol in server.connections
        await asyncio.wait([task])
        return server, protocol

    return asyncio.run(walk())


async def well():
    await asyncio.sleep(0)


async def badly():
    raise ZeroDivisionError


def test_a_request_stays_while_its_answer_is_being_sent():
    server, protocol = serve_one(well)

    assert protocol in server.connections


@pytest.mark.parametrize("gone_first", [True, False])
def test_a_request_is_forgotten_when_the_answer_is_sent_and_the_application_is_done(gone_first):
    server, protocol = serve_one(well, gone_first=gone_first)

    server.protocol_disconnected(protocol)

    assert server.connections == {}


def test_a_failure_is_left_for_daphne_to_report():
    server, protocol = serve_one(badly)

    assert "application_instance" in server.connections[protocol]
    server.protocol_disconnected(protocol)
    assert isinstance(server.connections[protocol]["application_instance"].exception(), ZeroDivisionError)


def test_the_command_makes_this_server(monkeypatch):
    monkeypatch.setattr(CommandLineInterface, "server_class", object)

    use_prompt_server()

    assert CommandLineInterface.server_class is PromptServer


def test_a_restart_is_said_with_its_own_close_code():
    frames = []

    async def walk():
        server, protocol = PromptServer(well, endpoints=["tcp:0"]), Protocol()
        protocol.sendCloseFrame = lambda **values: frames.append(values)
        server.connections = {protocol: {}}
        await server.handle_reply(protocol, {"type": "websocket.close", "code": 1012})

    asyncio.run(walk())

    assert frames == [{"code": 1012, "isReply": False}]
