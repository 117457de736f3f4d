"""What is kept of searches: counts and what was opened, nothing personal."""

from datetime import timedelta

import pytest
from django.utils import timezone

from faq.models import SearchQuery
from faq.services.search import record_click, record_search

pytestmark = pytest.mark.django_db


def test_search_is_counted_once_a_day_and_text():
    record_search("Forgot  password", "en", 3)
    record_search(" forgot password ", "en", 4)

    row = SearchQuery.objects.get()
    assert (row.text, row.count, row.results, row.day) == ("forgot password", 2, 4, timezone.localdate())


def test_search_is_counted_apart_when_language_or_day_differ(time_machine):
    time_machine.move_to(timezone.now())
    record_search("密码", "en", 0)
    record_search("密码", "zh-hans", 1)
    time_machine.shift(timedelta(days=1))
    record_search("密码", "zh-hans", 1)

    assert SearchQuery.objects.count() == 3


def test_search_without_result_is_kept_for_the_editors():
    record_search("薛定谔", "zh-hans", 0)

    assert SearchQuery.objects.get(results=0).text == "薛定谔"


def test_personal_numbers_are_masked_before_they_are_kept():
    record_search("卡号 4111 1111 1111 1111 付不了", "zh-hans", 1)

    assert "4111 1111 1111 1111" not in SearchQuery.objects.get().text


@pytest.mark.parametrize("text", ["", "  ", "\x00\x1f", "\u200b"])
def test_nothing_is_kept_when_there_is_no_text(text):
    record_search(text, "en", 0)

    assert not SearchQuery.objects.exists()


def test_long_text_is_cut_to_fit():
    record_search("密码" * 500, "zh-hans", 1)

    assert len(SearchQuery.objects.get().text) == 100


def test_opened_article_is_counted(content):
    record_search("password", "en", 5)

    record_click("password", "en", "forgot-password")
    record_click("Password", "en", "forgot-password")

    row = SearchQuery.objects.get()
    assert (row.clicks, row.count, row.results) == ({"forgot-password": 2}, 1, 5)


def test_opened_suggestion_counts_as_a_search_too(content):
    record_click("passw", "en", "forgot-password")

    row = SearchQuery.objects.get()
    assert (row.count, row.results, row.clicks) == (1, 1, {"forgot-password": 1})


@pytest.mark.parametrize(("text", "slug"), [("password", "no-such-article"), ("", "forgot-password")])
def test_click_is_ignored_when_it_names_nothing(content, text, slug):
    record_click(text, "en", slug)

    assert not SearchQuery.objects.exists()
