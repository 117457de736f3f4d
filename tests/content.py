"""The help center's own content for tests: loaded once a process, then put back row by row, which is quick."""

from __future__ import annotations

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

from faq import models
from faq.services import demo_content, demo_pieces
from helpcenter.env import BASE_DIR

FIXTURES = BASE_DIR / "fixtures"
# In the order in which they need each other.
MODELS: list[type[Model]] = [
    models.ContentVersion,
    models.LoadedFixture,
    models.Category,
    models.Article,
    models.Article.related.through,
    models.Translation,
    models.Revision,
    models.SearchDocument,
    models.Guide,
    models.Step,
    models.Choice,
    models.Field,
    models.Synonym,
    models.ContactChannel,
    models.OpeningRange,
    models.SpecialDay,
    models.OfficialIdentity,
]
_rows: dict[type[Model], list[Model]] = {}


def put_back() -> None:
    """Fill the (empty) tables with the content of fixtures/."""
    if not _rows:
        models.ContentVersion.objects.get_or_create(pk=1)
        demo_content.load(demo_pieces.all_pieces(FIXTURES))
        _rows.update({model: list(model._default_manager.all()) for model in MODELS})
        return
    models.ContentVersion.objects.all().delete()
    for model, rows in _rows.items():
        model._default_manager.bulk_create(rows)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), MODELS):
            cursor.execute(statement)
