"""Every public page answers in both languages and is the same for everyone."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from faq.models import Article, Category, ContactChannel, ServiceNotice, Translation
from tests.content import FIXTURES

LANGUAGES = ("zh-hans", "en")
PAGES = [
    "",
    "topics/payment/",
    "topics/news/",
    "articles/payment-failed/",
    "articles/forgot-password/",
    "articles/clear-cache/",
    "search/",
    "search/?q=topay",
    "contact/",
    "contact/email/",
    "official/",
    "official/?q=topay",
    "chat/",
    "fix/payment-failed/",
    "fix/account-frozen/",
    "fix/forgot-password/",
    "fix/no-verification-code/",
]
PUBLIC = [page for page in PAGES if not page.startswith(("search", "contact/email", "official"))]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


# Names that stay as they are, and the demo addresses.
NAMES = {
    "Topay",
    "English",
    "Asia",
    "Shanghai",
    "https",
    "topay",
    "help",
    "support",
    "security",
    "example",
    "com",
}
NAMES |= {"wechat", "weibo", "PNG", "JPG", "WebP", "PDF", "TXT", "iPhone", "Android", "HarmonyOS"}


def chinese_content_words() -> set[str]:
    """Latin words that the Chinese articles themselves use."""
    texts = (path.read_text() for path in (FIXTURES / "articles").glob("*.zh-hans.md"))
    return NAMES | {word for text in texts for word in re.findall(r"[A-Za-z]{3,}", text)}


def body(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_the_page_answers_with_its_contacts_and_one_heading(visitor, language, page):
    response = visitor.get(f"/{language}/{page}")

    html = body(response)
    assert response.status_code == 200
    assert html.count("<h1") == 1
    assert 'lang="zh-Hans"' in html if language == "zh-hans" else 'lang="en"' in html
    for contact in (
        "400-000-0000",
        "support@example.com",
        "weibo.example.com",
        f"/{language}/chat/",
        "wechat.svg",
    ):
        assert contact in html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_the_other_language_is_one_link_away_on_the_same_page(visitor, language, page):
    other = "en" if language == "zh-hans" else "zh-hans"

    html = body(visitor.get(f"/{language}/{page}"))

    assert f'href="/{other}/{page.split("?")[0]}"' in html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PUBLIC)
def test_nothing_in_a_public_page_depends_on_who_reads_it(visitor, admin_client, language, page):
    stranger = visitor.get(f"/{language}/{page}")
    editor = admin_client.get(f"/{language}/{page}", headers={"Cookie": "x=1"})

    assert stranger.content == editor.content
    assert not stranger.cookies
    assert "csrfmiddlewaretoken" not in body(stranger)
    assert "Cookie" not in stranger.headers.get("Vary", "")


@pytest.mark.parametrize("page", PAGES)
def test_no_code_and_no_style_is_inline(visitor, page):
    html = body(visitor.get(f"/zh-hans/{page}"))

    assert not re.search(r"<script(?![^>]*(src=|application/ld\+json))", html)
    assert not re.search(r"\sstyle=|\son\w+=|<style", html)
    assert not re.search(r'(src|href)="(https?:)?//(?!127\.0\.0\.1|testserver|weibo\.example)', html)


@pytest.mark.parametrize("page", PAGES)
def test_no_word_is_left_untranslated_in_chinese(visitor, page):
    html = body(visitor.get(f"/zh-hans/{page}"))

    text = re.sub(r"<script.*?</script>|<[^>]+>", " ", html, flags=re.S)
    words = set(re.findall(r"[A-Za-z]{3,}", unescape(text)))
    assert words - chinese_content_words() == set()


@pytest.mark.parametrize(
    "accepts, expected", [("en-GB,en;q=0.9", "en"), ("zh-TW", "zh-hans"), ("fr", "zh-hans"), ("", "zh-hans")]
)
def test_the_root_leads_to_the_language_of_the_browser(visitor, accepts, expected):
    response = visitor.get("/", headers={"Accept-Language": accepts})

    assert response.status_code == 302
    assert response.url == f"/{expected}/"


def test_the_root_leads_to_the_language_of_the_cookie_first(visitor):
    visitor.cookies["topay_language"] = "en"

    assert visitor.get("/", headers={"Accept-Language": "zh-CN"}).url == "/en/"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_article_holds_its_contents_steps_date_and_what_to_read_next(visitor, language):
    html = body(visitor.get(f"/{language}/articles/payment-failed/"))

    assert 'class="toc"' in html
    assert '<ol class="steps">' in html
    assert re.search(r"2026", html)
    assert html.count('class="row-title"') == 3
    assert f'action="/{language}/articles/payment-failed/vote/"' in html
    assert f'href="/{language}/fix/payment-failed/"' in html


def structured(response) -> dict[str, dict]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', body(response), re.S)
    return {entity["@type"]: entity for entity in json.loads(found[1])["@graph"]}


@pytest.mark.parametrize(
    "slug, kind",
    [("payment-failed", "FAQPage"), ("clear-cache", "HowTo"), ("news-official-check", "NewsArticle")],
)
def test_search_engines_are_told_what_the_page_is(visitor, slug, kind):
    entities = structured(visitor.get(f"/en/articles/{slug}/"))

    assert set(entities) == {kind, "BreadcrumbList"}
    assert len(entities["BreadcrumbList"]["itemListElement"]) == 3


def test_structured_data_cannot_end_its_script_element(visitor):
    Translation.objects.filter(article__slug="clear-cache", language="en").update(title="</script><b>x & y")

    response = visitor.get("/en/articles/clear-cache/")

    assert structured(response)["HowTo"]["name"] == "</script><b>x & y"
    assert "</script><b>" not in body(response)


def test_canonical_and_hreflang_name_every_language(visitor):
    html = body(visitor.get("/en/articles/two-factor/?utm_source=x"))

    assert '<link rel="canonical" href="http://127.0.0.1:8000/en/articles/two-factor/">' in html
    for code, path in (("zh-Hans", "zh-hans"), ("en", "en"), ("x-default", "zh-hans")):
        assert f'hreflang="{code}" href="http://127.0.0.1:8000/{path}/articles/two-factor/"' in html


def test_the_other_language_is_shown_with_a_notice_when_a_translation_is_missing(visitor):
    Translation.objects.filter(article__slug="two-factor", language="en").delete()

    response = visitor.get("/en/articles/two-factor/")

    assert response.status_code == 200
    assert "available in English yet" in body(response)
    assert 'article lang="zh-hans"' in body(response)
    assert '<link rel="canonical" href="http://127.0.0.1:8000/zh-hans/articles/two-factor/">' in body(
        response
    )


@pytest.mark.parametrize(
    "change", [{"status": "draft"}, {"published_at": timezone.now() + timedelta(days=1)}]
)
def test_unpublished_texts_are_nowhere(visitor, change):
    Translation.objects.filter(article__slug="two-factor").update(**change)

    assert visitor.get("/en/articles/two-factor/").status_code == 404
    for page in ("en/", "en/topics/security/", "sitemap.xml", "en/articles/keep-account-safe/"):
        html = body(visitor.get(f"/{page}"))
        related_link = re.search(r'<a href="/en/articles/two-factor/">\s*<span', html)
        assert not related_link
    assert "articles/two-factor" not in body(visitor.get("/sitemap.xml"))


@pytest.mark.parametrize(
    "path", ["/en/articles/payment-faild/", "/fr/", "/en/topics/nope/", "/en/fix/nope/", "/nope"]
)
def test_a_page_that_does_not_exist_offers_a_search_and_the_contacts(visitor, path):
    response = visitor.get(path, headers={"Accept-Language": "en"})

    assert response.status_code == 404
    assert "400-000-0000" in body(response)
    assert 'name="q"' in body(response)


def test_the_search_of_a_missing_page_is_filled_in_from_its_address(visitor):
    assert 'value="payment faild"' in body(visitor.get("/en/articles/payment-faild/"))


def test_an_unknown_language_is_answered_in_the_visitors(visitor):
    html = body(visitor.get("/fr/articles/x/", headers={"Accept-Language": "zh-CN"}))

    assert 'lang="zh-Hans"' in html
    assert "这个页面不存在" in html


def test_a_broken_view_still_shows_the_contacts(visitor, monkeypatch):
    monkeypatch.setattr("faq.views.home.reading.popular_rows", lambda language: 1 / 0)
    visitor.raise_request_exception = False

    response = visitor.get("/en/")

    assert response.status_code == 500
    assert "400-000-0000" in body(response)


def test_a_notice_is_shown_only_while_it_lasts(visitor):
    now = timezone.now()
    ServiceNotice.objects.create(
        text="A", starts_at=now - timedelta(hours=2), ends_at=now - timedelta(hours=1)
    )
    ServiceNotice.objects.create(text="Cards are slow today", starts_at=now - timedelta(hours=1))

    html = body(visitor.get("/en/"))

    assert "Cards are slow today" in html
    assert html.count('class="notice-strip"') == 1


def test_contacts_are_the_operators_own_values(visitor):
    ContactChannel.objects.filter(kind="phone").update(value="+86 10 1234 5678")

    html = body(visitor.get("/en/articles/two-factor/"))

    assert 'href="tel:+861012345678"' in html


def test_the_contact_page_says_when_each_way_fits_and_what_to_prepare(visitor):
    html = body(visitor.get("/zh-hans/contact/"))

    for word in ("设备", "截图", "可能慢", "09:00", "演示"):
        assert word in html


def test_the_wechat_code_is_a_picture_of_the_operators_link(visitor):
    response = visitor.get("/zh-hans/contact/wechat.svg")

    assert response["Content-Type"] == "image/svg+xml"
    assert response.content.startswith(b"<svg")


@pytest.mark.parametrize("path", ["/zh-hans/", "/en/articles/payment-failed/"])
def test_a_first_rendering_takes_few_queries(visitor, path, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        visitor.get(path)


def test_queries_do_not_grow_with_the_number_of_articles(visitor, django_assert_max_num_queries):
    category = Category.objects.get(slug="payment")
    for number in range(30):
        article = Article.objects.create(slug=f"more-{number}", category=category)
        Translation.objects.create(
            article=article,
            language="en",
            title=f"T{number}",
            status="published",
            published_at=timezone.now(),
        )

    with django_assert_max_num_queries(12):
        visitor.get("/en/topics/payment/")
