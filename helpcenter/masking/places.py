"""Addresses of pages and names of files, which carry secrets as well as texts do."""

import re
from pathlib import PurePosixPath
from urllib.parse import quote, unquote, urlsplit

from .findings import SHORT_HIDDEN
from .texts import mask_text

_LONGEST_URL = 500
# A long segment of mixed letters and digits is a token: whoever holds the address holds the key.
_TOKEN = re.compile(r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9_\-.~=]{20,}|[A-Za-z0-9_\-]{40,}")
_SAFE_IN_PATH = "/:@!$&'()*+,;=-._~"


def mask_url(url: str) -> str:
    """The address without user, query and fragment, its path masked; empty unless http, https or a path.

    Long tokens in the path (private links) are hidden as well. At most 500 characters come back.
    """
    try:
        parts = urlsplit(url.strip())
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.scheme.lower() in ("http", "https") and host:
        origin = f"{parts.scheme.lower()}://{mask_text(_bracketed(host)).text}{port}"
    elif not parts.scheme and not parts.netloc and parts.path.startswith("/"):
        origin = ""
    else:
        return ""
    path = "/".join(_masked_segment(segment) for segment in parts.path.split("/"))
    whole = mask_text(unquote(path)).text
    if whole != unquote(path):
        path = quote(whole, safe=_SAFE_IN_PATH)
    return (origin + path)[:_LONGEST_URL]


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _masked_segment(segment: str) -> str:
    if _TOKEN.fullmatch(unquote(segment)):
        return SHORT_HIDDEN
    masked = mask_text(unquote(segment))
    return quote(masked.text, safe=_SAFE_IN_PATH) if masked.found else segment


def mask_filename(name: str) -> str:
    """The file's name with what is sensitive in it hidden, its extension kept.

    The mark is an x: a star is no character for a file's name.
    """
    suffix = PurePosixPath(name).suffix
    stem = name.removesuffix(suffix) if suffix else name
    masked = mask_text(stem)
    if not masked.found:
        return name
    return masked.text.replace("*", "x") + suffix
