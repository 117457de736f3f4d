"""The proxy is as bad as it is told to be."""

import asyncio
import json

import pytest

from tests.faults.proxy import Proxy

pytestmark = pytest.mark.once

PATIENCE_SECONDS = 30


async def echo(reader, writer):
    while data := await reader.read(1024):
        writer.write(data)
    writer.close()


def through(course, **values):
    """Run `course(proxy, reader, writer)` with an echo behind a proxy."""

    async def play():
        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        proxy = Proxy([server.sockets[0].getsockname()[:2]], **values)
        await proxy.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        try:
            return await asyncio.wait_for(course(proxy, reader, writer), PATIENCE_SECONDS)
        finally:
            writer.close()
            await proxy.stop()
            server.close()

    return asyncio.run(play())


async def say(writer, reader, text=b"hello"):
    writer.write(text)
    return await reader.readexactly(len(text))


async def until(condition):
    """Go round the loop until it is so; the test's own time limit ends what never comes about."""
    while not condition():
        await asyncio.sleep(0)


def test_bytes_pass_when_nothing_is_wrong():
    async def course(_proxy, reader, writer):
        return await say(writer, reader)

    assert through(course) == b"hello"


@pytest.mark.parametrize("conditions", [{"delay": 0.01, "jitter": 0.01}, {"rate": 1e6}, {"trickle": True}])
def test_bytes_pass_whole_and_in_order_when_the_network_is_slow(conditions):
    async def course(proxy, reader, writer):
        await proxy.set(**conditions)
        return await say(writer, reader, bytes(range(200)))

    assert through(course) == bytes(range(200))


@pytest.mark.parametrize("direction", ["up", "down", "both"])
def test_a_stall_holds_back_what_comes_afterwards(direction):
    async def course(proxy, reader, writer):
        await say(writer, reader)
        await proxy.set(direction, stall=True)
        writer.write(b"later")
        await until(lambda: proxy.held == len(b"later"))
        await proxy.heal()
        return await reader.readexactly(5)

    assert through(course) == b"later"


def test_what_is_dropped_never_arrives():
    async def course(proxy, reader, writer):
        await proxy.set("down", drop=True)
        writer.write(b"lost")
        await until(lambda: proxy.dropped == len(b"lost"))
        await proxy.heal()
        return await say(writer, reader, b"found")

    assert through(course) == b"found"


def test_a_reset_is_no_polite_end():
    async def course(proxy, reader, writer):
        await say(writer, reader)
        proxy.reset()
        with pytest.raises(ConnectionResetError):
            await reader.read(1)

    through(course)


def test_a_connection_is_cut_after_so_many_bytes():
    async def course(proxy, reader, writer):
        await proxy.set("up", cut_after=3)
        writer.write(b"hello")
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await reader.readexactly(5)

    through(course)


def test_nobody_gets_in_while_it_refuses():
    async def course(proxy, _reader, _writer):
        proxy.refuse = True
        reader, _ = await asyncio.open_connection("127.0.0.1", proxy.port)
        with pytest.raises(ConnectionResetError):
            await reader.read(1)

    through(course)


def test_sockets_alone_can_be_kept_out():
    async def course(proxy, reader, writer):
        proxy.without_sockets = True
        page = await say(writer, reader, b"GET / HTTP/1.1\r\n\r\n")
        writer.write(b"GET /ws/ HTTP/1.1\r\nUpgrade: websocket\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            await reader.read(1)
        return page

    assert through(course).startswith(b"GET")


def test_it_obeys_orders_on_its_socket(tmp_path):
    async def course():
        proxy = Proxy([])
        await proxy.start(tmp_path / "proxy.sock")
        reader, writer = await asyncio.open_unix_connection(tmp_path / "proxy.sock")
        answers = []
        orders = [
            {"do": "set", "direction": "down", "delay": 0.5},
            {"do": "refuse", "on": True},
            {"do": "dance"},
            {"do": "set", "colour": 1},
            ["no", "object"],
        ]
        for order in orders:
            writer.write(json.dumps(order).encode() + b"\n")
            answers.append(json.loads(await reader.readline())["ok"])
        conditions = proxy.directions["down"].delay, proxy.directions["up"].delay, proxy.refuse
        writer.close()
        await proxy.stop()
        return answers, conditions

    assert asyncio.run(course()) == ([True, True, False, False, False], (0.5, 0.0, True))
