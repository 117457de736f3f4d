"""`manage.py backup`: everything in one file, while the site runs."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from helpcenter.accounts import audit
from helpcenter.keep.databases import KeepingFailed
from helpcenter.keep.restoring import back_up


class Command(BaseCommand):
    """Database and attachments of one moment."""

    help = "Write the database and the attachments into one file while the site runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path, help="the .tar.gz to write; it must not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it and say what it holds."""
        target = options["file"].absolute()
        try:
            manifest = back_up(target)
        except KeepingFailed as failed:
            raise CommandError(str(failed)) from None
        audit.record_console("export.backup", target.name, files=len(manifest.files) - 1)
        size = target.stat().st_size
        self.stdout.write(
            f"{target}: {manifest.vendor}, {len(manifest.files) - 1} file(s), {size:,} bytes, {manifest.made_at}"
        )
