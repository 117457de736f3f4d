"""Django in one thread hop behaves as Django does."""

import asyncio

import pytest
from django.core.signals import request_finished, request_started

from helpcenter.one_hop import OneHopHandler
from tests.asgi_client import ask, make_scope, request
from tests.project import one_hop_site
from tests.project.one_hop_site import BLOCK, gate, seen

MULTIPART = (
    b'--x\r\nContent-Disposition: form-data; name="problem"\r\n\r\n\xe6\x94\xaf\xe4\xbb\x98\r\n'
    b'--x\r\nContent-Disposition: form-data; name="shot"; filename="a.txt"\r\n\r\nhello\r\n--x--\r\n'
)


@pytest.fixture
def make_handler(settings):
    """Makes handlers of the small site, and ends their threads."""
    settings.ROOT_URLCONF = "tests.project.one_hop_site"
    settings.MIDDLEWARE = [
        "tests.project.one_hop_site.ThreadMiddleware",
        "django.middleware.common.CommonMiddleware",
    ]
    one_hop_site.forget()
    handlers = []

    def make(threads=1, **more):
        handlers.append(OneHopHandler(threads=threads, **more))
        return handlers[-1]

    yield make
    gate["go_on"].set()
    for handler in handlers:
        handler.close()


@pytest.fixture
def handler(make_handler):
    """A handler with one thread, which so inherits everything that isn't reset."""
    return make_handler()


def test_a_body_arrives_whole_when_it_comes_in_pieces(handler):
    reply = ask(handler, "/echo/", method="POST", chunks=[b"pay", b"", b"ment"])

    assert (reply.status, reply.body) == (200, b"payment")
    assert reply.header("content-length") == "7"


def test_a_form_with_a_file_is_read(handler):
    headers = {"content-type": "multipart/form-data; boundary=x", "content-length": str(len(MULTIPART))}

    reply = ask(handler, "/form/", method="POST", chunks=[MULTIPART[:50], MULTIPART[50:]], headers=headers)

    assert '"shot": "hello"' in reply.text
    assert '"problem": "\\u652f\\u4ed8"' in reply.text


@pytest.mark.parametrize("declared", [{"content-length": "2000"}, {"content-length": "many"}, {}])
def test_more_than_any_form_may_send_is_refused_and_never_reaches_a_view(handler, settings, declared):
    settings.REQUEST_MAX_BODY_BYTES = 1000

    reply = ask(handler, "/echo/", method="POST", chunks=[b"x" * 999, b"x" * 999], headers=declared)

    assert reply.status == 413
    assert "太大" in reply.text
    assert seen["threads"] == []


