"""`manage.py restore`: replace everything by a backup."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from helpcenter.accounts import audit
from helpcenter.keep.databases import KeepingFailed
from helpcenter.keep.restoring import restore


class Command(BaseCommand):
    """What was said since the backup is gone; so it asks first."""

    help = "Replace database and attachments by a backup; running processes and their clients start anew."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where from, and whether to ask."""
        parser.add_argument("file", type=Path, help="what `manage.py backup` wrote")
        parser.add_argument("--yes", action="store_true", help="don't ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check the whole file, ask, replace."""
        if not options["yes"] and not _agreed():
            raise CommandError("Nothing was changed.")
        before = _last_entry()
        try:
            done = restore(options["file"])
        except KeepingFailed as failed:
            raise CommandError(str(failed)) from None
        # The restored log has forgotten what came after the backup; that there was a restore it must know.
        audit.record_console(
            "restore.backup", options["file"].name, made_at=done.manifest.made_at, log_before=before
        )
        self.stdout.write(
            f"restored the state of {done.manifest.made_at}: {done.conversations} conversation(s), "
            f"{done.events} event(s), {done.files} file(s) put back, {done.erased} erased again; "
            "everybody signs in again"
        )


def _last_entry() -> int | None:
    """Up to which number the audit log went that is about to be replaced; None when it can't be read."""
    try:
        return audit.last_sequence()
    except DatabaseError:
        return None


def _agreed() -> bool:
    try:
        return input("Everything since the backup will be lost. Type yes: ").strip() == "yes"
    except EOFError:
        return False
