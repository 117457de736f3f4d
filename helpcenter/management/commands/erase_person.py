"""`manage.py erase_person`: forget one person."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from chat.delivery.outside import telling_servers
from chat.services.erasure import erase
from helpcenter.accounts import audit
from helpcenter.management import whose


class Command(BaseCommand):
    """Empties what somebody wrote and who they were; numbers and times stay for the reports."""

    help = "Forget one person: texts, files, names, addresses. Can't be undone, and restores repeat it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Who, and whether to ask."""
        whose.add_arguments(parser)
        parser.add_argument("--yes", action="store_true", help="don't ask")

    def handle(self, *args: Any, **options: Any) -> None:
        """Ask, then forget."""
        found = whose.visitors(options)
        if not options["yes"] and not _agreed(len(found)):
            raise CommandError("Nothing was erased.")
        for visitor in found:
            audit.record_console("erase.person", f"visitor:{visitor.key}")
        with telling_servers():
            erased = erase(found)
        self.stdout.write(
            f"erased: {len(found)} visitor(s), {erased.conversations} conversation(s), "
            f"{erased.texts} text(s), {erased.files} file(s)"
        )


def _agreed(count: int) -> bool:
    try:
        return input(f"Erase {count} visitor(s) for good? Type yes: ").strip() == "yes"
    except EOFError:
        return False
