"""A lean socket does what daphne's does, and keeps nothing of its handshake."""

import asyncio

import pytest
from daphne.ws_protocol import WebSocketFactory
from twisted.internet.address import IPv4Address
from twisted.internet.testing import StringTransport
from twisted.web.http import HTTPChannel

from helpcenter.daphne_server import PromptServer
from helpcenter.daphne_sockets import BEGINNING, HANDSHAKE, Inbox, forget_http, lean_sockets

pytestmark = pytest.mark.once

HANDSHAKE_REQUEST = (
    b"GET /ws/chat/?a=1 HTTP/1.1\r\nHost: example.com\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nOrigin: http://example.com\r\n"
    # As every browser does.
    b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n\r\n"
)
NO_MASK = bytes(4)


class Wire(StringTransport):
    """A transport that can lose a producer it doesn't have, as real ones can."""

    def unregisterProducer(self):
        self.producer = None


def frame(payload, opcode=1, last=True):
    """A client's short frame."""
    return bytes([0x80 * last | opcode, 0x80 | len(payload)]) + NO_MASK + payload


async def echo(scope, receive, send):
    """Send every text back."""
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": message["text"]})


def talk(*pieces):
    """Connect and send these pieces, a turn of the event loop after each; gives the connection and what came back."""

    async def walk():
        server = PromptServer(echo, endpoints=["tcp:0"])
        server.connections = {}
        factory = WebSocketFactory(server, server="daphne")
        factory.setProtocolOptions(allowNullOrigin=True, maxFramePayloadSize=100)
        factory.protocol = lean_sockets(factory)
        protocol = factory.buildProtocol(IPv4Address("TCP", "127.0.0.1", 1))
        protocol._raw_query_string = b"a=1"
        transport = Wire(peerAddress=IPv4Address("TCP", "127.0.0.1", 1))
        protocol.makeConnection(transport)
        for piece in (HANDSHAKE_REQUEST, *pieces):
            protocol.dataReceived(piece)
            for _turn in range(4):
                await asyncio.sleep(0)
        head, _, frames = transport.value().partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101")
        for details in server.connections.values():
            details["application_instance"].cancel()
        return protocol, frames

    return asyncio.run(walk())


def test_texts_come_back_when_they_come_in_pieces_or_several_at_once():
    whole = frame("你好".encode())

    _, frames = talk(whole[:3], whole[3:8], whole[8:] + frame(b"a"), frame(b"b", last=False) + frame(b"c", 0))

    assert frames == b"\x81\x06" + "你好".encode() + b"\x81\x01a" + b"\x81\x02bc"


def test_an_open_socket_keeps_nothing_of_its_handshake():
    protocol, _ = talk(frame(b"a"))

    assert not HANDSHAKE.keys() & vars(protocol).keys()
    assert protocol.request.headers == {}
    assert len(vars(protocol)) < 42


def test_options_of_the_factory_hold_for_sockets_that_have_no_copy():
    protocol, frames = talk(frame(b"x" * 101))

    assert "maxFramePayloadSize" not in vars(protocol)
    assert protocol.wasMaxFramePayloadSizeExceeded
    assert frames == b""


def test_sockets_begin_as_if_they_were_the_only_one():
    first, _ = talk(frame(b"", 8))
    second, _ = talk()

    assert first.wasClean
    assert not second.wasClean
    assert {name: getattr(type(second), name) for name in BEGINNING} == BEGINNING


def test_a_client_that_says_goodbye_hears_it_back():
    _, frames = talk(frame((1000).to_bytes(2, "big"), 8))

    assert frames == b"\x88\x02" + (1000).to_bytes(2, "big")


def test_the_http_channel_before_the_socket_is_let_go():
    async def walk():
        transport, channel = Wire(), HTTPChannel()
        transport.registerProducer(channel, streaming=True)
        channel.requests.append("the handshake")
        forget_http(transport)
        await asyncio.sleep(0)
        return transport, channel

    transport, channel = asyncio.run(walk())

    assert transport.producer is None
    assert channel.requests == []


@pytest.mark.parametrize("waits", [True, False])
def test_messages_are_taken_in_their_order(waits):
    async def walk():
        inbox = Inbox()
        if waits:
            taken = asyncio.ensure_future(inbox.get())
            await asyncio.sleep(0)
        for number in range(3):
            inbox.put_nowait({"n": number})
        first = await taken if waits else await inbox.get()
        return [first, await inbox.get(), await inbox.get()]

    assert asyncio.run(walk()) == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_no_message_is_lost_when_who_waited_for_it_gives_up():
    async def walk():
        inbox = Inbox()
        impatient = asyncio.ensure_future(inbox.get())
        await asyncio.sleep(0)
        inbox.put_nowait({"n": 1})
        impatient.cancel()
        await asyncio.wait([impatient])
        return await inbox.get()

    assert asyncio.run(walk()) == {"n": 1}
