"""Somebody else's site: another origin, with the strictest rules that a host of the widget may have."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.browser.conftest import Site

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A shop</title>
<link rel="stylesheet" href="/host.css">
<script src="/host.js"></script>
{script}
</head>
<body>
<main>
<h1>A shop</h1>
<p><button type="button">Buy</button></p>
<p><a id="help" href="{help_center}/en/contact/" data-topay-open>Help</a></p>
<p class="long">Far down there is an end.</p>
</main>
</body>
</html>
"""
# What docs/embedding.md tells a site to put before the loader.
STUB = "window.Topay = window.Topay || ((...call) => new Promise((done) => (Topay.q = Topay.q || []).push([done, ...call])));\nif (location.search.includes('early')) window.early = Topay('open');"
STYLE = "* { all: unset } div, iframe { width: 10px; display: block } main button, main a { display: block; width: 80px; height: 40px } .long { display: block; height: 3000px } title, style, script, link, meta, head { display: none }"
CSP = "default-src 'none'; script-src 'self' {site}; style-src 'self'; frame-src {site}; require-trusted-types-for 'script'; trusted-types 'none'"


def host_page(site: Site, query: str) -> str:
    """A page that includes the loader; `?attributes=` adds to its tag, `?without=1` leaves it out."""
    asked = parse_qs(query)
    attributes = asked.get("attributes", ["data-lang=en"])[0]
    script = f'<script async src="{site.url}/widget.js" {attributes}></script>'
    return PAGE.format(script="" if "without" in asked else script, help_center=site.url)


class Host:
    """The host's server; every page forbids what it needn't allow."""

    def __init__(self, site: Site, address: str) -> None:
        parts = urlsplit(address)
        self.url = address
        # By this name it is the same site as the help center, whose frame may then keep things itself.
        self.same_site_url = address.replace("localhost", "127.0.0.1")
        self._server = ThreadingHTTPServer(("127.0.0.1", parts.port or 0), _handler(site))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            files = {"/host.css": ("text/css", STYLE), "/host.js": ("text/javascript", STUB)}
            kind, text = files.get(parts.path) or ("text/html", host_page(site, parts.query))
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", CSP.format(site=site.url))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    return Handler
