"""`manage.py load_canned`: the canned replies from fixtures/."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from chat.services.canned_pieces import pieces
from faq.services import demo_content


class Command(BaseCommand):
    """Load what is new in fixtures/canned.toml; what somebody changed or deleted stays as it is."""

    help = "Load the canned replies in fixtures/ (idempotent; never overwrites a change)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say in one line what happened."""
        report = demo_content.load(pieces(settings.BASE_DIR / "fixtures"))
        self.stdout.write(
            f"canned replies: {len(report.written)} written, {len(report.unchanged)} unchanged, "
            f"{len(report.kept)} kept as edited"
        )
