"""The page of results and the suggestions, whatever is typed."""

import pytest

from faq.models import SearchQuery

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
ODD = [
    "x" * 10_000,
    "支" * 10_000,
    "\x00\x01\x1f",
    "?!。，、…",
    '"',
    '"NEAR(" AND *',
    "支付* NEAR/2 -失败 ^a:b",
    "'; DROP TABLE faq_article; --",
    "%' OR 1=1 --",
    "<script>alert(1)</script>",
    "😀" * 50,
    "\u202e\u200b",
    " ",
    "{{ 7|add:7 }}",
]


@pytest.mark.parametrize("address", ["/zh-hans/search/", "/en/search/", "/zh-hans/search/suggest/"])
@pytest.mark.parametrize("text", ODD)
def test_any_text_gives_a_normal_page(visitor, address, text):
    response = visitor.get(address, {"q": text})

    assert response.status_code == 200
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize("query", ["q=%ff%fe", "q=%ed%a0%80", "q=%00", "q=%", "q=a&q=b", "q[]=a"])
def test_a_damaged_address_gives_a_normal_page(visitor, query):
    assert visitor.get(f"/en/search/?{query}").status_code == 200


def test_what_matched_is_marked_when_it_was_typed_in_pinyin(visitor):
    html = visitor.get("/zh-hans/search/", {"q": "dongjie"}).content.decode()

    assert "<mark>冻结</mark>" in html
    assert 'data-opened="account-frozen"' in html


def test_no_result_offers_topics_and_people_and_becomes_work_for_the_editors(visitor):
    html = visitor.get("/en/search/", {"q": "qqxxzz 4111111111111111"}).content.decode()

    row = SearchQuery.objects.get()
    assert "Nothing fits" in html
    assert "/en/topics/payment/" in html
    assert "400-000-0000" in html
    assert (row.results, row.count) == (0, 1)
    assert "4111111111111111" not in row.text


def test_suggestions_are_a_fragment_that_ends_with_a_person(visitor):
    html = visitor.get("/en/search/suggest/", {"q": "frozen"}).content.decode()

    assert "<html" not in html
    assert html.index("account-frozen") < html.index("/en/contact/")


def test_nothing_is_suggested_for_nothing(visitor):
    assert visitor.get("/en/search/suggest/", {"q": ""}).content.strip() == b""


def test_what_was_opened_is_counted_without_the_visitor(visitor):
    visitor.get("/en/search/", {"q": "frozen"})
    response = visitor.post("/en/search/opened/", {"q": "frozen", "slug": "account-frozen"})

    assert response.status_code == 204
    assert SearchQuery.objects.get().clicks == {"account-frozen": 1}


def test_an_opening_reported_by_another_site_is_refused(client):
    data = {"q": "frozen", "slug": "account-frozen"}

    assert (
        client.post("/en/search/opened/", data, headers={"Origin": "https://evil.example"}).status_code == 403
    )


def test_a_flood_of_searches_is_told_to_wait_and_still_offered_people(visitor, settings):
    settings.SEARCH_RATE = "1/m"
    visitor.get("/en/search/", {"q": "a"})

    response = visitor.get("/en/search/", {"q": "frozen"})

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    assert b"400-000-0000" in response.content
