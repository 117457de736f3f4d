"""Django over ASGI with one thread hop a request.

Django's own handler hops to a new thread for every synchronous middleware and view, and opens a database
connection in each. Everything here is synchronous, so the whole chain runs in one call on a thread that stays
and keeps its connections; that alone is worth more than anything else on a page that Django renders.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_started
from django.db import close_old_connections
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.urls import set_script_prefix
from django.utils import timezone, translation

from helpcenter.faults import passes
from helpcenter.streams import StreamSender

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

Response = HttpResponse | StreamingHttpResponse

logger = logging.getLogger(__name__)
# So many requests may wait for each thread before new ones are told to come back.
WAITING_PER_THREAD = 64
# A file up to this size (nearly every static one) is read in the same hop instead of one hop a block.
SMALL_FILE_BYTES = 256 * 1024
FILE_BLOCK_BYTES = 64 * 1024
BUSY = "太忙了，请几秒后再试。The help center is busy, please try again in a few seconds.\n".encode()
TOO_LARGE = "提交的内容太大。What was sent is too large.\n".encode()


class BodyTooLarge(Exception):
    """More was sent than any form here may send."""


@dataclass(frozen=True)
class Answer:
    """A finished response, or in `stream` one whose body is still to be read, in the language of its page."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""
    stream: StreamingHttpResponse | None = None
    language: str = ""


class OneHopHandler(ASGIHandler):
    """An ASGI application that runs Django's synchronous chain on a few lasting threads."""

    def __init__(self, threads: int | None = None, waiting_per_thread: int = WAITING_PER_THREAD) -> None:
        self.load_middleware(is_async=False)
        threads = threads or settings.HTTP_THREADS
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="http")
        self._streams = StreamSender(self._pool)
        self._most = threads * (1 + waiting_per_thread)
        self._in_pool = 0

    def close(self) -> None:
        """Let the threads end when they have done what they were given."""
        self._pool.shutdown()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["type"] != "http":
            raise ValueError(f"One HTTP request was expected, not {scope['type']!r}.")
        try:
            body = await _spool_body(scope, receive)
        except RequestAborted:
            return
        except OSError as problem:
            if not passes(problem):
                raise
            logger.error("There is no room for what was sent", exc_info=problem)
            await _send_plain(send, 503, BUSY, [(b"retry-after", b"5"), (b"connection", b"close")])
            return
        except BodyTooLarge:
            await _send_plain(send, 413, TOO_LARGE, [(b"connection", b"close")])
            return
        if self._in_pool >= self._most:
            body.close()
            await _send_plain(send, 503, BUSY, [(b"retry-after", b"2")])
            return
        answer = await self._answer(scope, body)
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        if answer.stream is None:
            await send({"type": "http.response.body", "body": answer.body})
        else:
            await self._streams.send(answer.stream, answer.language, receive, send)

    async def _answer(self, scope: Scope, body: IO[bytes]) -> Answer:
        self._in_pool += 1
        future = self._pool.submit(self._respond, scope, body)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            future.add_done_callback(_close_abandoned)
            raise
        finally:
            self._in_pool -= 1

    def _respond(self, scope: Scope, body: IO[bytes]) -> Answer:
        """Run the whole chain and, unless it must be streamed, read the answer; on one of the pool's threads."""
        set_script_prefix(get_script_prefix(scope))
        request_started.send(sender=self.__class__, scope=scope)
        try:
            request, refused = self.create_request(scope, body)
            response: Any = refused if request is None else self.get_response(request)
            response._handler_class = self.__class__
            response._resource_closers.append(body.close)
            return _read(response, scope["method"])
        finally:
            # The thread lives on; the next visitor must not inherit a language or a time zone.
            translation.deactivate()
            timezone.deactivate()


async def _spool_body(scope: Scope, receive: Receive) -> IO[bytes]:
    """The request's body in a file that stays in memory while it is small."""
    declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if declared.isdigit() and int(declared) > settings.REQUEST_MAX_BODY_BYTES:
        raise BodyTooLarge
    with ExitStack() as on_failure:
        in_memory = settings.FILE_UPLOAD_MAX_MEMORY_SIZE
        body = on_failure.enter_context(tempfile.SpooledTemporaryFile(in_memory, "w+b"))
        await _fill(body, receive)
        body.seek(0)
        on_failure.pop_all()
    return body


async def _fill(body: IO[bytes], receive: Receive) -> None:
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise RequestAborted
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > settings.REQUEST_MAX_BODY_BYTES:
            raise BodyTooLarge
        if chunk:
            body.write(chunk)
        if not message.get("more_body", False):
            return


def _read(response: Response, method: str) -> Answer:
    """The answer with its body and everything closed; only what must be streamed stays open."""
    if isinstance(response, StreamingHttpResponse) and method != "HEAD" and not _is_small_file(response):
        if isinstance(response, FileResponse):
            response.block_size = FILE_BLOCK_BYTES
        language = translation.get_language() or settings.LANGUAGE_CODE
        # The stream is closed later and in another thread, so this one lets go of its connections here.
        close_old_connections()
        return Answer(response.status_code, _headers(response), stream=response, language=language)
    try:
        return Answer(response.status_code, _headers(response), b"" if method == "HEAD" else _body(response))
    finally:
        # This is also where Django lets go of spent database connections.
        response.close()


def _is_small_file(response: Response) -> bool:
    length = response.headers.get("Content-Length", "")
    return isinstance(response, FileResponse) and length.isdigit() and int(length) <= SMALL_FILE_BYTES


def _body(response: Response) -> bytes:
    return b"".join(response) if isinstance(response, StreamingHttpResponse) else response.content


def _headers(response: Response) -> list[tuple[bytes, bytes]]:
    headers = [(name.encode("ascii").lower(), value.encode("latin1")) for name, value in response.items()]
    headers += [
        (b"set-cookie", morsel.OutputString().encode("ascii")) for morsel in response.cookies.values()
    ]
    return headers


def _close_abandoned(future: Future[Answer]) -> None:
    """Close what was made for a client that has gone meanwhile."""
    if not future.cancelled() and future.exception() is None and (stream := future.result().stream):
        stream.close()


async def _send_plain(send: Send, status: int, text: bytes, headers: Iterable[tuple[bytes, bytes]]) -> None:
    start = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(text)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": [*start, *headers]})
    await send({"type": "http.response.body", "body": text})
