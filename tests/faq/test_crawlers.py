"""Sitemap, robots.txt and the feed."""

import xml.etree.ElementTree as ElementTree

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def test_every_page_of_the_sitemap_answers_and_names_its_languages(visitor):
    tree = ElementTree.fromstring(visitor.get("/sitemap.xml").content)

    entries = tree.findall("s:url", NAMES)
    assert len(entries) > 50
    for entry in entries:
        location = entry.find("s:loc", NAMES).text.removeprefix("http://127.0.0.1:8000")
        languages = {link.get("hreflang") for link in entry.findall("x:link", NAMES)}
        assert visitor.get(location).status_code == 200
        assert languages == {"zh-Hans", "en", "x-default"}


def test_robots_are_told_of_the_sitemap_and_kept_from_private_pages(visitor):
    text = visitor.get("/robots.txt").content.decode()

    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in text
    assert "Disallow: /en/requests/" in text


@pytest.mark.parametrize("language, word", [("zh-hans", "公告"), ("en", "announcements")])
def test_the_feed_holds_the_announcements_of_its_language(visitor, language, word):
    response = visitor.get(f"/feed/{language}/")

    feed = ElementTree.fromstring(response.content)
    links = [link.get("href") for link in feed.findall("a:entry/a:link", ATOM)]
    assert word in feed.find("a:title", ATOM).text
    assert len(links) == 3
    assert all(link.startswith(f"http://127.0.0.1:8000/{language}/articles/") for link in links)


def test_a_feed_of_no_language_does_not_exist(visitor):
    assert visitor.get("/feed/fr/").status_code == 404


def test_the_icon_is_found_where_browsers_look_for_it(visitor):
    response = visitor.get("/favicon.ico")

    assert response.status_code == 302
    assert response["Location"].startswith("/static/img/icon")
