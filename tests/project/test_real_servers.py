"""The help center behind the real daphne and the real uvicorn, in a process of its own."""

import gzip
import os
import subprocess
import sys
import time
from dataclasses import replace
from http.client import HTTPConnection

import brotli
import pytest
from django.conf import settings
from django.db import connection

from faq.models import Translation
from faq.services.publishing import Text, save_text
from tests.throwaway import free_port, wait_for_port

ARTICLE = "/zh-hans/articles/payment-failed/"
SERVERS = {
    "daphne": ["-v", "0", "-b", "127.0.0.1"],
    "uvicorn": ["--host", "127.0.0.1", "--log-level", "error"],
}
# A change shows within two seconds; a busy machine may take longer.
PATIENCE_SECONDS = 30


def database_url():
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    return f"postgres://{found['USER']}:{found['PASSWORD']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"


@pytest.fixture(params=SERVERS)
def port(request, transactional_db, content):
    """Where the server listens; it reads the database of this test."""
    port = free_port()
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": database_url()}
    command = [sys.executable, "-m", request.param, *SERVERS[request.param], f"--port={port}"]
    server = subprocess.Popen(
        [*command, "helpcenter.asgi:application"], env=environment, cwd=settings.BASE_DIR
    )
    try:
        wait_for_port(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def get(port, path, method="GET", **headers):
    asking = HTTPConnection("127.0.0.1", port, timeout=30)
    asking.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = asking.getresponse()
    answer = response.status, dict(response.getheaders()), response.read()
    asking.close()
    status, found, body = answer
    return status, {name.lower(): value for name, value in found.items()}, body


def test_a_page_comes_twice_with_one_tag_and_then_not_at_all(port):
    _, first, page = get(port, ARTICLE, accept_encoding="br")
    status, second, again = get(port, ARTICLE, accept_encoding="br", cookie="sessionid=x")

    assert status == 200
    assert (first["etag"], page) == (second["etag"], again)
    assert "set-cookie" not in first
    status, _, body = get(port, ARTICLE, accept_encoding="br", if_none_match=first["etag"])
    assert (status, body) == (304, b"")


def test_every_encoding_holds_the_same_page(port):
    _, _, plain = get(port, ARTICLE, accept_encoding="identity")
    _, _, zipped = get(port, ARTICLE, accept_encoding="gzip")
    _, _, packed = get(port, ARTICLE, accept_encoding="gzip, br")

    assert "支付" in plain.decode()
    assert gzip.decompress(zipped) == brotli.decompress(packed) == plain


def test_head_and_errors_are_answered(port):
    get(port, ARTICLE)

    status, headers, body = get(port, ARTICLE, "HEAD")

    assert (status, body) == (200, b"")
    assert int(headers["content-length"]) > 1000
    assert get(port, "/zh-hans/nowhere/")[0] == 404
    assert get(port, ARTICLE, host="evil.example")[0] == 400
    assert get(port, "/zh-hans/search/?q=%FF%00")[0] == 200


def test_a_made_up_prefix_stays_with_who_made_it_up(port):
    get(port, "//evil.example/zh-hans/", daphne_root_path="//evil.example")
    get(port, "/zh-hans/", daphne_root_path="//evil.example")

    assert b"evil.example" not in get(port, "/zh-hans/")[2]
    assert get(port, "//evil.example/zh-hans/")[0] in (301, 404)


def test_what_another_process_publishes_shows_soon(port):
    get(port, ARTICLE)
    found = Translation.objects.get(article__slug="payment-failed", language="zh-hans")

    save_text(found, replace(Text.of(found), title="支付为什么会失败"))

    deadline = time.monotonic() + PATIENCE_SECONDS
    while "支付为什么会失败" not in get(port, ARTICLE, accept_encoding="identity")[2].decode():
        assert time.monotonic() < deadline
