"""What editors have to do: missing and stale texts, drafts, what is due, bad votes, searches in vain."""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone

from faq.models import Article, Revision, SearchQuery, Synonym, Translation, Vote
from faq.services import editorial
from faq.services.publishing import Text, save_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


def stored(language: str, slug: str = "two-factor") -> Translation:
    return Translation.objects.get(article__slug=slug, language=language)


def waiting(name: str) -> list[tuple[str, str]]:
    return [(item.article.slug, item.state.language) for item in getattr(editorial.todo(), name)]


def searched(text: str, times: int = 1, results: int = 0, days_ago: int = 0) -> None:
    day = timezone.localdate() - timedelta(days=days_ago)
    SearchQuery.objects.create(day=day, language="zh-hans", text=text, results=results, count=times)


def test_our_own_content_leaves_nothing_to_do():
    todo = editorial.todo()

    assert (todo.missing, todo.stale, todo.drafts, todo.scheduled) == ([], [], [], [])


def test_a_language_without_text_is_missing():
    stored("en").delete()

    assert waiting("missing") == [("two-factor", "en")]


def test_a_text_is_stale_when_the_other_language_was_changed(edit):
    edit("two-factor", zh={"body": "新的内容"})

    assert waiting("stale") == [("two-factor", "en")]


def test_texts_changed_together_are_both_up_to_date(edit):
    edit("two-factor", zh={"body": "新的内容"}, en={"body": "New content"})

    assert waiting("stale") == []


def test_a_later_saving_within_minutes_is_still_together(edit, time_machine):
    edit("two-factor", zh={"body": "新的内容"})
    time_machine.move_to(timezone.now() + timedelta(minutes=3))
    edit("two-factor", en={"body": "New content"})

    assert waiting("stale") == []


def test_a_small_correction_makes_nothing_stale(edit):
    edit("two-factor", zh={"title": "改了一个错字", "is_small": "on"})

    assert waiting("stale") == []


def test_a_draft_makes_nothing_stale(edit):
    edit("two-factor", zh={"body": "还没写完", "status": "draft"})

    assert waiting("stale") == []
    assert waiting("drafts") == [("two-factor", "zh-hans")]


def test_a_translation_added_later_makes_nothing_stale(edit):
    stored("en").delete()
    edit("two-factor", en={"title": "Added", "body": "Text", "status": "published"})

    assert (waiting("stale"), waiting("missing")) == ([], [])


def test_a_stale_text_is_noted_as_still_correct(edit, editor):
    edit("two-factor", zh={"body": "新的内容"})

    editor.post(f"/admin/faq/translation/{stored('en').pk}/still-correct/", {"next": "todo"})

    assert waiting("stale") == []
    assert stored("en").updated_at == stored("zh-hans").updated_at
    assert stored("en").revisions.first().author.username == "editors"


def test_confirming_what_is_up_to_date_makes_no_revision(editor):
    before = Revision.objects.count()

    editor.post(f"/admin/faq/translation/{stored('en').pk}/still-correct/")

    assert Revision.objects.count() == before


def test_scheduled_texts_are_listed_the_next_first():
    for slug, days in (("two-factor", 9), ("clear-cache", 3)):
        text = stored("en", slug)
        save_text(text, replace(Text.of(text), published_at=timezone.now() + timedelta(days=days)))

    assert waiting("scheduled") == [("clear-cache", "en"), ("two-factor", "en")]


def test_the_list_of_articles_shows_and_filters_states(edit, editor):
    edit("two-factor", zh={"body": "新的内容"})
    stored("en", "clear-cache").delete()

    stale = editor.get("/admin/faq/article/?state=stale").content.decode()
    everything = editor.get("/admin/faq/article/").content.decode()

    assert "1 article" in stale
    assert stored("en").title.split("(")[0] in stale
    assert ">Missing<" in everything
    assert ">Stale<" in everything


