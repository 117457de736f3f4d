"""Searching as pages, suggestions, the messenger and the desk do."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from faq.models import Article, Category, ContentVersion, SearchDocument, Synonym, Translation
from faq.services import content_version, publishing, search_index
from faq.services.search import search

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(db) -> Article:
    """The only article there is, without a text yet."""
    ContentVersion.objects.get_or_create(pk=1)
    return Article.objects.create(slug="harbour", category=Category.objects.create(slug="news"))


def publish(article: Article, language: str, title: str, **fields: object) -> Translation:
    text = Translation.objects.filter(article=article, language=language).first()
    text = text or Translation(article=article, language=language)
    status = fields.pop("status", Translation.Status.PUBLISHED)
    publishing.save_text(text, publishing.Text(title=title, status=status, **fields))
    content_version.forget()
    return text


def slugs(text: str, language: str = "en") -> list[str]:
    return [hit.slug for hit in search(text, language).hits]


def test_article_is_found_when_it_is_published(article):
    assert slugs("lighthouse") == []

    publish(article, "en", "The lighthouse of the harbour")

    assert slugs("lighthouse") == ["harbour"]


def test_new_words_count_and_old_ones_do_not_when_an_article_is_rewritten(article):
    publish(article, "en", "The lighthouse of the harbour")
    assert slugs("lighthouse") == ["harbour"]

    publish(article, "en", "The windmill of the village")

    assert slugs("lighthouse") == []
    assert slugs("windmill") == ["harbour"]


def test_article_is_not_found_when_it_is_a_draft(article):
    publish(article, "en", "The lighthouse", status=Translation.Status.DRAFT)

    assert slugs("lighthouse") == []


def test_scheduled_article_is_found_when_its_time_has_come(article, time_machine):
    time_machine.move_to(timezone.now())
    publish(article, "en", "The lighthouse", published_at=timezone.now() + timedelta(hours=1))
    assert slugs("lighthouse") == []

    time_machine.shift(timedelta(hours=2))
    content_version.forget()

    assert slugs("lighthouse") == ["harbour"]


def test_article_is_no_longer_found_when_it_is_withdrawn(article):
    publish(article, "en", "The lighthouse")
    publish(article, "en", "The lighthouse", status=Translation.Status.DRAFT)

    assert slugs("lighthouse") == []


def test_article_is_no_longer_found_when_it_is_deleted(article):
    publish(article, "en", "The lighthouse")
    assert slugs("lighthouse") == ["harbour"]

    article.delete()
    content_version.bump()
    content_version.forget()

    assert slugs("lighthouse") == []


def test_new_slug_is_used_when_an_article_was_renamed(article):
    publish(article, "en", "The lighthouse")
    assert slugs("lighthouse") == ["harbour"]

    Article.objects.filter(pk=article.pk).update(slug="port")
    content_version.bump()
    content_version.forget()

    assert slugs("lighthouse") == ["port"]


def test_synonym_counts_as_soon_as_it_is_saved(article):
    publish(article, "en", "The lighthouse")
    assert slugs("big lamp") == []

    Synonym.objects.create(language="en", phrases="big lamp\nhuge lantern", terms="lighthouse")
    content_version.bump()
    content_version.forget()

    assert slugs("big lamp") == slugs("huge lanterns") == ["harbour"]


def test_only_changed_documents_are_read_when_one_article_changes(article, django_assert_max_num_queries):
    slugs("password")
    publish(article, "en", "The lighthouse")

    with django_assert_max_num_queries(10):
        slugs("lighthouse")


def test_nothing_is_read_again_when_nothing_has_changed(content, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(content_version, "POLL_SECONDS", 3600)
    slugs("password")

    with django_assert_num_queries(1):
        slugs("account")


def test_every_text_has_its_document_when_content_is_loaded(content):
    assert SearchDocument.objects.count() == Translation.objects.count() > 0


def test_search_still_answers_when_documents_were_written_by_another_version(content):
    SearchDocument.objects.update(fields={"analysis": 0})

    assert slugs("忘记密码", "zh-hans")[0] == "forgot-password"


def test_all_documents_are_written_again_on_request(content):
    SearchDocument.objects.all().delete()

    written = search_index.write_all_documents()

    assert written == SearchDocument.objects.count() == Translation.objects.count()


def test_command_says_how_many_texts_it_analysed(article, capsys):
    publish(article, "en", "The lighthouse")

    call_command("index_search")

    assert capsys.readouterr().out.startswith("1 ")


@pytest.mark.django_db(transaction=True)
def test_all_threads_find_the_same_when_they_search_at_once(article):
    publish(article, "en", "The lighthouse")
    start = Barrier(4)

    def find() -> list[str]:
        start.wait(timeout=30)
        try:
            return slugs("lighthouse")
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        found = [future.result() for future in [threads.submit(find) for _ in range(4)]]

    assert found == [["harbour"]] * 4


@pytest.mark.parametrize(
    ("text", "language", "slug"),
    [("password", "zh-hans", "forgot-password"), ("验证码", "en", "no-verification-code")],
)
def test_article_is_shown_in_the_page_language_when_found_in_the_other(content, text, language, slug):
    hit = search(text, language).hits[0]

    assert (hit.slug, hit.language) == (slug, language)


def test_other_language_is_shown_when_there_is_no_translation(article):
    publish(article, "en", "The lighthouse")

    hit = search("lighthouse", "zh-hans").hits[0]

    assert (hit.slug, hit.language, hit.title) == ("harbour", "en", "The lighthouse")


def test_hit_holds_what_a_result_shows(content):
    hit = search("wangjimima", "zh-hans").hits[0]

    assert hit.title == "".join(text for text, _is_mark in hit.title_parts)
    assert ("忘记密码", True) in hit.title_parts
    assert any(is_mark for _text, is_mark in hit.snippet_parts)
    assert hit.category_slug == "password"
    assert hit.category_title


def test_limit_bounds_the_hits_but_not_the_total(content):
    found = search("账户", "zh-hans", limit=2)

    assert len(found.hits) == 2
    assert found.total > 2


def test_topics_are_offered_nearest_first_when_nothing_fits(content):
    found = search("薛定谔的猫咪", "zh-hans")

    assert (found.hits, found.total) == ([], 0)
    assert len(found.categories) == Category.objects.count()


ODD_TEXTS = [
    *(
        "",
        " ",
        "？！。，",
        "\x00",
        "😀😀",
        '"',
        "AND OR NOT",
        "NEAR(a b)",
        "title:*",
        "'; DROP TABLE--",
        "%_%",
        "\\",
    ),
    *(
        "密" * 10_000,
        "word " * 2_000,
        "\u200b" * 10_000,
        "\ud83d",
        "(" * 500,
        "a*",
        "^a",
        "{x}",
        "1" * 300,
        "-",
    ),
]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_any_text_gives_an_ordinary_result(content, language):
    for text in ODD_TEXTS:
        found = search(text, language)

        assert len(found.hits) <= 20
        assert all(hit.snippet_parts for hit in found.hits)


def test_nothing_is_found_when_nothing_fits(content):
    totals = [search(text, "zh-hans").total for text in ("", "？！。", "xqzvkj", "NOSUCHWORDATALL")]

    assert totals == [0, 0, 0, 0]


def test_same_search_gives_the_same_answer_twice(content):
    first = [(hit.slug, hit.score) for hit in search("账户 密码 支付", "zh-hans").hits]
    search_index.forget()

    assert [(hit.slug, hit.score) for hit in search("账户 密码 支付", "zh-hans").hits] == first
