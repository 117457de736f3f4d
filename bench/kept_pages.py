"""An article's kept page, in each form that a browser may ask for, against a bare application with its bytes."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bench.load import NotMeasured, Target, ask
from bench.pairs import Pair
from bench.site import Site
from bench.table import Row

ARTICLE = "/zh-hans/articles/payment-failed/"
GOAL = 0.9
P99_REACH_MS, P99_GOAL_MS = 10.0, 5.0
# Headers that a server adds by itself.
SERVERS_OWN = {"server", "date", "connection", "transfer-encoding"}


@dataclass(frozen=True)
class Form:
    """One way to ask for the page, and the answer that must come."""

    name: str
    encoding: str
    status: int
    reach: float


FORMS = (
    Form("identity", "", 200, 0.80),
    Form("br", "br", 200, 0.75),
    Form("gzip", "gzip", 200, 0.75),
    Form("304", "br", 304, 0.80),
)


def keep_answers(site: Site, address: str) -> dict[str, Mapping[str, str]]:
    """Ask for each form once, leave the answers for `bench.bare`, and give the headers that ask for each."""
    asking = {form.name: _headers(form, address) for form in FORMS}
    answers = {f"/{form.name}": _answer(form, address, asking[form.name]) for form in FORMS}
    (site.folder / "answers.json").write_text(json.dumps(answers))
    return asking


def pairs(server: str, ours: str, bare: str, asking: Mapping[str, Mapping[str, str]]) -> list[Pair]:
    """The pairs of one server: the help center at `ours`, the bare application at `bare`."""
    return [
        Pair(
            f"kept article page, {form.name}, {server}: req/s over a bare application's",
            Target(ours + ARTICLE, asking[form.name]),
            Target(f"{bare}/{form.name}", asking[form.name]),
            form.reach,
            GOAL,
        )
        for form in FORMS
    ]


def p99_row(daphnes: list[Pair]) -> Row:
    """The slowest hundredth on daphne at saturation, in the form where it is worst."""
    details = {pair.title: pair.p99_ms() for pair in daphnes}
    worst = max(details.values())
    title = "kept article page, daphne: p99 at saturation, worst of the four"
    return Row(title, worst, P99_REACH_MS, P99_GOAL_MS, "ms", is_least=True, details=details)


def _headers(form: Form, address: str) -> dict[str, str]:
    headers = {"Accept-Encoding": form.encoding or "identity"}
    if form.status == 304:
        headers["If-None-Match"] = ask(Target(address + ARTICLE, headers)).headers["etag"]
    return headers


def _answer(form: Form, address: str, headers: Mapping[str, str]) -> dict[str, Any]:
    answer = ask(Target(address + ARTICLE, headers))
    encoding = form.encoding if form.status == 200 else ""
    if (answer.status, answer.headers.get("content-encoding", "")) != (form.status, encoding):
        raise NotMeasured(f"{ARTICLE} as {form.name} was answered {answer.status} {answer.headers}")
    kept = [(name, value) for name, value in answer.headers.items() if name not in SERVERS_OWN]
    return {"status": answer.status, "headers": kept, "body": b64encode(answer.body).decode()}
