"""Files for the tests of attachments, made when they are asked for."""

import struct
import zlib
from io import BytesIO

import pikepdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

FORMATS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP"}


def picture(extension: str, *, size=(40, 30), mode="RGB", **saving) -> bytes:
    """A small picture, its left half white and its right half black."""
    image = Image.new(mode, size, 0)
    image.paste(Image.new(mode, (size[0] // 2, size[1]), "white"), (0, 0))
    output = BytesIO()
    image.save(output, FORMATS[extension], **saving)
    return output.getvalue()


def picture_with_metadata(extension: str) -> bytes:
    """A picture that lies on its side and knows where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "CAMERA-MAKER"
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 25.0)
    saving = {"exif": exif, "icc_profile": b"COLOUR-PROFILE"}
    if extension == "png":
        saving["pnginfo"] = PngInfo()
        saving["pnginfo"].add_text("Comment", "HIDDEN-COMMENT")
    if extension == "jpg":
        saving["comment"] = b"HIDDEN-COMMENT"
    return picture(extension, **saving)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG with its checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_claiming(width: int, height: int, *chunks: bytes) -> bytes:
    """A PNG whose header claims a size and whose pixels are missing."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + png_chunk(b"IDAT", b"") + png_chunk(b"IEND", b"")
    )


def webp_claiming(width: int, height: int) -> bytes:
    """A WebP whose extended header claims a size."""
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + sides
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg_claiming(width: int, height: int) -> bytes:
    """A JPEG whose frame header claims a size."""
    return b"\xff\xd8\xff\xc0\x00\x11\x08" + struct.pack(">HH", height, width) + bytes(12) + b"\xff\xd9"


def pdf(change=None, **saving) -> bytes:
    """A PDF of one empty page, after `change(document)`."""
    document = pikepdf.new()
    document.add_blank_page()
    if change:
        change(document)
    output = BytesIO()
    document.save(output, **saving)
    return output.getvalue()
