"""An editor writes an article: both languages on one page, drafts, publishing and scheduling."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from faq.models import Article, Category, Revision, Translation
from faq.services import content_version
from faq.services.publishing import Text, save_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
PAGE = {"zh-hans": "/zh-hans/articles/two-factor/", "en": "/en/articles/two-factor/"}


def stored(language: str, slug: str = "two-factor") -> Translation:
    return Translation.objects.get(article__slug=slug, language=language)


def numbers(language: str) -> list[int]:
    return list(stored(language).revisions.values_list("number", flat=True))


def page(client, language: str, slug: str = "two-factor") -> str:
    content_version.forget()
    return client.get(f"/{language}/articles/{slug}/").content.decode()


def messages(response) -> str:
    return " ".join(str(message) for message in response.context["messages"])


def at(moment) -> dict[str, str]:
    local = timezone.localtime(moment)
    return {"published_at_0": f"{local:%Y-%m-%d}", "published_at_1": f"{local:%H:%M:%S}"}


def test_both_languages_are_saved_with_a_revision_each(edit, editor, visitor):
    edit("two-factor", zh={"title": "新标题"}, en={"title": "New title", "note": "Clearer"})

    assert "新标题" in page(visitor, "zh-hans")
    assert "New title" in page(visitor, "en")
    newest = stored("en").revisions.first()
    assert (numbers("zh-hans"), numbers("en")) == ([2, 1], [2, 1])
    assert (newest.author.username, newest.note, newest.title) == ("editors", "Clearer", "New title")


def test_saving_without_a_change_makes_no_revision(edit):
    before = Revision.objects.count()

    response = edit("two-factor")

    assert "was changed successfully" in messages(response)
    assert Revision.objects.count() == before


@pytest.mark.parametrize("slug", ["payment-failed", "bank-card-limits", "your-data"])
def test_no_article_of_ours_changes_by_being_saved(edit, slug):
    before = list(Translation.objects.order_by("pk").values("title", "body", "keywords", "updated_at"))

    edit(slug)

    assert (
        list(Translation.objects.order_by("pk").values("title", "body", "keywords", "updated_at")) == before
    )


def test_a_change_in_one_language_leaves_the_other_without_revision(edit):
    edit("two-factor", en={"body": "## Only here"})

    assert (numbers("zh-hans"), numbers("en")) == ([1], [2, 1])


def test_markdown_is_stored_with_plain_line_ends(edit):
    edit("two-factor", en={"body": "one\r\n\r\ntwo"})

    assert stored("en").body == "one\n\ntwo"


def test_a_draft_is_gone_from_the_site_and_the_other_language_stands_in(edit, visitor):
    response = edit("two-factor", en={"status": "draft", "title": "Not ready"})

    assert "taken off the site" in messages(response)
    assert "Not ready" not in page(visitor, "en")
    assert stored("zh-hans").title in page(visitor, "en")


def test_an_article_with_drafts_alone_is_nowhere_to_be_found(edit, visitor):
    edit("two-factor", zh={"status": "draft"}, en={"status": "draft"})

    assert visitor.get(PAGE["en"]).status_code == 404
    assert "/articles/two-factor/" not in visitor.get("/sitemap.xml").content.decode()


def test_a_draft_is_published_at_once_when_no_time_is_given(edit, visitor):
    edit("two-factor", en={"status": "draft", "published_at_0": "", "published_at_1": ""})

    response = edit("two-factor", en={"status": "published"})

    assert "customers see it now" in messages(response)
    assert stored("en").title in page(visitor, "en")


def test_a_scheduled_text_shows_when_its_time_has_come(edit, visitor, time_machine):
    due = timezone.now() + timedelta(days=2)

    response = edit("two-factor", en={"title": "From Thursday on"} | at(due))

    assert "scheduled" in messages(response)
    assert "From Thursday on" not in page(visitor, "en")
    time_machine.move_to(due + timedelta(seconds=1))
    assert "From Thursday on" in page(visitor, "en")


def test_nothing_empty_is_published(edit):
    response = edit("two-factor", en={"body": " ", "summary": ""})

    assert "Write the text before you publish it." in response.content.decode()
    assert numbers("en") == [1]


def test_a_text_without_title_is_refused_and_nothing_is_saved(edit):
    response = edit("two-factor", zh={"title": "好"}, en={"title": ""})

    assert "This field is required." in response.content.decode()
    assert (numbers("zh-hans"), numbers("en")) == ([1], [1])


def test_a_second_editor_does_not_write_over_the_first(edit):
    response = edit("two-factor", en={"title": "Mine", "based_on": "0"})

    assert "Somebody saved this text while you were writing." in response.content.decode()
    assert numbers("en") == [1]


def test_a_new_article_may_start_with_one_language(editor, visitor):
    from_form = {
        "slug": "new-one", "category": Category.objects.first().pk, "kind": "faq",
        "position": 9, "popular": 0,
        "translations-TOTAL_FORMS": 2, "translations-INITIAL_FORMS": 0,
        "translations-0-language": "zh-hans", "translations-0-status": "draft",
        "translations-1-language": "en", "translations-1-status": "published",
        "translations-1-title": "Brand new", "translations-1-body": "Text",
    }  # fmt: skip

    response = editor.post("/admin/faq/article/add/", from_form)

    assert response.status_code == 302
    assert "Brand new" in page(visitor, "en", "new-one")
    assert Translation.objects.filter(article__slug="new-one").count() == 1


def test_a_missing_language_is_added_on_the_same_page(edit, visitor):
    stored("en").delete()

    edit("two-factor", en={"title": "Back again", "body": "Text", "status": "published"})

    assert "Back again" in page(visitor, "en")


def test_a_new_translation_takes_the_date_of_what_it_translates(edit):
    original = stored("zh-hans").updated_at
    stored("en").delete()

    edit("two-factor", en={"title": "Back again", "body": "Text", "status": "published"})

    assert stored("en").updated_at == original


def test_a_small_correction_keeps_the_date(edit):
    before = stored("en").updated_at

    edit("two-factor", en={"title": "Two-factor, spelled well", "is_small": "on"})

    assert stored("en").updated_at == before


def test_a_new_time_alone_keeps_the_date(edit):
    before = stored("en").updated_at

    edit("two-factor", en=at(timezone.now() - timedelta(days=1)))

    assert (stored("en").updated_at, numbers("en")) == (before, [2, 1])


def test_an_article_under_a_new_address_leaves_the_old_one_and_names_lost_links(edit, visitor):
    response = edit("clear-cache", article={"slug": "empty-the-cache"})

    assert "still link to the old address" in messages(response)
    assert visitor.get("/en/articles/empty-the-cache/").status_code == 200
    assert visitor.get("/en/articles/clear-cache/").status_code == 404


def test_a_link_to_nowhere_is_named(edit):
    response = edit("two-factor", en={"body": "See [this](article:no-such) and [us](page:contact)."})

    assert "article:no-such" in messages(response)
    assert "page:contact" not in messages(response)


def test_an_announcement_is_found_behind_the_answers(edit):
    before = stored("en").search_document.version

    edit("two-factor", article={"kind": "news"})

    assert stored("en").search_document.version != before


def test_a_deleted_article_is_gone_with_its_votes(editor, visitor):
    article = Article.objects.get(slug="two-factor")
    article.votes.create(language="en", is_solved=False)

    editor.post(f"/admin/faq/article/{article.pk}/delete/", {"post": "yes"})

    content_version.forget()
    assert visitor.get(PAGE["en"]).status_code == 404


def test_texts_and_summaries_are_searched_by_the_list(editor):
    save_text(stored("en"), replace(Text.of(stored("en")), title="Zebra crossing"))

    rows = editor.get("/admin/faq/article/?q=zebra").content.decode()

    assert "Zebra crossing" in rows
    assert "1 article" in rows


def test_the_list_needs_as_many_queries_for_many_articles(editor, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        editor.get("/admin/faq/article/")
