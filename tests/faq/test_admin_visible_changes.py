"""Every change that customers can see counts as a new version of the content, in the admin as elsewhere."""

import pytest
from django.db import transaction
from i18nfield.strings import LazyI18nString

from faq.models import (
    Article,
    Category,
    ContactChannel,
    ContentVersion,
    Guide,
    OfficialIdentity,
    OpeningRange,
    ServiceNotice,
    SpecialDay,
    Step,
    Synonym,
    Translation,
)
from faq.services import content_version
from tests.forms import form_fields

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]

CHANGES = {
    Article: {"position": "77"},
    Category: {"position": "77"},
    ContactChannel: {"value": "+86 10 1234 5678"},
    Guide: {"position": "77"},
    OfficialIdentity: {"value": "really-ours.example"},
    OpeningRange: {"closes": "21:45"},
    ServiceNotice: {"text_1": "Slow today"},
    SpecialDay: {"note_1": "A day off"},
    Step: {"title_1": "Another question"},
    Synonym: {"terms": "other words"},
}


@pytest.fixture(autouse=True)
def _a_notice(content: None) -> None:
    """The content has no notice of its own."""
    ServiceNotice.objects.create(text=LazyI18nString({"en": "Slow"}), starts_at="2026-01-01T00:00:00Z")


def number() -> int:
    return ContentVersion.objects.get(pk=1).number


def last(model):
    rows = model.objects.filter(channel=None) if model is OpeningRange else model.objects.all()
    return rows.order_by("pk").last()


def address(row, action: str) -> str:
    return f"/admin/faq/{row._meta.model_name}/{row.pk}/{action}/"


@pytest.mark.parametrize("model", CHANGES)
def test_a_change_is_announced(editor, model):
    row, before = last(model), number()
    url = address(row, "change")
    data = form_fields(editor.get(url).content.decode(), f"{model._meta.model_name}_form")

    response = editor.post(url, data | CHANGES[model])

    assert response.status_code == 302
    assert number() > before


@pytest.mark.parametrize("model", [m for m in CHANGES if m not in (Category, Step)])
def test_a_deletion_is_announced(editor, model):
    row, before = last(model), number()

    response = editor.post(address(row, "delete"), {"post": "yes"})

    assert response.status_code == 302
    assert not model.objects.filter(pk=row.pk).exists()
    assert number() > before


@pytest.mark.parametrize("model", [m for m in CHANGES if m not in (Category, Step)])
def test_deleting_several_is_announced(editor, model):
    row, before = last(model), number()
    data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}

    editor.post(f"/admin/faq/{model._meta.model_name}/", data)

    assert not model.objects.filter(pk=row.pk).exists()
    assert number() > before


def test_a_category_with_articles_is_kept(editor):
    row = Category.objects.get(slug="payment")

    editor.post(address(row, "delete"), {"post": "yes"})

    assert Category.objects.filter(pk=row.pk).exists()


def test_a_change_in_the_list_is_announced(editor):
    before = number()
    page = editor.get("/admin/faq/contactchannel/").content.decode()
    data = form_fields(page, "changelist-form") | {"form-0-position": "44", "_save": "Save"}

    editor.post("/admin/faq/contactchannel/", data)

    assert ContactChannel.objects.filter(position=44).exists()
    assert number() > before


def test_a_refused_change_is_not_announced(editor):
    row, before = last(Synonym), number()

    editor.post(address(row, "change"), {"terms": ""})

    assert number() == before


def test_a_synonym_finds_at_once(editor, visitor):
    form = {
        "kind": "expand",
        "language": "zh-hans",
        "phrases": "зарплата",
        "terms": "双重认证",
        "is_active": "on",
    }
    editor.post("/admin/faq/synonym/add/", form)
    content_version.forget()

    assert "/articles/two-factor/" in visitor.get("/zh-hans/search/?q=зарплата").content.decode()


def test_a_number_is_on_every_page_at_once(editor, visitor):
    row = ContactChannel.objects.get(kind="phone")
    data = form_fields(editor.get(address(row, "change")).content.decode(), "contactchannel_form")

    editor.post(address(row, "change"), data | {"value": "400-765-4321"})

    assert "400-765-4321" in visitor.get("/en/").content.decode()


def test_a_text_and_its_version_change_together_or_not_at_all(edit, monkeypatch):
    def fail(_text: Translation) -> None:
        assert transaction.get_connection().in_atomic_block
        raise RuntimeError("no search document")

    before = number()
    monkeypatch.setattr("faq.services.search_index.write_document", fail)

    with pytest.raises(RuntimeError, match="no search document"):
        edit("two-factor", en={"title": "Half a change"})

    assert not Translation.objects.filter(title="Half a change").exists()
    assert number() == before
