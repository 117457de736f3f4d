"""A public article, against a bare application that sends the same bytes from the same server."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from bench.load import CONNECTIONS, Cell, Measured, take_turns
from bench.ratios import figures, median_rate, median_ratio, note
from bench.servers import Running, Site, serve
from bench.table import Row

ARTICLE = "/zh-hans/articles/payment-failed/"
PRODUCT, BARE = "helpcenter.asgi:application", "bench.bare:application"
# What the server adds itself.
SERVER_HEADERS = {"date", "server", "connection", "transfer-encoding"}
VARIANTS = {
    "identity": ({}, 0.80),
    "brotli": ({"Accept-Encoding": "gzip, deflate, br, zstd"}, 0.75),
    "gzip": ({"Accept-Encoding": "gzip"}, 0.75),
    "304": ({"Accept-Encoding": "br"}, 0.80),
}
GOAL = 0.90
P99_MS, P99_GOAL_MS = 10, 5
HALF = 0.5


def run(site: Site, cores: tuple[int, int], seconds: float, rounds: int) -> Iterator[Row]:
    """The ratios on both servers, then the slowest percent of answers on daphne."""
    for server in ("daphne", "uvicorn"):
        with serve(server, PRODUCT, site, cores[0]) as ours:
            requests = _record(site, ours)
            with serve(server, BARE, site, cores[0]) as bare:
                cells = _cells(ours, bare, requests)
                yield from _ratios(server, take_turns(cells, cores[1], seconds, rounds))
            if server == "daphne":
                yield from _slowest(cells[0], cores[1], seconds, rounds)


def _record(site: Site, ours: Running) -> dict[str, dict[str, str]]:
    """Keep each variant's answer for the bare application; gives each variant's request headers."""
    requests = {name: dict(headers) for name, (headers, _reach) in VARIANTS.items()}
    _status, known, _body = ours.fetch(ARTICLE, requests["304"])
    requests["304"]["If-None-Match"] = known["etag"]
    answers = {}
    for name, asked in requests.items():
        status, headers, body = ours.fetch(ARTICLE, asked)
        own = [(header, value) for header, value in headers.items() if header not in SERVER_HEADERS]
        answers[_bare_path(name)] = (status, own, base64.b64encode(body).decode())
    file = site.folder / "answers.json"
    file.write_text(json.dumps(answers))
    site.environment["BENCH_ANSWERS"] = str(file)
    return requests


def _bare_path(variant: str) -> str:
    """As long as the article's path, so that both requests are of one size."""
    return f"/{variant}/".ljust(len(ARTICLE) - 1, "x") + "/"


def _cells(ours: Running, bare: Running, requests: dict[str, dict[str, str]]) -> list[Cell]:
    cells = []
    for name, headers in requests.items():
        cells.append(Cell(name, ours.url(ARTICLE), ours.pid, headers))
        cells.append(Cell(f"{name} bare", bare.url(_bare_path(name)), bare.pid, headers))
    return cells


def _ratios(server: str, measured: dict[str, list[Measured]]) -> Iterator[Row]:
    for name, (_headers, reach) in VARIANTS.items():
        ours, bare = measured[name], measured[f"{name} bare"]
        yield Row(
            f"public article, {name}, {server} / bare application",
            median_ratio(ours, bare),
            reach,
            GOAL,
            note=note(ours, bare),
            rounds=figures(ours=ours, bare=bare),
        )


def _slowest(full: Cell, core: int, seconds: float, rounds: int) -> Iterator[Row]:
    [saturated] = take_turns([full], core, seconds, rounds).values()
    rate = median_rate(saturated)
    # What a connection rests so that all of them together ask half as often as the server can answer.
    rest = CONNECTIONS / (rate * HALF) - 1 / rate
    [half] = take_turns([replace(full, delay_ms=max(1, round(1000 * rest)))], core, seconds, rounds).values()
    for label, found in (("saturated", saturated), (f"at {median_rate(half) / rate:.0%} of that", half)):
        yield Row(
            f"public article, p99, daphne, {CONNECTIONS} connections, {label}",
            median(each.p99_ms for each in found),
            P99_MS,
            P99_GOAL_MS,
            unit="ms",
            note=f"{median_rate(found):,.0f} req/s, slowest {max(each.max_ms for each in found):.0f} ms",
            rounds=figures(ours=found),
        )
