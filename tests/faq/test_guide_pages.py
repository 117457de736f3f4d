"""Guided fixes as customers walk through them: questions, back, the end that is solved."""

import re

import pytest

from faq.core.guides import in_language
from faq.models import Choice, Guide, GuideOutcome, Step
from faq.services import guides

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
SLUGS = ["payment-failed", "account-frozen", "forgot-password", "no-verification-code"]
URL = "/en/fix/payment-failed/"
SOLVED = "network.fixed"
TO_CONTACT = "network.ok~balance.enough~card.enough~merchant.merchant-down"


def page(visitor, path="", url=URL, **kwargs):
    response = visitor.get(url, {"path": path} if path else {}, **kwargs)
    assert response.status_code == 200
    return response.content.decode()


def heading(html):
    return re.search(r"<h1[^>]*>(.*?)</h1>", html, re.DOTALL)[1]


def next_paths(html):
    return re.findall(r'name="path" value="([^"]*)"', html)


def outcomes():
    return list(GuideOutcome.objects.values_list("guide__slug", "outcome", "step_key", "count"))


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("slug", SLUGS)
def test_first_question_says_why_when_a_guide_is_opened(visitor, slug, language):
    html = page(visitor, url=f"/{language}/fix/{slug}/")
    first = in_language(guides.guide_document(Guide.objects.get(slug=slug)), language)["steps"][0]

    assert first["title"] in html
    assert first["why"].split(",")[0] in html
    assert {"zh-hans": "我不确定", "en": "I&#x27;m not sure"}[language] in html
    assert html.count("<h1") == 1


@pytest.mark.parametrize("slug", SLUGS)
def test_every_page_of_a_guide_opens_when_all_answers_are_tried(visitor, slug):
    url, ends, waiting, seen = f"/zh-hans/fix/{slug}/", set(), [""], 0
    # One path to each answer is enough: the way there changes only the list of answers.
    known = set()
    while waiting:
        html = page(visitor, waiting.pop(), url)
        seen += 1
        question = heading(html)
        if question in known:
            continue
        known.add(question)
        waiting += next_paths(html)
        if not next_paths(html):
            ends.add("contact" if "data-guide-form" in html else "solved")

    assert ends == {"contact", "solved"}
    assert len(known) == Step.objects.filter(guide__slug=slug).count()
    assert seen == Choice.objects.filter(step__guide__slug=slug).count() + 1


def test_step_says_how_far_one_is_when_answers_are_given(visitor):
    assert "Step 1 of at most 7" in page(visitor)
    assert "Step 3 of at most 7" in page(visitor, "network.ok~balance.enough")


def test_answers_are_listed_with_a_way_to_change_each(visitor):
    html = page(visitor, "network.ok~balance.enough")
    listed = html[html.index('id="answers-title"') :]

    assert "Yes, pages open fine" in listed
    assert f'href="{URL}" hx-get' in listed
    assert f'href="{URL}?path=network.ok" hx-get' in listed


def test_back_leads_to_the_question_before(visitor):
    html = page(visitor, "network.ok~balance.enough")

    assert f'href="{URL}?path=network.ok"' in html.split("<h1")[0]


def test_language_link_keeps_the_answers(visitor):
    html = page(visitor, "network.ok")

    assert 'href="/zh-hans/fix/payment-failed/?path=network.ok" lang="zh-Hans"' in html


def test_only_the_first_page_is_for_crawlers(visitor):
    assert "noindex" not in page(visitor)
    assert '<meta name="robots" content="noindex">' in page(visitor, "network.ok")


@pytest.mark.parametrize(
    "path, valid",
    [
        ("nonsense", ""),
        ("network.ok~balance.gone", "network.ok"),
        ("network.ok~" * 900, "network.ok"),
        ("\x00<script>alert(1)</script>", ""),
    ],
)
def test_odd_path_leads_to_the_last_step_that_exists(visitor, path, valid):
    response = visitor.get(URL, {"path": path})

    assert response.status_code == 302
    assert response["Location"] == (f"{URL}?path={valid}" if valid else URL)


@pytest.mark.parametrize("url", ["/en/fix/nope/", "/en/fix/nope/?path=a.b", "/zh-hans/fix/nope/solved/"])
def test_unknown_guide_is_not_found(visitor, url):
    method = visitor.post if "solved" in url else visitor.get

    assert method(url).status_code == 404


