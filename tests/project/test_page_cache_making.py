"""How pages come into the cache and go out of it: once for all who wait, and never an old one after a change."""

import asyncio
import threading

import pytest
from django.db import InterfaceError, OperationalError

from faq.services import content_version
from helpcenter.page_cache.watcher import Watcher
from tests.asgi_client import ask, request
from tests.project.test_page_cache import PUBLIC, Pages, cached

# The watcher looks after its thread's database connections, so there must be a database.
pytestmark = pytest.mark.django_db


class SlowPages(Pages):
    """Says when it was asked and answers when it is let."""

    def __init__(self, headers=PUBLIC, fails_first=False):
        super().__init__(headers=headers)
        self.fails_first = fails_first
        self.entered, self.go_on = asyncio.Event(), asyncio.Event()

    async def __call__(self, scope, receive, send):
        number = self.asked
        self.entered.set()
        if not number:
            await self.go_on.wait()
        if self.fails_first and not number:
            self.asked += 1
            raise ConnectionError("The first one fails.")
        await super().__call__(scope, receive, send)


async def ask_together(pages, visitors=20):
    """All ask while the first one's page is being made; an exception stands for itself."""
    cache = cached(pages)
    waiting = [asyncio.ensure_future(request(cache, "/en/")) for _ in range(visitors)]
    await pages.entered.wait()
    pages.go_on.set()
    return cache, await asyncio.gather(*waiting, return_exceptions=True)


def test_a_page_is_made_once_when_many_ask_at_the_same_moment():
    async def walk():
        pages = SlowPages()
        _cache, replies = await ask_together(pages)
        return pages.asked, {reply.body for reply in replies}

    asked, bodies = asyncio.run(walk())

    assert asked == 1
    assert len(bodies) == 1


def test_everyone_gets_an_own_answer_when_the_page_turns_out_not_to_be_public():
    async def walk():
        _cache, replies = await ask_together(SlowPages(headers={}), visitors=5)
        return {reply.body for reply in replies}

    assert len(asyncio.run(walk())) == 5


def test_those_who_wait_are_answered_when_the_first_one_s_request_breaks():
    async def walk():
        cache, replies = await ask_together(SlowPages(fails_first=True), visitors=5)
        return replies, cache._making

    (broken, *others), making = asyncio.run(walk())

    assert isinstance(broken, ConnectionError)
    assert {reply.status for reply in others} == {200}
    assert making == {}


def test_one_of_those_who_wait_makes_the_page_for_all_when_the_first_one_goes_away():
    async def walk():
        pages = SlowPages()
        cache = cached(pages)
        first, *others = [asyncio.ensure_future(request(cache, "/en/")) for _ in range(5)]
        await pages.entered.wait()
        first.cancel()
        await asyncio.wait([first])
        pages.go_on.set()
        replies = await asyncio.gather(*others)
        return pages.asked, replies, cache._making

    asked, replies, making = asyncio.run(walk())

    assert asked == 1
    assert len({reply.body for reply in replies}) == 1
    assert replies[0].status == 200
    assert making == {}


def test_a_page_begun_before_a_change_is_not_kept_after_it():
    async def walk():
        pages = SlowPages()
        cache = cached(pages)
        early = asyncio.ensure_future(request(cache, "/en/"))
        await pages.entered.wait()
        cache.empty()
        pages.go_on.set()
        return cache, await early

    cache, early = asyncio.run(walk())

    assert early.text.startswith("1 ")
    assert ask(cache, "/en/").text.startswith("2 ")


def test_who_asks_after_a_change_does_not_wait_for_a_page_begun_before_it():
    async def walk():
        pages = SlowPages()
        cache = cached(pages)
        early = asyncio.ensure_future(request(cache, "/en/"))
        await pages.entered.wait()
        pages.asked = 1
        cache.empty()
        late = await request(cache, "/en/")
        pages.go_on.set()
        await early
        return late

    assert asyncio.run(walk()).status == 200


@pytest.fixture
def version(monkeypatch):
    """The content version that every process would read."""
    box = {"now": (1, 1, "", "2026-11-23")}

    def current():
        if isinstance(box["now"], Exception):
            raise box["now"]
        return box["now"]

    monkeypatch.setattr(content_version, "current", current)
    monkeypatch.setattr(content_version, "_listeners", [])
    return box


@pytest.mark.parametrize(
    "change", [(2, 1, "", "2026-11-23"), (1, 2, "", "2026-11-23"), (1, 1, "7", "2026-11-23")]
)
def test_pages_are_made_anew_when_the_version_is_another(version, change):
    cache = cached(Pages())
    cache.watcher.look()
    ask(cache, "/en/")

    version["now"] = change
    cache.watcher.look()

    assert ask(cache, "/en/").text.startswith("2 ")


def test_pages_stay_when_the_version_is_the_same(version):
    cache = cached(Pages())
    cache.watcher.look()
    ask(cache, "/en/")

    cache.watcher.look()

    assert ask(cache, "/en/").text.startswith("1 ")


@pytest.mark.parametrize("failure", [OperationalError, InterfaceError])
def test_pages_stay_while_the_database_is_away_and_go_when_it_is_back_with_a_change(version, failure):
    cache = cached(Pages())
    cache.watcher.look()
    ask(cache, "/en/")

    version["now"] = failure("The database is away.")
    cache.watcher.look()
    assert ask(cache, "/en/").text.startswith("1 ")

    version["now"] = (2, 1, "", "2026-11-23")
    cache.watcher.look()
    assert ask(cache, "/en/").text.startswith("2 ")


def test_the_watching_thread_notices_a_change_and_outlives_an_unexpected_error(version):
    changes = threading.Semaphore(0)
    watcher = Watcher(seconds=0.01)
    watcher.on_change = changes.release
    watcher.ensure_started()
    assert changes.acquire(timeout=20)

    version["now"] = RuntimeError("Nobody expected this.")
    watcher.changed_here()
    assert changes.acquire(timeout=20)
    version["now"] = (2, 1, "", "2026-11-23")

    assert changes.acquire(timeout=20)
    watcher.stop()


def test_an_answer_from_before_a_change_is_not_remembered_after_it(version):
    def read_while_somebody_publishes():
        content_version.forget()
        return (1, 1, "", "2026-11-23")

    original = content_version.current
    content_version.current = read_while_somebody_publishes
    content_version.refresh()
    content_version.current = original
    version["now"] = (2, 1, "", "2026-11-23")

    assert content_version.known() == (2, 1, "", "2026-11-23")
