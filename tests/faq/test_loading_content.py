"""`manage.py load_content`: idempotent, and an editor's change always survives."""

from io import StringIO

import pytest
from django.core.management import call_command

from faq.models import Article, ContactChannel, OpeningRange, Revision, SpecialDay, Synonym, Translation
from faq.services import content_version
from faq.services.publishing import Text, save_text
from tests.content import FIXTURES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


def load() -> str:
    out = StringIO()
    call_command("load_content", stdout=out)
    return out.getvalue()


def test_a_second_loading_changes_nothing():
    before = content_version.current(), Revision.objects.count()

    assert "0 written" in load()
    assert (content_version.current(), Revision.objects.count()) == before


def test_every_article_file_is_published_in_both_languages():
    slugs = {path.name.split(".")[0] for path in (FIXTURES / "articles").glob("*.md")}

    assert len(slugs) >= 16
    for slug in slugs:
        assert Translation.objects.published().filter(article__slug=slug).count() == 2


def test_an_editors_text_survives():
    target = Translation.objects.get(article__slug="two-factor", language="en")
    save_text(target, Text(title="My own title", body="Mine", status="published"))

    load()

    target.refresh_from_db()
    assert (target.title, target.body) == ("My own title", "Mine")


def test_an_editors_contact_survives():
    ContactChannel.objects.filter(kind="phone").update(value="400-123-4567")

    load()

    assert ContactChannel.objects.get(kind="phone").value == "400-123-4567"


def test_what_an_editor_deleted_stays_deleted():
    Article.objects.filter(slug="news-monthly-checkup").delete()
    Synonym.objects.all().delete()
    OpeningRange.objects.all().delete()
    SpecialDay.objects.all().delete()

    load()

    assert not Article.objects.filter(slug="news-monthly-checkup").exists()
    assert not Synonym.objects.exists()
    assert not OpeningRange.objects.exists()
    assert not SpecialDay.objects.exists()


def test_related_articles_keep_the_order_of_the_file():
    related = Article.objects.get(slug="payment-failed").related_in_order()

    assert [article.slug for article in related] == ["bank-card-limits", "clear-cache", "report-transaction"]
