"""A text's revisions: what each changed, and bringing one back."""

from dataclasses import replace

import pytest

from faq.models import Translation
from faq.services import content_version
from faq.services.publishing import Text, save_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


@pytest.fixture
def text() -> Translation:
    """A Chinese text with a second revision."""
    stored = Translation.objects.get(article__slug="two-factor", language="zh-hans")
    save_text(
        stored, replace(Text.of(stored), title="二次验证怎么开", body="先打开设置。\n再点安全。"), note="改写"
    )
    return stored


def address(text: Translation, number: int | None = None, action: str = "") -> str:
    return f"/admin/faq/translation/{text.pk}/revisions/{f'{number}/' if number else ''}{action}"


def test_the_list_names_number_note_and_the_current_one(editor, text):
    page = editor.get(address(text)).content.decode()

    assert "改写" in page
    assert page.index(">2 <span") < page.index(">1</th>")
    assert page.count("with the current text") == 1


def test_a_revision_shows_what_it_took_away_and_what_it_added(editor, text):
    save_text(text, replace(Text.of(text), body="先打开设置。\n再点账户安全。"))

    page = editor.get(address(text, 3)).content.decode()

    assert "先打开设置。" in page
    assert ">账户<" in page.split("<ins>")[1]
    assert "<del>" not in page


def test_a_revision_is_compared_with_the_current_text(editor, text):
    page = editor.get(f"{address(text, 1)}?with=current").content.decode()

    assert "From revision 1 to revision 2" in page
    assert "先打开设置。" in page


def test_the_first_revision_is_shown_as_new(editor, text):
    page = editor.get(address(text, 1)).content.decode()

    assert "The first revision." in page
    assert "<del>" not in page


def test_markup_in_a_text_is_shown_and_not_run(editor, text):
    save_text(text, replace(Text.of(text), body="<script>alert(1)</script>"))

    page = editor.get(address(text, 3)).content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;" in page


def test_an_earlier_text_comes_back_as_a_new_revision(editor, visitor, text):
    first = text.revisions.get(number=1)

    editor.post(address(text, 1, "restore/"))

    newest = text.revisions.first()
    content_version.forget()
    assert (newest.number, newest.title, newest.author.username) == (3, first.title, "editors")
    assert first.title in visitor.get("/zh-hans/articles/two-factor/").content.decode()


def test_restoring_does_not_publish_a_draft(editor, visitor, text):
    save_text(text, replace(Text.of(text), status="draft"))

    editor.post(address(text, 1, "restore/"))

    text.refresh_from_db()
    assert text.status == "draft"


def test_restoring_what_is_there_already_makes_no_revision(editor, text):
    editor.post(address(text, 2, "restore/"))

    assert text.revisions.count() == 2


@pytest.mark.parametrize("path", ["revisions/99/", "revisions/99/restore/"])
def test_a_revision_that_never_was_is_not_found(editor, text, path):
    url = f"/admin/faq/translation/{text.pk}/{path}"

    assert (editor.post if "restore" in path else editor.get)(url).status_code == 404


def test_nothing_is_restored_by_looking(editor, text):
    assert editor.get(address(text, 1, "restore/")).status_code == 405
    assert text.revisions.count() == 2


def test_a_text_has_no_form_that_goes_around_the_revisions(editor, text):
    response = editor.post(f"/admin/faq/translation/{text.pk}/change/", {"title": "Sneaked in"})

    text.refresh_from_db()
    assert response.url == f"/admin/faq/article/{text.article_id}/change/"
    assert text.title == "二次验证怎么开"
