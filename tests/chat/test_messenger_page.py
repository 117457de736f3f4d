"""The messenger's page: the same for everyone, whole without JavaScript."""

from __future__ import annotations

import pytest

CHAT = "/en/chat/"


@pytest.fixture
def page(visitor, content):
    """The page as anybody gets it."""
    return visitor.get(CHAT)


def test_page_is_the_same_for_everyone(visitor, page):
    visitor.cookies["topay_conversation_en"] = "x"

    again = visitor.get(f"{CHAT}?article=payment-failed")

    assert again.content == page.content
    assert not again.cookies
    assert "public" in page["Cache-Control"]


def test_pictures_of_a_conversation_can_be_shown(page):
    assert "blob:" in page["Content-Security-Policy"].split("img-src")[1].split(";")[0]


def test_form_is_there_for_those_without_javascript(page):
    plain = page.content.decode().split("<noscript>")[2].split("</noscript>")[0]

    assert 'method="post"' in plain
    assert 'name="text"' in plain


def test_form_stands_alone_when_it_is_asked_for(visitor, content):
    page = visitor.get(f"{CHAT}?form=1").content.decode()

    assert 'name="text"' in page
    assert 'id="messenger"' not in page


def test_app_gets_no_header_and_no_footer(visitor, content):
    page = visitor.get(f"{CHAT}?embed=app").content.decode()

    assert 'data-shell="app"' in page
    assert "site-header" not in page
    assert "site-footer" not in page


@pytest.mark.parametrize(
    "words", ["My phone is lost", "I was scammed", "tel:4000000000", "Is it really Topay?"]
)
def test_help_in_an_emergency_is_on_the_page(page, words):
    assert words in page.content.decode()


def test_launcher_leads_to_the_page(visitor, content):
    assert f'class="launcher" href="{CHAT}"' in visitor.get("/en/").content.decode()
