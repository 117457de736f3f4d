"""One kept page in each encoding, ready to be sent, and the shelf that holds the pages of one version."""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import brotli

Header = tuple[bytes, bytes]
Key = tuple[object, ...]

# Headers that belong to one encoding of a page or to the server, not to the page.
OWN_HEADERS = {b"content-length", b"etag", b"content-encoding", b"vary", b"x-public-page", b"date"}
# What a 304 must repeat.
NOT_MODIFIED_HEADERS = {b"cache-control", b"vary", b"content-language", b"content-security-policy"}
MIN_COMPRESSED = 300
# A page costs its bodies and about this much of Python's own.
OVERHEAD_BYTES = 4096


@dataclass(frozen=True)
class Variant:
    """A page in one encoding as the ASGI messages that send it."""

    etag: bytes
    start: dict[str, object]
    body: dict[str, object]
    not_modified: dict[str, object]

    @property
    def size(self) -> int:
        """Bytes of the body."""
        return len(self.body["body"])  # type: ignore[arg-type]


@dataclass(frozen=True)
class Entry:
    """A page in every encoding; what is too small to be packed is sent as it is in all of them."""

    variants: dict[bytes, Variant]

    @property
    def size(self) -> int:
        """What the page costs in memory, roughly."""
        return OVERHEAD_BYTES + sum(variant.size for variant in self.variants.values())


def build_entry(headers: Sequence[Header], body: bytes) -> Entry:
    """Compress `body` and prepare its messages; takes some milliseconds, so never on the event loop."""
    common = [(name, value) for name, value in headers if name.lower() not in OWN_HEADERS]
    common.append((b"vary", _vary(headers)))
    digest = _digest(common, body)
    plain = _variant(b"", digest, common, body)
    if len(body) < MIN_COMPRESSED:
        return Entry({b"": plain, b"br": plain, b"gzip": plain})
    packed = {b"br": brotli.compress(body, quality=9), b"gzip": gzip.compress(body, 8, mtime=0)}
    return Entry({b"": plain} | {name: _variant(name, digest, common, each) for name, each in packed.items()})


def _digest(headers: Sequence[Header], body: bytes) -> bytes:
    """The same in every process that makes the same page.

    The parts of a policy may come in any order, which differs from process to process, so of each header only
    the letters count.
    """
    seen = hashlib.sha256(body)
    for name, value in sorted(headers):
        seen.update(name + bytes(sorted(value)))
    return seen.hexdigest()[:32].encode()


def _vary(headers: Sequence[Header]) -> bytes:
    values = [value for name, value in headers if name.lower() == b"vary"]
    parts = [part.strip() for value in values for part in value.split(b",")]
    return b", ".join([b"Accept-Encoding", *(p for p in parts if p and p.lower() != b"accept-encoding")])


def _variant(encoding: bytes, digest: bytes, common: list[Header], body: bytes) -> Variant:
    etag = b'"' + digest + (b"-" + encoding if encoding else b"") + b'"'
    headers = [*common, (b"etag", etag), (b"content-length", str(len(body)).encode())]
    if encoding:
        headers.append((b"content-encoding", encoding))
    kept = [(name, value) for name, value in common if name.lower() in NOT_MODIFIED_HEADERS]
    return Variant(
        etag=etag,
        start={"type": "http.response.start", "status": 200, "headers": headers},
        body={"type": "http.response.body", "body": body},
        not_modified={"type": "http.response.start", "status": 304, "headers": [*kept, (b"etag", etag)]},
    )


class Shelf:
    """The pages of one content version, the least recently read going first when space runs out.

    Emptying the cache means taking a new shelf. A page that began to be made for the old one ends up there,
    out of sight, and so can never be shown after the change that it doesn't know of.
    """

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.bytes = 0
        self._entries: OrderedDict[Key, Entry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Key) -> Entry | None:
        """The page kept under `key`."""
        entry = self._entries.get(key)
        if entry is not None:
            self._entries.move_to_end(key)
        return entry

    def put(self, key: Key, entry: Entry) -> None:
        """Keep a page, making room for it; a page larger than the shelf isn't kept."""
        if entry.size > self.max_bytes:
            return
        old = self._entries.pop(key, None)
        self.bytes += entry.size - (old.size if old else 0)
        self._entries[key] = entry
        while self.bytes > self.max_bytes:
            _key, dropped = self._entries.popitem(last=False)
            self.bytes -= dropped.size
