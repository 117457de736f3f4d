"""`manage.py load_content`: the help center's content from fixtures/."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from faq.services import demo_content, demo_pieces


class Command(BaseCommand):
    """Load what is new in fixtures/; what an editor changed or deleted stays as it is."""

    help = "Load the content in fixtures/ (idempotent; never overwrites an editor's change)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load and say in one line what happened."""
        report = demo_content.load(demo_pieces.all_pieces(settings.BASE_DIR / "fixtures"))
        self.stdout.write(
            f"content: {len(report.written)} written, {len(report.unchanged)} unchanged, "
            f"{len(report.kept)} kept as edited"
        )
