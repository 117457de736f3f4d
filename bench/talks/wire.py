"""Websocket frames for the load, with as little work as possible: it must not be the limit. Pure."""

from __future__ import annotations

import base64
import os

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
# The contract of websockets asks clients to mask; the load saves itself the work by a key that changes
# nothing. The server unmasks all the same.
MASK = bytes(4)


def handshake(path: str, host: str, origin: str, cookie: str = "") -> bytes:
    """The request that opens a socket."""
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        f"Origin: {origin}",
    ]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    return "\r\n".join([*lines, "", ""]).encode()


def frame(payload: bytes, opcode: int = TEXT) -> bytes:
    """A client's frame of less than 64 KiB."""
    length = len(payload)
    if length < 126:
        return bytes((0x80 | opcode, 0x80 | length)) + MASK + payload
    return bytes((0x80 | opcode, 0xFE)) + length.to_bytes(2, "big") + MASK + payload


def split(buffer: bytes) -> tuple[list[bytes], list[tuple[int, bytes]], bytes]:
    """A server's whole frames: payloads of the texts, the others with their opcodes, and what is left over."""
    texts, others, at, end = [], [], 0, len(buffer)
    while end - at >= 2:
        length, start = buffer[at + 1], at + 2
        if length >= 126:
            start += 2 if length == 126 else 8
            if start > end:
                break
            length = int.from_bytes(buffer[at + 2 : start], "big")
        stop = start + length
        if stop > end:
            break
        opcode = buffer[at] & 15
        if opcode == TEXT:
            texts.append(buffer[start:stop])
        else:
            others.append((opcode, buffer[start:stop]))
        at = stop
    return texts, others, buffer[at:]
