"""The loader and the frame as they are served, and the documents about them."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from django.conf import settings

from helpcenter.one_hop import OneHopHandler
from helpcenter.page_cache.application import PageCache
from tests.asgi_client import ask
from tests.project.test_page_cache import MEGABYTE, QuietWatcher
from tests.project.test_security_headers import directives

ROOT = Path(settings.BASE_DIR)
LOADER = (ROOT / "static/js/widget/loader.js").read_text()
MOST_LOADER_BYTES = 3072

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "encoding, unpack", [("br", brotli.decompress), ("gzip", gzip.decompress), ("", bytes)]
)
def test_the_loader_is_the_same_in_every_encoding(client, encoding, unpack):
    response = client.get("/widget.js", headers={"Accept-Encoding": encoding})

    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.get("Content-Encoding", "") == encoding
    assert unpack(response.content) == client.get("/widget.js").content


def test_the_loader_is_small(client):
    for encoding in ("br", "gzip"):
        assert (
            len(client.get("/widget.js", headers={"Accept-Encoding": encoding}).content) <= MOST_LOADER_BYTES
        )


def test_the_loader_has_its_texts_and_no_comment(client):
    text = client.get("/widget.js").content.decode()

    assert "Topay live chat" in text
    assert '"zh-hans"' in text
    assert "TEXTS" not in text
    assert "//" not in text.replace("http://", "")


def test_the_loader_may_be_kept_and_is_asked_for_by_its_tag(client):
    first = client.get("/widget.js", headers={"Accept-Encoding": "br"})

    again = client.get("/widget.js", headers={"Accept-Encoding": "br", "If-None-Match": first["ETag"]})

    assert "max-age=300" in first["Cache-Control"]
    assert "stale-while-revalidate" in first["Cache-Control"]
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


def test_any_site_may_include_the_loader_and_learns_nothing_by_it(client):
    response = client.get("/widget.js", headers={"Origin": "https://shop.example.com"})

    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Access-Control-Allow-Origin" not in response
    assert not response.cookies


def test_only_named_sites_may_hold_the_frame(client, content):
    response = client.get("/widget/?lang=en")

    policy = directives(response)
    assert policy["frame-ancestors"] == [
        "'self'",
        "http://127.0.0.1:8000",
        "http://localhost:8000",
        *settings.EMBED_ORIGINS,
    ]
    assert "X-Frame-Options" not in response
    assert policy["connect-src"] == ["'self'", "ws://127.0.0.1:8000", "ws://localhost:8000"]
    assert policy["img-src"] == ["'self'", "data:", "blob:"]
    assert policy["default-src"] == ["'none'"]
    assert not response.cookies


@pytest.mark.parametrize(
    "path, language", [("?lang=en", "en"), ("?lang=zh-hans", "zh-Hans"), ("?lang=x", "zh-Hans")]
)
def test_the_frame_speaks_the_language_that_was_asked_for(client, content, path, language):
    response = client.get(f"/widget/{path}", headers={"Accept-Language": "en"})

    assert f'<html lang="{language}">' in response.content.decode()
    assert response["Content-Language"] == language


def test_the_frame_is_kept_for_everyone_once_for_each_language(transactional_db, content):
    handler = OneHopHandler(threads=1)
    cache = PageCache(handler, MEGABYTE, QuietWatcher())
    try:
        for language in ("en", "zh-hans", "en"):
            headers = {"accept-language": "fr", "cookie": "a=b"}
            reply = ask(cache, "/widget/", query=f"lang={language}", headers=headers)
            assert reply.header("vary") == "Accept-Encoding"
    finally:
        handler.close()

    assert len(cache.shelf) == 2


@pytest.mark.parametrize("path", ["/en/", "/en/articles/payment-failed/", "/zh-hans/contact/"])
def test_our_own_pages_have_a_launcher_that_needs_no_script(client, content, path):
    text = client.get(path).content.decode()

    language = path.split("/")[1]
    assert f'<a class="launcher" href="/{language}/chat/"' in text
    assert f'<script src="/widget.js" async data-lang="{language}"' in text


@pytest.mark.parametrize("path", ["/desk/login/", "/admin/login/", "/en/chat/", "/zh-hans/chat/?embed=app"])
def test_the_launcher_is_not_where_it_would_be_in_the_way(client, content, path):
    text = client.get(path).content.decode()

    assert "widget.js" not in text
    assert 'class="launcher"' not in text


def test_the_document_names_every_command_event_and_attribute_of_the_loader():
    document = (ROOT / "docs/embedding.md").read_text()
    commands = re.search(r"const commands = \{(.*?)\n  \};", LOADER, re.S).group(1)
    names = re.findall(r"^    (?:async )?(\w+)(?:\(|:|,)", commands, re.M)
    events = set(re.findall(r"\bsay\(\"(\w+)\"", LOADER))
    attributes = re.search(r"const \{ (.*?) \} = script\.dataset", LOADER).group(1)

    documented = re.findall(r"^\| `([a-z]+)` \|", document.split("## Commands")[1].split("###")[0], re.M)
    assert sorted(documented) == sorted(names)
    assert set(re.findall(r"`(\w+)`", re.search(r"\| `on` .*", document).group())) == {"on", *events}
    assert re.findall(r"^\| `data-(\w+)`", document, re.M) == re.findall(r"(\w+) =", attributes)


def test_the_launcher_has_the_colours_of_the_site():
    site, launcher = ((ROOT / f"static/css/{name}.css").read_text() for name in ("site", "launcher"))
    for at, block in enumerate(re.findall(r":host \{(.*?)\}", launcher, re.S)[:2]):
        for name, colour in re.findall(r"--([a-z-]+): (#\w+);", block):
            both = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", site).groups()
            assert both[at] == colour, name


def test_the_frame_names_every_module_that_it_will_need_at_once(client, content):
    text = client.get("/widget/?lang=en").content.decode()
    preloaded = re.findall(r'<link rel="modulepreload" href="/static/([^"]+)">', text)

    assert "js/messenger/main.js" in preloaded
    assert "js/talk/texts.js" in preloaded
    for name in preloaded:
        for path in re.findall(r'from "(\.{1,2}/[^"]+)"', (ROOT / "static" / name).read_text()):
            assert ((ROOT / "static" / name).parent / path).resolve().relative_to(
                ROOT / "static"
            ).as_posix() in preloaded
    assert len(preloaded) == len(set(preloaded))


def test_the_frame_looks_as_the_chat_on_its_own_page(client, content):
    page, frame = (client.get(path).content.decode() for path in ("/en/chat/", "/widget/?lang=en"))
    with_scripts = re.sub(r"<noscript>.*?</noscript>", "", page, flags=re.S)
    styles = re.findall(r'<link rel="stylesheet" href="([^"]+)"', with_scripts)

    assert styles
    assert re.findall(r'<link rel="stylesheet" href="([^"]+)"', frame) == styles
