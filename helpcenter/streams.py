"""Responses that are sent bit by bit: large files, exports, and whatever yields its body."""

from __future__ import annotations

import asyncio
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Awaitable,
    Callable,
    Iterator,
    Mapping,
    MutableMapping,
)
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager
from typing import Any

from django.db import connections
from django.http import FileResponse, StreamingHttpResponse
from django.utils import translation

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# More than these wait for one another; each has a thread, because an iterator over database rows must stay
# in the thread that began it, and a slow reader must not take a thread away from pages.
MAX_STREAMS = 32


class StreamSender:
    """Sends streaming responses; files are read on the threads of `pool`, one block a hop."""

    def __init__(self, pool: Executor) -> None:
        self._pool = pool
        self._places = asyncio.Semaphore(MAX_STREAMS)

    async def send(
        self, response: StreamingHttpResponse, language: str, receive: Receive, send: Send
    ) -> None:
        """Send the body and close the response, also when the client goes away or the body breaks off.

        `language` is active while the body is made. Raises what the body raises.
        """
        async with self._thread_for(response, language) as thread:
            sending = asyncio.ensure_future(_send_chunks(response, thread, send))
            gone = asyncio.ensure_future(_wait_until_gone(receive))
            try:
                await asyncio.wait({sending, gone}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                is_sent = sending.done()
                sending.cancel()
                gone.cancel()
                await asyncio.gather(sending, gone, return_exceptions=True)
        if is_sent:
            sending.result()

    @asynccontextmanager
    async def _thread_for(self, response: StreamingHttpResponse, language: str) -> AsyncIterator[Executor]:
        """The thread that makes the body; at the end the response is closed there."""
        if response.is_async or isinstance(response, FileResponse):
            try:
                yield self._pool
            finally:
                await _finish(self._pool, response.close)
            return
        async with self._places:
            own = ThreadPoolExecutor(1, "stream", initializer=translation.activate, initargs=(language,))
            try:
                yield own
            finally:
                await _finish(own, response.close, connections.close_all)
                own.shutdown(wait=False)


async def _send_chunks(response: StreamingHttpResponse, thread: Executor, send: Send) -> None:
    made = _pass_through(response) if response.is_async else _read_in(thread, iter(response))
    async with aclosing(made) as chunks:
        async for chunk in chunks:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _pass_through(response: StreamingHttpResponse) -> AsyncGenerator[bytes, None]:
    async for chunk in response:
        yield chunk


async def _read_in(thread: Executor, chunks: Iterator[bytes]) -> AsyncGenerator[bytes, None]:
    loop = asyncio.get_running_loop()
    while (chunk := await loop.run_in_executor(thread, next, chunks, None)) is not None:
        yield chunk


async def _finish(thread: Executor, *functions: Callable[[], None]) -> None:
    """Call each in the thread; they are called even when nobody waits for it any more."""
    called = [asyncio.wrap_future(thread.submit(function)) for function in functions]
    await asyncio.shield(asyncio.gather(*called))


async def _wait_until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