def test_the_start_page_shows_everything_there_is_to_do(edit, editor):
    edit("two-factor", zh={"body": "新的内容"})
    article = Article.objects.get(slug="clear-cache")
    Vote.objects.create(
        article=article, language="en", is_solved=False, reason="unclear", comment="Which menu?"
    )
    searched("зарплата", times=7)

    page = editor.get("/admin/faq/todo/").content.decode()

    assert "Which menu?" in page
    assert "Hard to understand (1)" in page
    assert "зарплата" in page
    assert "7 times" in page
    assert 'action="/admin/faq/translation/' in page


def test_the_index_counts_what_there_is_to_do(edit, editor):
    edit("two-factor", zh={"body": "新的内容"})

    assert "<strong>1</strong> texts stale" in editor.get("/admin/").content.decode()


# --- Votes ----------------------------------------------------------------------------------------------


def vote(slug: str, yes: int, no: int, days_ago: int = 0) -> None:
    article, when = Article.objects.get(slug=slug), timezone.now() - timedelta(days=days_ago)
    for number in range(yes + no):
        Vote.objects.create(article=article, language="en", is_solved=number < yes, created_at=when)


def test_articles_that_help_least_come_first():
    vote("two-factor", yes=50, no=5)
    vote("clear-cache", yes=1, no=9)
    vote("fake-topay", yes=0, no=1)
    vote("your-data", yes=9, no=0)

    assert [f.article.slug for f in editorial.worst_articles()] == ["clear-cache", "fake-topay", "two-factor"]


def test_old_votes_are_about_an_older_text():
    vote("two-factor", yes=0, no=5, days_ago=editorial.VOTE_DAYS + 1)

    assert editorial.worst_articles() == []


@pytest.mark.parametrize("part, total, low, high", [(0, 0, 0, 0), (1, 1, 0.15, 0.3), (90, 100, 0.8, 0.9)])
def test_few_votes_say_little(part, total, low, high):
    assert low <= editorial.lowest_share(part, total) <= high


def test_votes_are_filtered_by_article_answer_and_reason(editor):
    vote("two-factor", yes=2, no=0)
    article = Article.objects.get(slug="clear-cache")
    Vote.objects.create(article=article, language="en", is_solved=False, reason="unclear")

    query = f"article__id__exact={article.pk}&is_solved__exact=0&reason__exact=unclear&language__exact=en"

    assert "1 vote" in editor.get(f"/admin/faq/vote/?{query}").content.decode()


# --- Searches -------------------------------------------------------------------------------------------


def test_searches_in_vain_are_added_up_the_most_frequent_first():
    searched("зарплата", times=2)
    searched("зарплата", times=3, days_ago=1)
    searched("погода", times=4)

    assert [(s.text, s.times) for s in editorial.fruitless_searches()] == [("зарплата", 5), ("погода", 4)]


def test_a_search_that_finds_something_by_now_is_done(editor):
    searched("зарплата", times=2)

    form = {
        "kind": "expand",
        "language": "zh-hans",
        "phrases": "зарплата",
        "terms": "支付失败",
        "is_active": "on",
    }
    editor.post("/admin/faq/synonym/add/", form)

    assert Synonym.objects.filter(terms="支付失败").exists()
    assert editorial.fruitless_searches() == []


def test_old_searches_are_forgotten():
    searched("зарплата", days_ago=editorial.SEARCH_DAYS)

    assert editorial.fruitless_searches() == []


def test_a_synonym_starts_with_what_was_searched_for(editor):
    searched("зарплата")
    link = f"/admin/faq/synonym/add/?phrases={quote('зарплата')}&amp;language=zh-hans"

    assert link in editor.get("/admin/faq/todo/").content.decode()
    assert "зарплата</textarea>" in editor.get(link.replace("&amp;", "&")).content.decode()


def test_the_list_of_searches_is_filtered_by_no_result(editor):
    searched("зарплата")
    searched("支付失败", results=3)

    page = editor.get("/admin/faq/searchquery/?found=no").content.decode()

    assert "зарплата" in page
    assert "1 search" in page
