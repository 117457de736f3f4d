"""The cache has a bound, and what goes first is what nobody reads."""

from tests.asgi_client import ask
from tests.project.test_page_cache import Pages, cached


def test_the_least_recently_read_page_goes_when_room_runs_out():
    pages = Pages()
    cache = cached(pages, max_bytes=25_000)
    for path in ("/1/", "/2/", "/3/", "/1/", "/4/"):
        ask(cache, path)

    asked = pages.asked
    ask(cache, "/1/")
    assert pages.asked == asked
    ask(cache, "/2/")
    assert pages.asked == asked + 1
    assert 0 < cache.shelf.bytes <= 25_000


def test_a_page_larger_than_all_room_is_answered_but_not_kept():
    cache = cached(Pages(), max_bytes=100)

    assert ask(cache, "/en/").status == 200
    assert (len(cache.shelf), cache.shelf.bytes) == (0, 0)


def test_learnt_paths_have_a_bound(monkeypatch):
    monkeypatch.setattr("helpcenter.page_cache.application.MAX_PATHS", 3)
    cache = cached(Pages(headers={}))

    for number in range(10):
        ask(cache, f"/{number}/")

    assert len(cache._rules) <= 3
