"""What a file is by its first bytes, and how large a picture says it is: read without decoding anything."""

import re
import struct

MAX_PIXELS = 25_000_000

# Extension -> type. Nothing else is ever taken.
TYPES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "txt": "text/plain",
}
# Names that browsers and phones use for the same types, and for "I don't know".
_SAME_TYPE = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "application/x-pdf": "application/pdf",
}
_UNKNOWN_TYPES = ("", "application/octet-stream", "binary/octet-stream")

# Beginnings of what must not pass for text: other formats, and markup that a browser might run.
_FOREIGN = re.compile(
    rb"\s*(?:GIF8|PK\x03\x04|MZ[\x00-\xff]\x00|\x7fELF|%PDF|%!PS|\{\\rtf|RIFF|Rar!|7z\xbc\xaf|"
    rb"\x1f\x8b|OggS|<(?:!doctype|!--|\?xml|\?php|html|head|body|svg|script|iframe|math|style|meta|img|a |"
    rb"div|table|xml|title))",
    re.IGNORECASE,
)
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_LONELY_MARKERS = frozenset((0x01, *range(0xD0, 0xD9)))


def type_of(data: bytes) -> str:
    """The type that the first bytes show: "text/plain" if no other that is known, "" if a foreign one."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if re.match(rb"%PDF-[12]\.[0-9]", data):
        return "application/pdf"
    return "" if _FOREIGN.match(data.removeprefix(b"\xef\xbb\xbf")[:512]) else "text/plain"


def agrees(declared: str, actual: str) -> bool:
    """Whether the type that the browser declared is the actual one, or says nothing."""
    name = declared.partition(";")[0].strip().lower()
    return name in _UNKNOWN_TYPES or _SAME_TYPE.get(name, name) == actual


def image_size(data: bytes, media_type: str) -> tuple[int, int] | None:
    """Width and height in pixels from the picture's header; None when there is no proper header."""
    reader = {"image/png": _png_size, "image/jpeg": _jpeg_size, "image/webp": _webp_size}[media_type]
    try:
        size = reader(data)
    except (struct.error, IndexError):
        return None
    return size if size and min(size) > 0 else None


def _png_size(data: bytes) -> tuple[int, int] | None:
    if data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Walk over the segments to the first frame header."""
    position = 2
    while data[position] == 0xFF:
        marker = data[position + 1]
        if marker == 0xFF:
            position += 1
        elif marker in _LONELY_MARKERS:
            position += 2
        elif marker in _FRAME_MARKERS:
            height, width = struct.unpack_from(">HH", data, position + 5)
            return width, height
        else:
            position += 2 + struct.unpack_from(">H", data, position + 2)[0]
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    chunk = data[12:16]
    if chunk == b"VP8X":
        width, height = (int.from_bytes(data[place : place + 3], "little") for place in (24, 27))
        return width + 1, height + 1
    if chunk == b"VP8L" and data[20] == 0x2F:
        bits = struct.unpack_from("<I", data, 21)[0]
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack_from("<HH", data, 26)
        return width & 0x3FFF, height & 0x3FFF
    return None
