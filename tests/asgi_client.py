"""Asks an ASGI application as a server does, and keeps every message of its answer."""

from __future__ import annotations

import asyncio
import gzip
from dataclasses import dataclass, field
from typing import Any

import brotli

UNPACK = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}


@dataclass
class Reply:
    """An answer as it came."""

    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def status(self) -> int:
        return self.messages[0]["status"]

    @property
    def chunks(self) -> list[bytes]:
        return [message.get("body", b"") for message in self.messages[1:]]

    @property
    def body(self) -> bytes:
        return b"".join(self.chunks)

    @property
    def text(self) -> str:
        """The body as somebody reads it, out of its encoding."""
        return UNPACK[self.header("content-encoding")](self.body).decode()

    def all(self, name: str) -> list[str]:
        wanted = name.lower().encode()
        return [value.decode("latin-1") for n, value in self.messages[0]["headers"] if n.lower() == wanted]

    def header(self, name: str) -> str:
        return ", ".join(self.all(name))


class Client:
    """One request: what it sends, and when it goes away."""

    def __init__(self, chunks: list[bytes], gone_after: int | None) -> None:
        self.reply = Reply()
        self._chunks = chunks or [b""]
        self._gone_after = gone_after
        self._gone = asyncio.Event()

    async def receive(self) -> dict[str, Any]:
        if self._chunks:
            chunk = self._chunks.pop(0)
            return {"type": "http.request", "body": chunk, "more_body": bool(self._chunks)}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.reply.messages.append(message)
        if self._gone_after is not None and len(self.reply.messages) > self._gone_after:
            self._gone.set()


def make_scope(path: str, method: str = "GET", query: str = "", **more: Any) -> dict[str, Any]:
    headers = {"host": "testserver"} | more.pop("headers", {})
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": ("192.0.2.7", 40000),
        "server": ("testserver", 80),
    } | more


async def request(app: Any, path: str, chunks: Any = (), gone_after: int | None = None, **more: Any) -> Reply:
    """Ask `app`; with `gone_after` the client hangs up when it has got so many messages."""
    client = Client(list(chunks), gone_after)
    await app(make_scope(path, **more), client.receive, client.send)
    return client.reply


def ask(app: Any, path: str, **more: Any) -> Reply:
    """The same for a test that isn't asynchronous itself."""
    return asyncio.run(request(app, path, **more))
