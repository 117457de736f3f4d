"""`manage.py index_search`: analyse every article again, after an update that changed how search reads texts."""

from typing import Any

from django.core.management.base import BaseCommand

from faq.services import search_index


class Command(BaseCommand):
    """Search works without it: until then each process analyses outdated articles for itself."""

    help = "Analyse every article again for search."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write all search documents and say how many."""
        written = search_index.write_all_documents()
        self.stdout.write(f"{written} texts analysed for search.")
