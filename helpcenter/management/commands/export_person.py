"""`manage.py export_person`: everything that is kept about one person, as a zip file."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chat.services.personal_data import export
from helpcenter.accounts import audit
from helpcenter.management import whose


class Command(BaseCommand):
    """Answers the question "what do you know about me?"."""

    help = "Write everything that is kept about one person into a zip file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and where to."""
        whose.add_arguments(parser)
        parser.add_argument("file", help="the zip file to write; it must not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, readable by its owner only."""
        found = whose.visitors(options)
        try:
            with open(options["file"], "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                file.write(export(found))
        except OSError as problem:
            if not isinstance(problem, FileExistsError):
                # A full disk has taken the first half.
                Path(options["file"]).unlink(missing_ok=True)
            raise CommandError(f"{options['file']}: {problem.strerror}") from None
        for visitor in found:
            audit.record_console("export.person", f"visitor:{visitor.key}")
        self.stdout.write(f"{len(found)} visitor(s) written to {options['file']}")
