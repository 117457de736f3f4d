"""`manage.py prepare`: everything between installed dependencies and a site that can be served."""

from __future__ import annotations

import hashlib
import os
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from faq.models import Category
from faq.services.roles import grant_new_permissions
from helpcenter.translations import compile_catalogues


class Command(BaseCommand):
    """Translations, static files, migrations, and content with accounts when the database is empty."""

    help = "Prepare the site: translations, static files, migrations, and demo content when it is empty."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to leave out."""
        parser.add_argument(
            "--files-only", action="store_true", help="translations and static files; no database is asked"
        )
        parser.add_argument(
            "--without-accounts",
            action="store_true",
            help="no demo accounts, also when nobody can sign in yet",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do only what isn't done yet, so that a second start takes a moment."""
        compile_catalogues()
        self._collect_static()
        if options["files_only"]:
            return
        call_command("migrate", verbosity=0, interactive=False)
        is_empty = not Category.objects.exists()
        if is_empty:
            call_command("load_content", stdout=self.stdout)
            call_command("load_canned", stdout=self.stdout)
            if not options["without_accounts"] and not get_user_model().objects.exists():
                # Whoever has set the site up has an account; the demo's would only be ways in.
                call_command("demo_accounts", stdout=self.stdout)
        else:
            grant_new_permissions()
        self._say_where(is_empty)

    def _collect_static(self) -> None:
        fingerprint, root = _fingerprint(_static_sources()), Path(settings.STATIC_ROOT)
        stamp = root.with_suffix(".stamp")
        if root.exists() and stamp.exists() and stamp.read_text() == fingerprint:
            return
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(fingerprint)

    def _say_where(self, is_empty: bool) -> None:
        lines = [
            f"customers   {settings.SITE_URL}/",
            f"agents      {settings.SITE_URL}/desk/    (agent1, agent2, supervisor1)",
            f"editors     {settings.SITE_URL}/admin/   (editor1)",
        ]
        if not is_empty:
            lines.append("more demo accounts or a new password: manage.py demo_accounts --help")
        self.stdout.write("\n".join(lines))


def _static_sources() -> Iterable[Path]:
    for finder in get_finders():
        for name, storage in finder.list([]):
            yield Path(storage.path(name))


def _fingerprint(files: Iterable[Path]) -> str:
    seen = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for file in sorted(files):
        stat = file.stat()
        seen.update(f"{os.fspath(file)}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()
