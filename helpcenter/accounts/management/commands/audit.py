"""`manage.py audit verify`: whether the audit log is still what was written."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Max, Min

from helpcenter.accounts import audit
from helpcenter.accounts.models import AuditEntry


class Command(BaseCommand):
    """Check the chain of the audit log."""

    help = "Check that no entry of the audit log was changed, removed or inserted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do with it."""
        parser.add_argument("what", choices=["verify"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how many entries hold; raises `CommandError` (status 1) with the first that doesn't."""
        broken = audit.first_broken()
        if broken:
            raise CommandError(f"Entry {broken.sequence} of the audit log: {broken.reason}.")
        ends = AuditEntry.objects.aggregate(first=Min("sequence"), last=Max("sequence"))
        count = AuditEntry.objects.count()
        self.stdout.write(
            f"The audit log is whole: {count} entries, number {ends['first'] or 0} to {ends['last'] or 0}."
        )
