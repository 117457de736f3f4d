"""The cache of public pages, around an application that counts how often it is asked."""

import pytest

from helpcenter.page_cache.application import PageCache
from helpcenter.page_cache.watcher import Watcher
from tests.asgi_client import ask

HTML = "<p>支付失败怎么办？</p>" * 100
PUBLIC = {"content-type": "text/html", "x-public-page": "", "cache-control": "public, max-age=0"}
MEGABYTE = 1_000_000


class Pages:
    """An application that says its number, its path and its query."""

    def __init__(self, status=200, headers=PUBLIC, html=HTML):
        self.status, self.headers, self.html = status, headers, html
        self.asked = 0

    async def __call__(self, scope, receive, send):
        self.asked += 1
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        told = f"{self.asked} {scope['path']}?{scope['query_string'].decode()}"
        await send({"type": "http.response.body", "body": told.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": self.html.encode()})


class QuietWatcher(Watcher):
    """Looks only when a test says so."""

    def ensure_started(self):
        pass


def cached(pages, max_bytes=MEGABYTE):
    return PageCache(pages, max_bytes, QuietWatcher())


def test_everyone_gets_the_first_ones_bytes_when_a_page_is_public():
    pages = Pages()
    cache = cached(pages)

    stranger = ask(cache, "/en/")
    known = ask(cache, "/en/", headers={"cookie": "sessionid=abc; topay_language=en"})

    assert stranger.body == known.body
    assert pages.asked == 1


def test_the_mark_is_not_seen_and_every_other_header_is_kept():
    pages = Pages(
        headers=PUBLIC | {"content-security-policy": "default-src 'none'", "x-frame-options": "DENY"}
    )

    reply = ask(cached(pages), "/en/")

    assert reply.all("x-public-page") == []
    assert reply.header("cache-control") == "public, max-age=0"
    assert reply.header("content-security-policy") == "default-src 'none'"
    assert reply.header("x-frame-options") == "DENY"
    assert reply.header("content-length") == str(len(reply.body))


@pytest.mark.parametrize(
    "accepts, encoding",
    [
        ("", ""),
        ("gzip", "gzip"),
        ("GZip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.2, gzip;q=0.9", "gzip"),
        ("br;q=nonsense, gzip", "gzip"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("*;q=0", ""),
        ("identity", ""),
        ("deflate", ""),
    ],
)
def test_the_encoding_is_the_best_of_those_accepted(accepts, encoding):
    cache = cached(Pages())
    plain = ask(cache, "/en/")

    reply = ask(cache, "/en/", headers={"accept-encoding": accepts})

    assert reply.header("content-encoding") == encoding
    assert reply.text == plain.text
    assert reply.header("vary") == "Accept-Encoding"
    assert reply.header("content-length") == str(len(reply.body))


def test_each_encoding_has_a_strong_tag_of_its_own():
    cache = cached(Pages())

    tags = {ask(cache, "/en/", headers={"accept-encoding": e}).header("etag") for e in ("", "gzip", "br")}

    assert len(tags) == 3
    assert all(tag.startswith('"') and tag.endswith('"') for tag in tags)


def test_the_tag_is_another_when_the_page_is():
    assert ask(cached(Pages()), "/en/").header("etag") != ask(cached(Pages(html="x")), "/en/").header("etag")


def test_the_tag_is_the_same_in_a_process_that_orders_a_policy_otherwise():
    one, other = (
        PUBLIC | {"content-security-policy": p} for p in ("a 'self'; b 'none'", "b 'none'; a 'self'")
    )

    assert ask(cached(Pages(headers=one)), "/en/").header("etag") == ask(
        cached(Pages(headers=other)), "/en/"
    ).header("etag")


def test_the_tag_is_another_when_a_header_is():
    strict = PUBLIC | {"x-frame-options": "DENY"}

    assert ask(cached(Pages(headers=strict)), "/en/").header("etag") != ask(cached(Pages()), "/en/").header(
        "etag"
    )


@pytest.mark.parametrize("form", ["{}", 'W/{}, "other"', '"other",{}', "*"])
def test_nothing_is_sent_again_when_the_browser_has_the_page(form):
    cache = cached(Pages())
    first = ask(cache, "/en/", headers={"accept-encoding": "br"})
    tag = first.header("etag")

    again = ask(cache, "/en/", headers={"accept-encoding": "br", "if-none-match": form.format(tag)})

    assert (again.status, again.body) == (304, b"")
    for name in ("etag", "vary", "cache-control"):
        assert again.header(name) == first.header(name)


@pytest.mark.parametrize("tag", ['"old"', "", "garbage"])
def test_the_page_is_sent_when_the_browser_has_another(tag):
    cache = cached(Pages())
    first = ask(cache, "/en/")

    reply = ask(cache, "/en/", headers={"if-none-match": tag})

    assert (reply.status, reply.body) == (200, first.body)


def test_a_browser_with_another_encoding_gets_the_page():
    cache = cached(Pages())
    tag = ask(cache, "/en/", headers={"accept-encoding": "br"}).header("etag")

    assert ask(cache, "/en/", headers={"accept-encoding": "gzip", "if-none-match": tag}).status == 200


@pytest.mark.parametrize("known_before", [True, False])
def test_head_gives_the_headers_without_the_page(known_before):
    pages = Pages(html="")
    cache = cached(pages)
    page = ask(cache, "/en/") if known_before else None

    reply = ask(cache, "/en/", method="HEAD")

    assert reply.status == 200
    assert reply.all("x-public-page") == []
    if page:
        assert reply.body == b""
        assert reply.messages[0] == page.messages[0]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_only_reading_is_answered_from_memory(method):
    pages = Pages()
    cache = cached(pages)
    ask(cache, "/en/")

    replies = [ask(cache, "/en/", method=method) for _ in range(2)]

    assert pages.asked == 3
    assert replies[0].body != replies[1].body
    assert ask(cache, "/en/").text.startswith("1 ")
    assert replies[0].all("x-public-page") == []


def test_what_htmx_asks_for_is_neither_kept_nor_taken_from_what_is_kept():
    pages = Pages()
    cache = cached(pages)
    page = ask(cache, "/en/")

    fragment = ask(cache, "/en/", headers={"hx-request": "true"})

    assert fragment.text.startswith("2 ")
    assert fragment.all("x-public-page") == []
    assert ask(cache, "/en/").body == page.body


@pytest.mark.parametrize(
    "status, headers",
    [
        (200, {"content-type": "text/html"}),
        (200, PUBLIC | {"set-cookie": "a=b"}),
        (200, PUBLIC | {"vary": "Accept-Encoding, Cookie"}),
        (200, PUBLIC | {"vary": "Accept-Language"}),
        (200, PUBLIC | {"cache-control": "private"}),
        (200, PUBLIC | {"cache-control": "no-store"}),
        (404, PUBLIC),
        (500, PUBLIC),
        (302, {"location": "/en/"}),
    ],
)
def test_a_response_is_not_kept_when_it_may_differ_by_visitor(status, headers):
    pages = Pages(status, headers)
    cache = cached(pages)

    first, second = ask(cache, "/en/"), ask(cache, "/en/")

    assert (first.text[0], second.text[0]) == ("1", "2")
    assert first.status == second.status == status
    assert first.all("x-public-page") == []
    assert len(cache.shelf) == 0


def test_a_page_is_kept_again_after_one_answer_was_an_error():
    pages = Pages(status=503)
    cache = cached(pages)
    ask(cache, "/en/")
    pages.status = 200

    assert ask(cache, "/en/").text.startswith("2 ")
    assert ask(cache, "/en/").text.startswith("2 ")


def test_a_view_may_vary_by_the_header_of_htmx():
    cache = cached(Pages(headers=PUBLIC | {"vary": "HX-Request"}))

    assert ask(cache, "/en/").header("vary") == "Accept-Encoding, HX-Request"


@pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "test server", "", "a" * 300])
def test_nothing_is_kept_for_a_host_that_is_not_ours(host):
    pages = Pages()
    cache = cached(pages)

    for _ in range(2):
        ask(cache, "/en/", headers={"host": host})

    assert pages.asked == 2
    assert len(cache.shelf) == 0


def test_each_host_of_ours_has_pages_of_its_own(settings):
    settings.ALLOWED_HOSTS = ["one.example", "two.example"]
    pages = Pages()
    cache = cached(pages)

    for host in ("one.example", "two.example", "ONE.example", "one.example:8000"):
        ask(cache, "/en/", headers={"host": host})

    assert pages.asked == 3


def test_http_and_https_are_told_apart():
    pages = Pages()
    cache = cached(pages)

    for scheme in ("http", "https", "https"):
        ask(cache, "/en/", scheme=scheme)

    assert pages.asked == 2


@pytest.mark.parametrize("forwarded, expected", [("https", "2 "), ("https,http", "2 "), ("http,https", "1 ")])
def test_the_proxys_first_word_on_the_scheme_counts(settings, forwarded, expected):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    cache = cached(Pages())
    ask(cache, "/en/")

    assert ask(cache, "/en/", headers={"x-forwarded-proto": forwarded}).text.startswith(expected)


def test_a_visitors_word_on_the_scheme_does_not_count_without_a_proxy():
    pages = Pages()
    cache = cached(pages)
    ask(cache, "/en/")

    ask(cache, "/en/", headers={"x-forwarded-proto": "https"})

    assert pages.asked == 1


def test_nothing_is_kept_below_a_prefix_which_anybody_can_make_up():
    pages = Pages()
    cache = cached(pages)
    ask(cache, "/en/")

    for _ in range(2):
        ask(cache, "/help/en/", root_path="/help")
        ask(cache, "/en/", root_path="//evil.example")

    assert pages.asked == 5
    assert ask(cache, "/en/").text.startswith("1 ")


def test_a_known_page_is_made_without_the_cookies_of_who_asks():
    seen = []

    async def pages(scope, receive, send):
        seen.append(dict(scope["headers"]))
        await Pages()(scope, receive, send)

    cache = cached(pages)
    for _ in range(2):
        ask(cache, "/en/", headers={"cookie": "sessionid=x", "accept": "text/html"})
        cache.empty()

    assert b"cookie" in seen[0]
    assert b"cookie" not in seen[1]
    assert seen[1][b"accept"] == b"text/html"


def test_head_of_a_page_that_has_become_an_error_has_no_body():
    pages = Pages()
    cache = cached(pages)
    ask(cache, "/en/")
    cache.empty()
    pages.status = 404

    reply = ask(cache, "/en/", method="HEAD")

    assert (reply.status, reply.body) == (404, b"")


@pytest.mark.parametrize("query", ["", "utm_source=mail", "utm_source=app&x=1", "%ff=%fe", "&&&="])
def test_a_query_that_changes_nothing_shares_the_page(query):
    pages = Pages()
    cache = cached(pages)
    first = ask(cache, "/en/")

    assert ask(cache, "/en/", query=query).body == first.body


@pytest.mark.parametrize(
    "one, other, is_same",
    [
        ("path=a", "path=b", False),
        ("path=a", "", False),
        ("path=a", "path=a&utm_source=mail", True),
        ("path=a&lang=b", "lang=b&path=a", True),
        ("path=a&path=b", "path=b&path=a", False),
        ("path=%E6%94%AF", "path=支", True),
        ("path=支", "path=%C3%A6%C2%94%C2%AF", False),
        ("path=", "", False),
    ],
)
def test_parameters_that_matter_tell_pages_apart(one, other, is_same):
    cache = cached(Pages(headers=PUBLIC | {"x-public-page": "path lang"}))
    ask(cache, "/en/")

    assert (ask(cache, "/en/", query=one).body == ask(cache, "/en/", query=other).body) is is_same


def test_a_very_long_query_is_django_s_business():
    pages = Pages()
    cache = cached(pages)
    ask(cache, "/en/")

    ask(cache, "/en/", query="x" * 500)

    assert pages.asked == 2
    assert len(cache.shelf) == 1
