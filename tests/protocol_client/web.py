"""The HTTP calls of the contract, as few lines as they need; every request is a connection of its own."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

SECONDS = 10.0


class Unreachable(OSError):
    """Nobody answered, or not to the end: whether the request was done is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON; raises `ValueError`."""
        return json.loads(self.body)

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that were set."""
        found: SimpleCookie = SimpleCookie()
        for name, value in self.headers:
            if name.lower() == "set-cookie":
                found.load(value)
        return {name: morsel.value for name, morsel in found.items()}


@dataclass(frozen=True, slots=True)
class Site:
    """Where the help center answers; `origin` is the address that it believes to have."""

    host: str
    port: int
    origin: str

    async def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        seconds: float = SECONDS,
        **headers: str,
    ) -> Answer:
        """Send a request and read the answer to its end; raises `Unreachable`."""
        try:
            async with asyncio.timeout(seconds):
                return _parse(method, await self._exchange(method, path, body, headers))
        except (OSError, TimeoutError, HTTPException) as problem:
            raise Unreachable(f"{method} {path}: {problem!r}") from problem

    async def post_json(self, path: str, content: Any, *, seconds: float = SECONDS, **headers: str) -> Answer:
        """Post JSON; raises `Unreachable`."""
        body = json.dumps(content).encode()
        return await self.ask("POST", path, body, seconds=seconds, Content_Type="application/json", **headers)

    async def post_form(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """Post a form; raises `Unreachable`."""
        kind = "application/x-www-form-urlencoded"
        return await self.ask("POST", path, urlencode(fields).encode(), Content_Type=kind, **headers)

    async def _exchange(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            host = self.origin.partition("://")[2]
            lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close"]
            lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
            lines += [f"Origin: {self.origin}", f"Content-Length: {len(body)}"]
            writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


class _Bytes:
    """What `HTTPResponse` wants of a socket."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._raw)


def _parse(method: str, raw: bytes) -> Answer:
    response = HTTPResponse(_Bytes(raw), method=method)  # type: ignore[arg-type]
    response.begin()
    return Answer(response.status, response.getheaders(), response.read())