def test_a_large_body_outside_a_file_is_django_s_error(handler, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    headers = {"content-length": "2000"}
    reply = ask(handler, "/echo/", method="POST", chunks=[b"x" * 2000], headers=headers)

    assert (reply.status, reply.text) == (400, "our own page for a bad request")


def test_a_client_that_goes_away_while_sending_costs_no_view(handler):
    async def walk():
        async def gone():
            return {"type": "http.disconnect"}

        async def refuse(message):
            raise AssertionError(message)

        await handler({"type": "http", "headers": []}, gone, refuse)

    asyncio.run(walk())

    assert seen["threads"] == []


def test_an_error_in_a_view_is_the_site_s_own_page_and_the_thread_goes_on(handler):
    reply = ask(handler, "/broken/")

    assert (reply.status, reply.text) == (500, "our own page for an error")
    assert ask(handler, "/chosen/").status == 200


def test_an_address_that_is_no_text_is_a_bad_request(handler):
    assert ask(handler, "/echo/", query_string=b"q=\xff").status == 400
    assert seen["threads"] == []


def test_a_thread_hands_no_language_and_no_time_zone_to_the_next_visitor(handler):
    before = ask(handler, "/chosen/").text
    ask(handler, "/choose/")

    assert ask(handler, "/chosen/").text == before == "zh-hans Asia/Shanghai"


def test_the_whole_chain_runs_in_one_thread_that_stays(handler):
    ask(handler, "/echo/")
    ask(handler, "/echo/")

    assert len(seen["threads"]) == 4
    assert len(set(seen["threads"])) == 1


def test_django_is_told_when_a_request_begins_and_ends(handler):
    told = []

    def begun(**_more):
        told.append("begun")

    def ended(**_more):
        told.append("ended")

    request_started.connect(begun)
    request_finished.connect(ended)
    for path in ("/echo/", "/stream/", "/file/"):
        ask(handler, path, query="blocks=1")
    request_started.disconnect(begun)
    request_finished.disconnect(ended)

    assert told == ["begun", "ended"] * 3


def test_addresses_are_made_below_the_site_s_prefix_for_each_request(handler):
    assert ask(handler, "/help/where/", root_path="/help").text == "/help/where/"
    assert ask(handler, "/where/").text == "/where/"


def test_every_cookie_has_a_header_of_its_own(handler):
    assert ask(handler, "/cookies/").all("set-cookie") == ["one=1; Path=/", "two=2; HttpOnly; Path=/"]


def test_an_asynchronous_view_answers_too(handler):
    assert ask(handler, "/async/").text == "asynchronous"


def test_only_http_is_answered(handler):
    with pytest.raises(ValueError, match="websocket"):
        ask(handler, "/", type="websocket")


def test_who_comes_when_too_many_wait_is_told_at_once_to_come_back(make_handler):
    handler = make_handler(waiting_per_thread=0)

    async def walk():
        first = asyncio.ensure_future(request(handler, "/wait/"))
        await asyncio.to_thread(gate["entered"].wait, 20)
        second = await request(handler, "/echo/")
        gate["go_on"].set()
        return await first, second, await request(handler, "/echo/")

    first, second, third = asyncio.run(walk())

    assert (first.status, second.status, third.status) == (200, 503, 200)
    assert int(second.header("retry-after")) > 0
    assert "太忙" in second.text


def test_what_was_made_for_a_client_that_has_gone_is_closed(make_handler):
    handler = make_handler()

    async def walk():
        asking = asyncio.ensure_future(request(handler, "/wait/"))
        await asyncio.to_thread(gate["entered"].wait, 20)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        gate["go_on"].set()
        await request(handler, "/echo/")

    asyncio.run(walk())

    assert seen["closed"] == 1
    assert handler._in_pool == 0


def test_a_stream_comes_bit_by_bit_in_one_thread_and_one_language(handler):
    reply = ask(handler, "/stream/")

    assert reply.chunks == [b"0 Search\n", b"1 Search\n", b"2 Search\n", b""]
    assert [message.get("more_body", False) for message in reply.messages[1:]] == [True, True, True, False]
    assert len(set(seen["threads"][1:])) == 1
    assert seen["closed"] == 1


def test_head_of_a_stream_makes_nothing(handler):
    reply = ask(handler, "/stream/", method="HEAD")

    assert (reply.status, reply.body) == (200, b"")
    assert (seen["made"], seen["closed"]) == (0, 1)


def test_an_asynchronous_stream_is_sent(handler):
    assert ask(handler, "/async-stream/").body == b"012"
    assert seen["closed"] == 1


def test_a_stream_ends_when_its_reader_goes_away(handler):
    reply = ask(handler, "/endless/", gone_after=5)

    assert reply.chunks[-1] == b"again\n"
    assert seen["closed"] == 1
    assert ask(handler, "/echo/").status == 200


def test_a_stream_that_breaks_off_is_closed_and_said(handler):
    with pytest.raises(ConnectionResetError):
        ask(handler, "/breaks-off/")

    assert seen["closed"] == 1
    assert ask(handler, "/echo/").status == 200


@pytest.mark.parametrize("blocks, is_whole", [(1, True), (200, True), (1000, False)])
def test_a_file_is_sent_whole_when_small_and_in_blocks_when_large(handler, blocks, is_whole):
    reply = ask(handler, "/file/", query=f"blocks={blocks}")

    assert reply.body == BLOCK * blocks
    assert reply.header("content-length") == str(len(BLOCK) * blocks)
    assert (len(reply.chunks) == 1) is is_whole


@pytest.mark.parametrize("path", ["/stream/", "/endless/", "/file/"])
def test_pages_are_answered_while_a_reader_takes_a_stream_slowly(handler, path):
    async def walk():
        begun, read_on = asyncio.Event(), asyncio.Event()
        never = asyncio.Event()

        async def slowly(message):
            begun.set()
            await read_on.wait()

        async def receive():
            if not begun.is_set():
                return {"type": "http.request", "body": b""}
            await (read_on if path == "/endless/" else never).wait()
            return {"type": "http.disconnect"}

        scope = make_scope(path, query="blocks=1000")
        reading = asyncio.ensure_future(handler(scope, receive, slowly))
        await begun.wait()
        page = await request(handler, "/echo/")
        read_on.set()
        await reading
        return page

    assert asyncio.run(walk()).status == 200
