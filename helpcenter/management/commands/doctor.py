"""`manage.py doctor`: is this set-up sound, and if not, how to mend it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from helpcenter.doctor import machine, site, stores
from helpcenter.doctor.findings import Check, Finding, Level

CHECKS: tuple[Check, ...] = (
    *(stores.database, stores.migrations, stores.layer, stores.clock),
    *(machine.storage, machine.secret, machine.mail, machine.versions),
    *(site.tls, site.proxy, site.origins, site.people),
)
SIGNS = {Level.OK: "ok     ", Level.WARNING: "WARNING", Level.PROBLEM: "PROBLEM"}


class Command(BaseCommand):
    """Looks at everything and changes nothing; ends with 1 when there is a problem."""

    help = "Check the set-up: each point as ok, warning or problem, with the mend. Takes 20 s with Redis."
    # A broken database is one of the things to be told, not a reason to stop.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For people, or for programs."""
        parser.add_argument("--json", action="store_true", help="print a list of objects")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every finding."""
        found = list(self._look(print_each=not options["json"]))
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in found], indent=2))
        problems = sum(finding.level is Level.PROBLEM for finding in found)
        if not options["json"]:
            warnings = sum(finding.level is Level.WARNING for finding in found)
            self.stdout.write(f"\n{problems} problem(s), {warnings} warning(s)")
        if problems:
            raise SystemExit(1)

    def _look(self, *, print_each: bool) -> Iterator[Finding]:
        for check in CHECKS:
            for finding in check():
                if print_each:
                    self._print(finding)
                yield finding

    def _print(self, finding: Finding) -> None:
        self.stdout.write(f"{SIGNS[finding.level]}  {finding.subject}: {finding.text}")
        if finding.mend:
            self.stdout.write(f"         → {finding.mend}")
