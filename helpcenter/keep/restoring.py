"""Making a backup, and living on from one."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone

from chat.models import Conversation, Duty, Event, PresenceLease
from chat.services import deployment, erasure
from faq.services import content_version
from helpcenter.keep import archive, databases
from helpcenter.keep.archive import Manifest
from helpcenter.keep.databases import KeepingFailed


@dataclass(frozen=True, slots=True)
class Restored:
    """What there is after a restore."""

    manifest: Manifest
    conversations: int
    events: int
    files: int
    erased: int


def back_up(target: Path) -> Manifest:
    """Write a backup of everything to `target`, which must not exist yet; raises `KeepingFailed`.

    The database first: every file that it names is there by then, and a file too many does no harm.
    """
    if target.exists():
        raise KeepingFailed(f"{target} exists already")
    with tempfile.TemporaryDirectory(dir=_existing(target.parent), prefix=".backup-") as folder:
        copy = Path(folder) / archive.DATABASE
        made_at, epoch = timezone.now().isoformat(), deployment.epoch()
        databases.dump(copy)
        kind = databases.vendor()
        return archive.write(
            target, copy, Path(settings.MEDIA_ROOT), made_at=made_at, vendor=kind, epoch=epoch
        )


def restore(source: Path) -> Restored:
    """Replace everything by a backup, in one step for whoever looks; raises `KeepingFailed`.

    Running processes notice within seconds that history has changed and make their clients start anew. Whoever
    was erased since the backup is erased again, and everybody has to sign in again.
    """
    with tempfile.TemporaryDirectory(prefix="restore-") as name:
        folder = Path(name)
        manifest = archive.unpack(source, folder)
        if manifest.vendor != databases.vendor():
            raise KeepingFailed(f"this is a backup of {manifest.vendor}, and here is {databases.vendor()}")
        # Files first: no row ever points nowhere.
        files = _put_files(folder / archive.MEDIA)
        databases.load(folder / archive.DATABASE)
    return _live_on(manifest, files)


def _live_on(manifest: Manifest, files: int) -> Restored:
    try:
        call_command("migrate", verbosity=0, interactive=False)
        Session.objects.all().delete()
        PresenceLease.objects.all().delete()
        Duty.objects.all().delete()
        erased = erasure.erase_again()
        content_version.bump()
        # Last, because it is what tells running processes that all of this has happened.
        deployment.start_new_epoch()
        counts = Conversation.objects.count(), Event.objects.count()
    except DatabaseError as problem:
        raise KeepingFailed(f"the restored database can't be used: {problem}") from problem
    return Restored(manifest, *counts, files, erased.conversations)


def _put_files(media: Path) -> int:
    count = 0
    for path in sorted(media.rglob("*")) if media.is_dir() else []:
        target = Path(settings.MEDIA_ROOT) / path.relative_to(media)
        # The list of the erased only grows: what was added since the backup still counts.
        if path.is_file() and path.name != erasure.LEDGER and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            target.chmod(settings.FILE_UPLOAD_PERMISSIONS)
            count += 1
    ledger = media / erasure.LEDGER
    if ledger.is_file():
        erasure.remember(ledger.read_text())
    return count


def _existing(folder: Path) -> Path:
    if not folder.is_dir():
        raise KeepingFailed(f"{folder} is not a folder")
    return folder
