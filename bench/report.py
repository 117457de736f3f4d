"""`python -m bench.report [--figures FILE] [--peers URL …]`: the last figures as docs/performance.md with a chart.

A peer's figures are a JSON document, by file or by address: {"name": "…", "rows": [{"what": "…", "got": 0.2}]}, with
the same texts in `what` as ours. They become a column beside ours.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "var" / "bench.json"
DOCUMENT = ROOT / "docs" / "performance.md"
KEPT = ROOT / "docs" / "performance.json"
CHART = ROOT / "docs" / "images" / "performance.svg"
SECONDS = 10
ROW, LABEL, WIDTH, MOST = 26, 430, 330, 3.0
HEAD = """\
# Performance

Measured side by side with what it is compared to, in one run on one machine ({cores} cores, {system}, Python {python},
{packages}), {made_at}. Ratios (x): more is better; everything else: less is better. `make bench` measures anew,
`python -m bench.report` writes this page; [performance.json](performance.json) holds every round.

![How far each figure is beyond what it must reach](images/performance.svg)

"""


@dataclass(frozen=True)
class Peer:
    """Somebody else's figures, by our rows' texts."""

    name: str
    rows: dict[str, float]


class BadPeer(Exception):
    """A peer's document can't be read; the text says why."""


def load_peer(source: str) -> Peer:
    """Read a peer's figures from a file or an http(s) address; raises `BadPeer`."""
    try:
        if source.startswith(("http://", "https://")):
            with urllib.request.urlopen(source, timeout=SECONDS) as response:
                document = json.load(response)
        else:
            document = json.loads(Path(source).read_text(encoding="utf-8"))
        rows = {str(row["what"]): float(row["got"]) for row in document["rows"]}
        return Peer(str(document["name"]), rows)
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise BadPeer(f"{source}: {problem}") from problem


def table(rows: Sequence[dict[str, Any]], peers: Sequence[Peer]) -> str:
    """The rows as a Markdown table, peers as columns."""
    names = ["what", "got", "reach", "goal", "", *(peer.name for peer in peers)]
    lines = [f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    for row in rows:
        verdict = "ok" if row["is_reached"] else "**missed**"
        sign = "≥" if row["unit"] == "x" else "≤"
        cells = [
            row["what"],
            _shown(row["got"], row["unit"]),
            f"{sign} {row['reach']:g}",
            f"{row['goal']:g}",
            verdict,
        ]
        cells += [
            _shown(peer.rows[row["what"]], row["unit"]) if row["what"] in peer.rows else "" for peer in peers
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def chart(rows: Sequence[dict[str, Any]]) -> str:
    """A bar a row, as SVG: how many times better than it must be; the line is 1."""
    height = ROW * len(rows) + 40
    one = LABEL + WIDTH / MOST
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LABEL + WIDTH + 60} {height}" role="img" '
        'aria-label="How far each figure is beyond what it must reach">',
        "<style>text{font:13px system-ui,sans-serif;fill:#14201d}.b{fill:#0b6a5b}.m{fill:#b93a24}.l{stroke:#86898a}"
        "@media(prefers-color-scheme:dark){text{fill:#e8ece8}.b{fill:#63cdb4}.m{fill:#ff8a70}}</style>",
    ]
    for at, row in enumerate(rows):
        times, y = _beyond(row), at * ROW + 6
        kind = "b" if row["is_reached"] else "m"
        length = min(times, MOST) * WIDTH / MOST
        parts.append(f'<text x="{LABEL - 8}" y="{y + 14}" text-anchor="end">{escape(row["what"])}</text>')
        parts.append(
            f'<rect class="{kind}" x="{LABEL}" y="{y}" width="{length:.1f}" height="{ROW - 8}" rx="3"/>'
        )
        parts.append(f'<text x="{LABEL + length + 6:.1f}" y="{y + 14}">{times:.1f}</text>')
    bottom = height - 30
    parts.append(
        f'<path class="l" d="M{one:.1f} 0V{bottom}"/><text x="{one:.1f}" y="{height - 10}">1: reached</text></svg>'
    )
    return "\n".join(parts) + "\n"


def _beyond(row: dict[str, Any]) -> float:
    """How many times better than it must be."""
    got, reach = float(row["got"]), float(row["reach"])
    if row["unit"] == "x":
        return got / reach if reach else 1.0
    return reach / got if got else MOST


def _shown(got: float, unit: str) -> str:
    return f"{got:.2f} x" if unit == "x" else f"{got:,.1f} {unit}"


def main() -> int:
    """Write the page, the chart and the copy for machines."""
    parser = argparse.ArgumentParser(prog="python -m bench.report", description=__doc__)
    parser.add_argument("--figures", type=Path, default=FIGURES)
    parser.add_argument("--peers", nargs="*", default=[], help="files or addresses of peers' figures")
    chosen = parser.parse_args()
    try:
        document = json.loads(chosen.figures.read_text(encoding="utf-8"))
        peers = [load_peer(source) for source in chosen.peers]
    except (OSError, ValueError, BadPeer) as problem:
        print(problem, file=sys.stderr)
        return 2
    packages = ", ".join(f"{name} {number}" for name, number in document["packages"].items())
    head = HEAD.format(made_at=document["made_at"][:10], packages=packages, **document["machine"])
    DOCUMENT.write_text(head + table(document["rows"], peers), encoding="utf-8")
    CHART.write_text(chart(document["rows"]), encoding="utf-8")
    if chosen.figures.resolve() != KEPT.resolve():
        shutil.copyfile(chosen.figures, KEPT)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
