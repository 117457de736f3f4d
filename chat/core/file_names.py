"""Names of files that visitors send, made safe to show and to offer for download."""

import re
import unicodedata

MAX_NAME = 100
_SEPARATORS = re.compile(r"[/\\]|%(?:2f|5c)", re.IGNORECASE)
_ESCAPE = re.compile(r"%(?=[0-9a-fA-F]{2})")
_FORBIDDEN = re.compile(r'[<>:"|?*;`$&\']')
# Controls, invisible and direction-changing characters, halves of characters, private and line-breaking ones.
_INVISIBLE = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)
_EXTENSIONS = {"jpeg": "jpg", "jpe": "jpg", "jfif": "jpg", "text": "txt"}


def split_name(name: str) -> tuple[str, str]:
    """The cleaned stem, and the extension in lower case without its dot ("jpeg" is "jpg"; perhaps empty).

    What comes before the last path separator is dropped, spelled as %2f or a backslash as well.
    """
    visible = "".join(character for character in name if unicodedata.category(character) not in _INVISIBLE)
    last = _SEPARATORS.split(unicodedata.normalize("NFC", visible))[-1]
    stem, dot, extension = _ESCAPE.sub("_", last).rpartition(".")
    if not dot:
        stem, extension = extension, ""
    extension = extension.strip().lower()
    return _clean_stem(stem), _EXTENSIONS.get(extension, extension)


def join_name(stem: str, extension: str) -> str:
    """The whole name, at most `MAX_NAME` characters long."""
    return f"{stem[: MAX_NAME - len(extension) - 1].rstrip(' .')}.{extension}"


def _clean_stem(stem: str) -> str:
    stem = " ".join(_FORBIDDEN.sub("_", stem).split()).strip(" .")
    if not stem:
        return "file"
    return f"_{stem}" if _DEVICES.fullmatch(stem) else stem
