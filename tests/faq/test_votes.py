"""Did this solve it? Anonymous, once per browser."""

import pytest

from faq.models import Vote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
URL = "/zh-hans/articles/payment-failed/vote/"


def test_a_yes_is_counted_without_anything_about_the_visitor(visitor):
    response = visitor.post(URL, {"solved": "yes"})

    vote = Vote.objects.get()
    assert response.status_code == 200
    assert (vote.article.slug, vote.language, vote.is_solved) == ("payment-failed", "zh-hans", True)


def test_the_same_browser_changes_its_vote_instead_of_adding_one(visitor):
    visitor.post(URL, {"solved": "yes"})
    visitor.post(URL, {"solved": "no"})
    visitor.post(URL, {"solved": "no", "reason": "unclear", "comment": "第二步"})

    vote = Vote.objects.get()
    assert (vote.is_solved, vote.reason, vote.comment) == (False, "unclear", "第二步")


def test_another_browser_adds_a_vote(visitor, client):
    visitor.post(URL, {"solved": "yes"})
    client.post(URL, {"solved": "yes"}, headers={"Origin": "http://testserver"})

    assert Vote.objects.count() == 2


def test_a_no_asks_for_the_reason_and_offers_a_person(visitor, htmx):
    first = visitor.post(URL, {"solved": "no"}, headers=htmx).content.decode()
    second = visitor.post(URL, {"solved": "no", "reason": "not-working"}, headers=htmx).content.decode()

    assert 'value="not-working"' in first
    assert "<html" not in first
    assert "/zh-hans/contact/email/?topic=payment" in second


def test_without_javascript_the_answer_is_a_whole_page(visitor):
    assert "<html" in visitor.post(URL, {"solved": "no"}).content.decode()


def test_secrets_in_a_comment_are_masked_before_they_are_stored(visitor):
    visitor.post(
        URL,
        {
            "solved": "no",
            "reason": "other",
            "comment": "我的卡号是 6222 0200 1234 5678 901？ 4111111111111111",
        },
    )

    assert "4111111111111111" not in Vote.objects.get().comment


@pytest.mark.parametrize(
    "data", [{}, {"solved": "maybe"}, {"solved": "no", "reason": "<script>", "comment": "x" * 9000}]
)
def test_odd_values_are_stored_as_a_plain_no(visitor, data):
    visitor.post(URL, data)

    vote = Vote.objects.get()
    assert (vote.is_solved, vote.reason, len(vote.comment) <= 500) == (False, "", True)


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {}]
)
def test_a_post_from_elsewhere_is_refused(client, headers):
    response = client.post(URL, {"solved": "yes"}, headers=headers)

    assert response.status_code == 403
    assert not Vote.objects.exists()
    assert "400-000-0000" in response.content.decode()


def test_a_forged_cookie_changes_nobody_elses_vote(visitor, client):
    visitor.post(URL, {"solved": "yes"})
    client.cookies["topay_votes"] = "forged:1:x"
    client.post(URL, {"solved": "no"}, headers={"Origin": "http://testserver"})

    assert sorted(Vote.objects.values_list("is_solved", flat=True)) == [False, True]


def test_a_flood_is_told_how_long_to_wait(visitor, settings):
    settings.VOTE_RATE = "1/m"
    visitor.post(URL, {"solved": "yes"})
    response = visitor.post(URL, {"solved": "yes"})

    assert response.status_code == 429
    assert "秒后再试" in response.content.decode()


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_only_a_post_votes(visitor, method):
    assert getattr(visitor, method)(URL).status_code == 405


def test_an_unknown_article_cannot_be_voted_on(visitor):
    assert visitor.post("/en/articles/nope/vote/", {"solved": "yes"}).status_code == 404
