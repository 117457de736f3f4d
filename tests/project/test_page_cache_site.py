"""The help center itself behind the cache of public pages."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from faq.models import Translation
from faq.services import content_version
from faq.services.publishing import Text, save_text
from helpcenter.one_hop import OneHopHandler
from helpcenter.page_cache.application import PageCache
from tests.asgi_client import ask
from tests.faq.test_public_pages import LANGUAGES, PUBLIC
from tests.project.test_page_cache import MEGABYTE, QuietWatcher

ARTICLE = "/en/articles/payment-failed/"
MOST_QUERIES = 12
SECURITY_HEADERS = (
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
)


class Counting:
    """Counts how often Django is asked."""

    def __init__(self, application):
        self.application = application
        self.asked = 0

    async def __call__(self, scope, receive, send):
        self.asked += 1
        await self.application(scope, receive, send)


@pytest.fixture
def make_process(transactional_db, content, monkeypatch):
    """Another process of the same site: its own threads and its own pages, on one database."""
    monkeypatch.setattr(content_version, "_listeners", [])
    handlers = []

    def make():
        handlers.append(OneHopHandler(threads=2))
        cache = PageCache(Counting(handlers[-1]), 8 * MEGABYTE, QuietWatcher())
        cache.watcher.look()
        return cache

    yield make
    for handler in handlers:
        handler.close()


@pytest.fixture
def process(make_process):
    """The only process."""
    return make_process()


def change_title(title, **more):
    found = Translation.objects.get(article__slug="payment-failed", language="en")
    save_text(found, replace(Text.of(found), title=title, **more))


def test_every_public_page_is_made_once_and_sets_no_cookie(process):
    paths = [f"/{language}/{page}" for language in LANGUAGES for page in PUBLIC]

    first = {path: ask(process, path) for path in paths}
    asked = process.application.asked
    second = {path: ask(process, path) for path in paths}

    assert asked == process.application.asked == len(paths)
    assert {reply.status for reply in first.values()} == {200}
    assert [path for path in paths if first[path].body != second[path].body] == []
    assert [path for path in paths if first[path].all("set-cookie")] == []


@pytest.mark.parametrize("path", ["/robots.txt", "/sitemap.xml", "/feed/en/"])
def test_what_crawlers_read_is_made_once_whatever_language_they_ask_for(process, path):
    for language in ("zh-CN", "en-US", "fr"):
        reply = ask(process, path, headers={"accept-language": language})

        assert reply.status == 200
        assert "Accept-Language" not in reply.header("vary")
    assert process.application.asked == 1


def test_an_editor_gets_the_bytes_of_a_stranger(process, admin_client):
    stranger = ask(process, ARTICLE)
    process.empty()

    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in admin_client.cookies.items())
    editor = ask(process, ARTICLE, headers={"cookie": cookies})

    assert stranger.messages == editor.messages


def test_a_kept_page_has_all_security_headers_and_the_shared_ones(process):
    ask(process, ARTICLE)

    kept = ask(process, ARTICLE, headers={"accept-encoding": "br"})

    assert [name for name in SECURITY_HEADERS if len(kept.all(name)) != 1] == []
    assert kept.header("vary") == "Accept-Encoding"
    assert kept.header("cache-control") == "public, max-age=0, must-revalidate"
    assert kept.header("content-language") == "en"
    assert kept.all("x-public-page") == []


@pytest.mark.parametrize("path", ["/en/search/?q=topay", "/en/official/", "/en/contact/email/"])
def test_a_page_for_one_visitor_is_never_kept(process, path):
    path, _mark, query = path.partition("?")

    replies = [ask(process, path, query=query) for _ in range(2)]

    assert [reply.status for reply in replies] == [200, 200]
    assert process.application.asked == 2
    assert "etag" not in dict(replies[0].messages[0]["headers"])


def test_a_change_shows_at_once_in_the_process_that_made_it(process):
    content_version.on_change(process.watcher.changed_here)
    ask(process, ARTICLE)

    change_title("Why a payment fails now")

    assert "Why a payment fails now" in ask(process, ARTICLE).text


def test_a_change_shows_in_another_process_when_it_has_looked(make_process):
    here, there = make_process(), make_process()
    content_version.on_change(here.watcher.changed_here)
    before = ask(there, ARTICLE)

    change_title("Why a payment fails now")

    assert ask(there, ARTICLE).body == before.body
    there.watcher.look()
    assert "Why a payment fails now" in ask(there, ARTICLE).text


def test_a_scheduled_text_shows_when_it_is_due_though_nobody_does_anything(process):
    due = timezone.now() + timedelta(hours=1)
    change_title("Why a payment fails tomorrow", published_at=due)
    process.watcher.look()
    assert "Why a payment fails tomorrow" not in ask(process, ARTICLE).text

    with time_machine.travel(due + timedelta(seconds=1)):
        process.watcher.look()

        assert "Why a payment fails tomorrow" in ask(process, ARTICLE).text


@pytest.mark.django_db
@pytest.mark.usefixtures("content")
@pytest.mark.parametrize("page", PUBLIC)
def test_the_first_rendering_asks_the_database_a_few_questions_only(page):
    with CaptureQueriesContext(connection) as queries:
        Client().get(f"/zh-hans/{page}")

    assert len(queries) <= MOST_QUERIES, [query["sql"][:120] for query in queries]
