"""Files that visitors send: what is taken, and how it is made harmless.

Type, extension and first bytes must agree. Pictures are drawn anew and PDFs written anew, each in a process
of its own; texts become UTF-8. Nothing here stores a file or finds the words for a refusal.
"""

import re
from dataclasses import dataclass
from typing import BinaryIO, Literal

from chat.core import file_types
from chat.core.file_names import join_name, split_name
from chat.core.file_types import MAX_PIXELS
from chat.core.refusal import AttachmentRefused
from chat.core.worker import run_worker

__all__ = ["MAX_BYTES", "MAX_PIXELS", "AttachmentRefused", "CleanFile", "Inspected", "inspect", "sanitise"]

MAX_BYTES = 10 * 1024 * 1024
# A picture that claims ten times the limit was made to harm.
BOMB_PIXELS = 10 * MAX_PIXELS

Kind = Literal["image", "pdf", "text"]
_KINDS: dict[str, Kind] = {"application/pdf": "pdf", "text/plain": "text"}
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
_IMAGE_WORKER, _PDF_WORKER = "chat.core.image_worker", "chat.core.pdf_worker"


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a file is: its kind, its type ("image/png") and its cleaned name."""

    kind: Kind
    type: str
    name: str


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file made harmless; `width` and `height` in pixels are a picture's."""

    name: str
    media_type: str
    data: bytes
    width: int | None = None
    height: int | None = None


def inspect(name: str, data: bytes | BinaryIO, *, declared: str = "") -> Inspected:
    """Check the file by its name, first bytes and content, decoding no pictures.

    `declared` is the type that the browser gave, if any. Raises `AttachmentRefused`.
    """
    content = _content(data)
    found = _identified(name, content, declared)
    if found.kind == "pdf":
        run_worker(_PDF_WORKER, content)
    elif found.kind == "text":
        _decoded(content)
    return found


def sanitise(name: str, data: bytes | BinaryIO, *, declared: str = "") -> CleanFile:
    """The file as it may be stored; arguments and refusals as for `inspect`.

    The name may still hold what people should not have typed: mask it.
    """
    content = _content(data)
    found = _identified(name, content, declared)
    if found.kind == "text":
        text = _decoded(content)
        return CleanFile(found.name, "text/plain; charset=utf-8", text.encode())
    if found.kind == "pdf":
        _, cleaned = run_worker(_PDF_WORKER, content)
        return CleanFile(found.name, found.type, _bounded(cleaned))
    facts, cleaned = run_worker(_IMAGE_WORKER, content, found.type)
    return CleanFile(found.name, found.type, _bounded(cleaned), facts["width"], facts["height"])


def _content(data: bytes | BinaryIO) -> bytes:
    content = data if isinstance(data, bytes) else data.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise AttachmentRefused("too_large", max_bytes=MAX_BYTES)
    if not content.strip():
        raise AttachmentRefused("empty")
    return content


def _identified(name: str, content: bytes, declared: str) -> Inspected:
    stem, extension = split_name(name)
    expected = file_types.TYPES.get(extension)
    if expected is None:
        raise AttachmentRefused("type", allowed=tuple(file_types.TYPES))
    if file_types.type_of(content) != expected or not file_types.agrees(declared, expected):
        raise AttachmentRefused("mismatch")
    kind = _KINDS.get(expected, "image")
    if kind == "image":
        _check_pixels(content, expected)
    return Inspected(kind, expected, join_name(stem, extension))


def _check_pixels(content: bytes, media_type: str) -> None:
    size = file_types.image_size(content, media_type)
    if size is None:
        raise AttachmentRefused("broken")
    pixels = size[0] * size[1]
    if pixels > BOMB_PIXELS:
        raise AttachmentRefused("bomb")
    if pixels > MAX_PIXELS:
        raise AttachmentRefused("too_many_pixels", max_pixels=MAX_PIXELS)


def _decoded(content: bytes) -> str:
    """The text in UTF-8 or in what Chinese systems write, if it is nothing but text."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROLS.search(text):
            break
        return text
    raise AttachmentRefused("text_encoding")


def _bounded(cleaned: bytes) -> bytes:
    """A file that grew too much when it was made anew would fill the disk."""
    if len(cleaned) > 2 * MAX_BYTES:
        raise AttachmentRefused("too_large", max_bytes=MAX_BYTES)
    return cleaned
