"""Pages that Django renders for each visitor, against the same views under Django's own ASGI handler."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from bench.load import Cell, take_turns
from bench.ratios import figures, median_ratio, note
from bench.servers import Running, Site, serve
from bench.table import Row

PRODUCT, STOCK = "helpcenter.asgi:application", "bench.stock:application"
PAGES = {
    "search results": f"/zh-hans/search/?q={quote('支付失败')}",
    "contact form": "/zh-hans/contact/email/",
}
REACH, GOAL = 1.7, 2.0


def run(site: Site, cores: tuple[int, int], seconds: float, rounds: int) -> Iterator[Row]:
    """A ratio for each page on both servers."""
    for server in ("daphne", "uvicorn"):
        with serve(server, PRODUCT, site, cores[0]) as ours, serve(server, STOCK, site, cores[0]) as stock:
            measured = take_turns(_cells(ours, stock), cores[1], seconds, rounds)
        for name in PAGES:
            product, plain = measured[name], measured[f"{name} stock"]
            yield Row(
                f"{name}, {server} / Django's own handler",
                median_ratio(product, plain),
                REACH,
                GOAL,
                note=note(product, plain),
                rounds=figures(ours=product, stock=plain),
            )


def _cells(ours: Running, stock: Running) -> list[Cell]:
    cells = []
    for name, path in PAGES.items():
        cells.append(Cell(name, ours.url(path), ours.pid))
        cells.append(Cell(f"{name} stock", stock.url(path), stock.pid))
    return cells
