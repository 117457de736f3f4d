"""What the widget costs a site that includes it: bytes before and after somebody opens it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bench.public_pages import PRODUCT
from bench.servers import Running, Site, serve
from bench.table import Row

LOADER, FRAME, FIRST_QUESTION = "/widget.js", "/widget/?lang=zh-hans", "/api/chat/availability"
BROWSER = {"Accept-Encoding": "gzip, deflate, br, zstd"}
# The page names all that it needs at once: styles, texts, and every module (chat/templatetags/modules.py).
NEEDED = re.compile(r'<(?:link rel="(?:stylesheet|modulepreload)" href|script [^>]*?src)="([^"]+)"')
KILOBYTE = 1000


def run(site: Site, cores: tuple[int, int], _seconds: float, _rounds: int) -> Iterator[Row]:
    """Both rows; bytes are the same in every round."""
    with serve("daphne", PRODUCT, site, cores[0]) as ours:
        before = _bytes(ours, LOADER)
        _status, _headers, page = ours.fetch(FRAME, {})
        needed = sorted({FRAME, FIRST_QUESTION, *NEEDED.findall(page.decode())})
        sizes = {path: _bytes(ours, path) for path in needed}
    opened = before + sum(sizes.values())
    yield Row("widget on a host page, before opening", before / KILOBYTE, 3, 2, "KB")
    yield Row(
        "widget on a host page, opened", opened / KILOBYTE, 60, 40, "KB", f"{len(sizes) + 1} requests", sizes
    )


def _bytes(ours: Running, path: str) -> int:
    """The body as it comes to a browser."""
    status, _headers, body = ours.fetch(path, BROWSER)
    if status != 200:
        raise RuntimeError(f"{path} gives {status}")
    return len(body)
