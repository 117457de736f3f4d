"""What a text will look like, shown to editors and to nobody else."""

from dataclasses import replace

import pytest

from faq.models import Translation
from faq.services.publishing import Text, save_text
from faq.services.roles import AGENTS, SUPERVISORS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
LIVE = "/admin/faq/translation/preview/"


@pytest.fixture
def draft() -> Translation:
    """An English text that customers don't see."""
    text = Translation.objects.get(article__slug="two-factor", language="en")
    save_text(text, replace(Text.of(text), title="Secret title", body="Secret body", status="draft"))
    return text


def page_of(text: Translation) -> str:
    return f"/admin/faq/translation/{text.pk}/preview/"


def test_what_is_being_written_is_rendered_like_the_article(editor):
    form = {"language": "en", "title": "T", "summary": "S", "body": "1. one\r\n2. two\n\n[x](page:contact)"}

    html = editor.post(LIVE, form).content.decode()

    assert '<ol class="steps">' in html
    assert 'href="/en/contact/"' in html
    assert "<html" not in html


def test_the_preview_is_as_clean_as_the_page(editor):
    form = {"language": "en", "title": "<b>", "body": "<script>alert(1)</script> [x](javascript:alert(1))"}

    html = editor.post(LIVE, form).content.decode()

    assert "<script" not in html
    assert "<b>" not in html
    assert 'href="javascript' not in html


def test_nothing_is_stored_by_looking(editor, draft):
    editor.post(LIVE, {"language": "en", "title": "Other", "body": "Other"})

    draft.refresh_from_db()
    assert (draft.title, draft.revisions.count()) == ("Secret title", 2)


@pytest.mark.parametrize("data", [{}, {"language": "xx"}, {"language": "en\x00"}])
def test_a_language_that_is_not_ours_is_not_found(editor, data):
    assert editor.post(LIVE, data).status_code == 404


@pytest.mark.parametrize("query", ["", "?text=0", "?text=abc", "?language=xx"])
def test_a_frame_for_nothing_is_not_found(editor, query):
    assert editor.get(LIVE + query).status_code == 404


def test_only_our_own_pages_may_frame_the_preview(editor, draft):
    framed = editor.get(f"{LIVE}?text={draft.pk}")
    elsewhere = editor.get("/admin/")

    assert "frame-ancestors 'self'" in framed.headers["Content-Security-Policy"]
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'none'" in elsewhere.headers["Content-Security-Policy"]


def test_a_draft_is_shown_as_a_whole_page_that_says_so(editor, draft):
    response = editor.get(page_of(draft))
    page = response.content.decode()

    assert "<h1>Secret title</h1>" in page
    assert "Customers don't see this text." in page
    assert '<meta name="robots" content="noindex">' in page
    assert "no-store" in response.headers["Cache-Control"]
    assert "/vote/" not in page


@pytest.mark.parametrize(
    "path", ["/en/articles/two-factor/", "/en/search/?q=secret", "/sitemap.xml", "/feed/en/"]
)
def test_a_draft_is_on_no_public_page_even_after_a_preview(editor, visitor, draft, path):
    editor.get(page_of(draft))

    page = visitor.get(path).content.decode()
    assert "Secret title" not in page
    assert "Secret body" not in page


@pytest.mark.parametrize("role", [None, AGENTS, SUPERVISORS])
def test_nobody_else_sees_a_draft(client, account, draft, role):
    if role:
        client.force_login(account(role))

    for response in (
        client.get(page_of(draft)),
        client.get(f"{LIVE}?text={draft.pk}"),
        client.post(LIVE, {"language": "en", "body": "x"}),
    ):
        assert response.status_code in (302, 403)
        assert b"Secret" not in response.content
