"""The canned replies of fixtures/ as pieces that `demo_content` can load."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from chat.models import CannedResponse
from faq.services.demo_content import Piece


def pieces(folder: Path) -> Iterator[Piece]:
    """One piece for each reply and language."""
    read = tomllib.loads((folder / "canned.toml").read_text(encoding="utf-8"))
    for reply in read["reply"]:
        for language, _name in settings.LANGUAGES:
            if text := reply.get(language):
                yield _piece(reply["shortcut"], language, text | {"topic": reply.get("topic", "")})


def _piece(shortcut: str, language: str, wanted: dict[str, Any]) -> Piece:
    match = {"shortcut": shortcut, "language": language}

    def read() -> dict[str, Any] | None:
        return CannedResponse.objects.filter(**match).values(*wanted).first()

    def write() -> None:
        CannedResponse.objects.update_or_create(defaults=wanted, shortcut=shortcut, language=language)

    return Piece(f"canned:{shortcut}:{language}", wanted, read, write)
