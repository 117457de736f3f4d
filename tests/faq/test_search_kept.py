"""What many customers ask is looked up once, until the content changes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from faq.models import Translation
from faq.services.publishing import Text, save_text
from faq.services.search import search

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("content")]


def test_the_same_question_asks_the_database_for_nothing():
    first = search("支付失败", "zh-hans")

    with CaptureQueriesContext(connection) as queries:
        second = search("支付失败", "zh-hans")

    assert len(queries) == 0
    assert [hit.slug for hit in second.hits] == [hit.slug for hit in first.hits] != []


@pytest.mark.parametrize(
    "other", [("支付失败", "en", 20), ("支付失败", "zh-hans", 1), ("支付", "zh-hans", 20)]
)
def test_another_question_has_an_answer_of_its_own(other):
    assert search("支付失败", "zh-hans") is not search(*other)


def test_an_answer_is_given_up_when_a_text_changes():
    text = Translation.objects.get(article__slug="payment-failed", language="zh-hans")
    search("支付失败", "zh-hans")

    save_text(text, Text(title="支付失败了", body="新的内容", status="published"))

    titles = [hit.title for hit in search("支付失败", "zh-hans").hits]
    assert "支付失败了" in titles
