"""The file of a backup: the database, the attachments, and a list of both with their fingerprints."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from helpcenter.keep.databases import KeepingFailed

FORMAT = 1
MANIFEST, DATABASE, MEDIA = "manifest.json", "database", "media"


@dataclass(frozen=True)
class Manifest:
    """What a backup holds; `files` are names in the archive with their SHA-256."""

    format: int
    made_at: str
    vendor: str
    epoch: str
    files: dict[str, str]


def write(target: Path, database: Path, media: Path, *, made_at: str, vendor: str, epoch: str) -> Manifest:
    """Pack a dump and the attachments; `target` appears only when it is whole. Raises `KeepingFailed`."""
    partial = target.with_name(target.name + ".partial")
    files: dict[str, str] = {}
    try:
        with open(partial, "xb", opener=_private) as raw, tarfile.open(fileobj=raw, mode="w:gz") as archive:
            for path, name in [(database, DATABASE), *_attachments(media)]:
                if digest := _add(archive, path, name):
                    files[name] = digest
            manifest = Manifest(FORMAT, made_at, vendor, epoch, files)
            _add_text(archive, MANIFEST, json.dumps(asdict(manifest), indent=2))
            archive.close()
            raw.flush()
            os.fsync(raw.fileno())
        os.link(partial, target)
    except OSError as problem:
        raise KeepingFailed(f"{target}: {problem.strerror}") from problem
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def unpack(source: Path, folder: Path) -> Manifest:
    """Unpack a backup into an empty folder and check every byte; raises `KeepingFailed`."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text()))
    except (OSError, tarfile.TarError, ValueError, TypeError, EOFError) as problem:
        raise KeepingFailed(f"{source} is no whole backup ({problem})") from problem
    if manifest.format != FORMAT:
        raise KeepingFailed(f"{source} has format {manifest.format}; this version reads {FORMAT}")
    for name, digest in manifest.files.items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            raise KeepingFailed(f"{source}: {name} is damaged or missing")
    return manifest


def _attachments(media: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(media.rglob("*")):
        if path.is_file():
            yield path, f"{MEDIA}/{path.relative_to(media)}"


def _add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    """Add one file; "" when it has gone meanwhile, as overdue ones do."""
    try:
        digest = _digest(path)
        archive.add(path, arcname=name, recursive=False)
    except FileNotFoundError:
        return ""
    return digest


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    data = text.encode()
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), 0o600
    archive.addfile(info, io.BytesIO(data))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