def test_unpublished_guide_is_not_found(visitor):
    Guide.objects.update(is_published=False)

    assert visitor.get(URL).status_code == 404
    assert visitor.post(URL, {}).status_code == 404


def test_guide_without_steps_is_not_found(visitor):
    Guide.objects.create(slug="empty", title="Empty")

    assert visitor.get("/en/fix/empty/").status_code == 404


def test_page_is_the_same_for_everyone(visitor, client):
    client.cookies["sessionid"] = "somebody"
    first, second = visitor.get(URL), client.get(URL, headers={"Accept-Language": "zh"})

    assert first.content == second.content
    assert "public" in first["Cache-Control"]
    assert not first.cookies
    assert "Cookie" not in first.get("Vary", "")


def test_htmx_gets_the_very_page_that_back_would_show(visitor, htmx):
    assert page(visitor, "network.ok", headers=htmx) == page(visitor, "network.ok")


def test_editors_change_of_the_flow_shows_at_once(visitor):
    document = guides.guide_document(Guide.objects.get(slug="payment-failed"))
    document["steps"][0]["choices"][0] |= {"label": {"zh-hans": "新", "en": "Brand new"}, "next": "merchant"}
    guides.write_guide(document)

    assert "Brand new" in page(visitor)
    assert "Can the merchant" in heading(page(visitor, "network.ok"))


def test_markdown_of_a_step_is_rendered_safely(visitor):
    Step.objects.filter(guide__slug="payment-failed", key="network").update(
        body='{"en": "**this** <b onclick=x>now</b> [a](javascript:x) [card](article:bank-card-limits)"}'
    )
    html = page(visitor)

    assert "<strong>this</strong>" in html
    assert '<a href="/en/articles/bank-card-limits/">card</a>' in html
    assert "<b onclick" not in html
    assert 'href="javascript' not in html


def test_answer_that_solves_is_posted_so_that_it_counts(visitor):
    form = re.search(r"<form[^>]*>(?=[^/]*value=\"network.fixed\")", page(visitor))[0]

    assert 'action="/en/fix/payment-failed/solved/" method="post"' in form


def test_solved_is_counted_once_and_ends_on_its_page(visitor):
    response = visitor.post(f"{URL}solved/", {"path": SOLVED})
    html = page(visitor, url=response["Location"])

    assert response.status_code == 303
    assert heading(html) == "Payment done"
    assert outcomes() == [("payment-failed", "solved", "network", 1)]


def test_seeing_the_solved_page_counts_nothing(visitor):
    page(visitor, SOLVED)
    page(visitor, SOLVED)

    assert outcomes() == []


def test_posting_twice_counts_once_but_another_browser_counts(visitor):
    for agent in ("A", "A", "B"):
        visitor.post(f"{URL}solved/", {"path": SOLVED}, headers={"User-Agent": agent})

    assert outcomes() == [("payment-failed", "solved", "network", 2)]


@pytest.mark.parametrize("path", ["", "network.ok", TO_CONTACT, "nonsense", "\x00"])
def test_solved_counts_nothing_when_the_path_does_not_end_there(visitor, path):
    response = visitor.post(f"{URL}solved/", {"path": path})

    assert response.status_code == 303
    assert outcomes() == []


def test_flood_of_one_address_is_not_counted_but_nobody_is_turned_away(visitor, monkeypatch):
    monkeypatch.setattr("faq.views.guides.ADDRESS_RATE", "1/m")
    answers = [
        visitor.post(f"{URL}solved/", {"path": SOLVED}, headers={"User-Agent": str(n)}) for n in range(3)
    ]

    assert [answer.status_code for answer in answers] == [303, 303, 303]
    assert outcomes() == [("payment-failed", "solved", "network", 1)]


@pytest.mark.parametrize("url", [f"{URL}solved/", f"{URL}?path={TO_CONTACT}"])
def test_form_of_another_site_is_refused(client, url):
    response = client.post(url, {"path": SOLVED}, headers={"Origin": "https://evil.example"})

    assert response.status_code == 403
    assert outcomes() == []


@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_solved_takes_only_posts(visitor, method):
    assert getattr(visitor, method)(f"{URL}solved/").status_code == 405
