"""Loads the content in fixtures/, as often as one likes, without ever overwriting an editor.

For each piece the digest of what was loaded is kept. A piece is written when it is new, or when the
database still holds exactly what was loaded before; changed or deleted pieces are the editor's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from faq.models import LoadedFixture
from faq.services import content_version


@dataclass(frozen=True)
class Piece:
    """One thing that the demo content holds and an editor may change on its own.

    `read` gives what the database holds in the shape of `wanted`, or None when it isn't there.
    """

    key: str
    wanted: Any
    read: Callable[[], Any]
    write: Callable[[], object]


@dataclass
class Report:
    """What one loading did, by key of the piece."""

    written: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


def load(pieces: Iterable[Piece]) -> Report:
    """Write the pieces that are new or that nobody has touched since they were loaded."""
    report = Report()
    with transaction.atomic():
        loaded = dict(LoadedFixture.objects.values_list("key", "digest"))
        for piece in pieces:
            getattr(report, _load_piece(piece, loaded.get(piece.key))).append(piece.key)
        if report.written:
            content_version.bump()
    return report


def _load_piece(piece: Piece, loaded: str | None) -> str:
    """Load one piece and say which list of the report it belongs to."""
    wanted, present = digest(piece.wanted), piece.read()
    if loaded is None:
        if present is not None:
            return "kept"
    elif present is None or digest(present) != loaded:
        return "kept"
    elif wanted == loaded:
        return "unchanged"
    piece.write()
    LoadedFixture.objects.update_or_create(key=piece.key, defaults={"digest": wanted})
    return "written"


def digest(value: Any) -> str:
    """A fingerprint of plain data, the same whatever the order of its keys."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
