"""Draws a picture anew, without anything that came with it.

Run as `python -m chat.core.image_worker <type>`; the file comes on the standard input.
"""

import warnings
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps, JpegImagePlugin

from chat.core.file_types import MAX_PIXELS
from chat.core.refusal import AttachmentRefused
from chat.core.worker import Answer, serve

_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
_SAVING: dict[str, dict[str, Any]] = {
    "PNG": {"compress_level": 6},
    "JPEG": {"quality": 85},
    "WEBP": {"quality": 80, "method": 2},
}
_UNKNOWN_SAMPLING = -1
# Modes that each format can hold; all others become RGB or RGBA.
_MODES = {
    "PNG": ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"),
    "JPEG": ("L", "RGB"),
    "WEBP": ("RGB", "RGBA"),
}


def redraw(data: bytes, media_type: str) -> Answer:
    """Decode the first frame, turn it upright, and encode it again in the same format without metadata."""
    name = _FORMATS[media_type]
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    try:
        with Image.open(BytesIO(data), formats=(name,)) as opened:
            saving = _own_quality(opened) or _SAVING[name]
            picture = _only_pixels(ImageOps.exif_transpose(opened), name)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as problem:
        raise AttachmentRefused("too_many_pixels", max_pixels=MAX_PIXELS) from problem
    except ValueError as problem:
        # Pillow's word for text chunks that unfold to far more than they should.
        raise AttachmentRefused("bomb" if "too large" in str(problem).lower() else "broken") from problem
    except (OSError, SyntaxError, EOFError, KeyError, IndexError, TypeError) as problem:
        raise AttachmentRefused("broken") from problem
    output = BytesIO()
    picture.save(output, name, **saving)
    return {"width": picture.width, "height": picture.height}, output.getvalue()


def _own_quality(opened: Image.Image) -> dict[str, Any]:
    """A photo keeps the quality it came with: a better one would only make it larger."""
    if not isinstance(opened, JpegImagePlugin.JpegImageFile) or opened.mode not in _MODES["JPEG"]:
        return {}
    sampling = JpegImagePlugin.get_sampling(opened)
    own: dict[str, Any] = {"qtables": opened.quantization}
    return own if sampling == _UNKNOWN_SAMPLING else own | {"subsampling": sampling}


def _only_pixels(picture: Image.Image, name: str) -> Image.Image:
    """The pixels and what makes them transparent; no comment, profile, position or thumbnail."""
    transparency = picture.info.get("transparency")
    if picture.mode not in _MODES[name]:
        has_alpha = name != "JPEG" and (picture.has_transparency_data or "A" in picture.mode)
        picture = picture.convert("RGBA" if has_alpha else "RGB")
        transparency = None
    else:
        picture.load()
        picture = picture.copy()
    picture.info = {} if transparency is None else {"transparency": transparency}
    return picture


if __name__ == "__main__":
    serve(redraw)
