"""Django over ASGI with one thread hop a request.

Django's own handler hops to a new thread for every synchronous middleware and view, and opens a database
connection in each. Everything here is synchronous, so the whole chain runs in one call on a thread that stays
and keeps its connections; performance.md's measurements are why.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, ASGIRequest, get_script_prefix
from django.core.signals import request_started
from django.http import HttpResponseBase
from django.urls import set_script_prefix
from django.utils import timezone, translation

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
# Status, headers and body, or instead of the body a response that is still to be streamed.
Answer = tuple[int, list[tuple[bytes, bytes]], bytes, HttpResponseBase | None]

# So many requests may wait for each thread before new ones are told to come back.
WAITING_PER_THREAD = 64
BUSY = "太忙了，请几秒后再试。The help center is busy, please try again in a few seconds.\n".encode()
TOO_LARGE = "提交的内容太大。What was sent is too large.\n".encode()


class BodyTooLarge(Exception):
    """More was sent than any form here may send."""


class OneHopHandler(ASGIHandler):
    """An ASGI application that runs Django's synchronous chain on a few lasting threads."""

    def __init__(self, threads: int | None = None) -> None:
        self.load_middleware(is_async=False)
        self.threads = threads or settings.HTTP_THREADS
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="http")
        self._running = 0

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["type"] != "http":
            raise ValueError(f"One HTTP request was expected, not {scope['type']!r}.")
        if self._running >= self.threads * (WAITING_PER_THREAD + 1):
            await _send_plain(send, 503, BUSY, [(b"retry-after", b"2")])
            return
        self._running += 1
        try:
            await self._answer(scope, receive, send)
        finally:
            self._running -= 1

    async def _answer(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        try:
            body = await self._spool_body(scope, receive)
        except RequestAborted:
            return
        except BodyTooLarge:
            await _send_plain(send, 413, TOO_LARGE, [(b"connection", b"close")])
            return
        status, headers, content, stream = await self._in_thread(self._respond, scope, body)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        if stream is None:
            await send({"type": "http.response.body", "body": content})
            return
        try:
            await self._send_stream(stream, send)
        finally:
            await self._in_thread(_finish, stream, body)

    async def _in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *arguments)

    async def _spool_body(self, scope: MutableMapping[str, Any], receive: Receive) -> IO[bytes]:
        """The request's body in a file that stays in memory while it is small."""
        declared = next((v for n, v in scope["headers"] if n == b"content-length"), b"0")
        if declared.isdigit() and int(declared) > settings.REQUEST_MAX_BODY_BYTES:
            raise BodyTooLarge
        body = tempfile.SpooledTemporaryFile(max_size=settings.FILE_UPLOAD_MAX_MEMORY_SIZE, mode="w+b")
        size = 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                body.close()
                raise RequestAborted
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > settings.REQUEST_MAX_BODY_BYTES:
                body.close()
                raise BodyTooLarge
            if chunk:
                body.write(chunk)
            if not message.get("more_body", False):
                body.seek(0)
                return body

    def _respond(self, scope: MutableMapping[str, Any], body: IO[bytes]) -> Answer:
        """Run the whole chain, and unless the answer is a stream finish it; on one of the pool's threads."""
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=self.__class__, scope=scope)
        try:
            request, refused = self.create_request(scope, body)
            response = self.get_response(request) if isinstance(request, ASGIRequest) else refused
            response._handler_class = self.__class__
            if response.streaming:
                return response.status_code, _headers(response), b"", response
            answer = response.status_code, _headers(response), response.content, None
            _finish(response, body)
            return answer
        finally:
            # The thread lives on; the next visitor must not inherit a language or a time zone.
            translation.deactivate()
            timezone.deactivate()

    async def _send_stream(self, response: HttpResponseBase, send: Send) -> None:
        if response.is_async:
            async for chunk in response:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        else:
            chunks = iter(response)
            while (chunk := await self._in_thread(_next_chunk, chunks)) is not None:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def _headers(response: HttpResponseBase) -> list[tuple[bytes, bytes]]:
    headers = [(name.encode("ascii").lower(), value.encode("latin1")) for name, value in response.items()]
    headers += [
        (b"set-cookie", morsel.OutputString().encode("ascii")) for morsel in response.cookies.values()
    ]
    return headers


def _next_chunk(chunks: Iterator[bytes]) -> bytes | None:
    return next(chunks, None)


def _finish(response: HttpResponseBase, body: IO[bytes]) -> None:
    """Close what the request opened; this is also where Django lets go of spent database connections."""
    body.close()
    response.close()


async def _send_plain(send: Send, status: int, text: bytes, headers: Iterable[tuple[bytes, bytes]]) -> None:
    start = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*start, *headers]})
    await send({"type": "http.response.body", "body": text})
