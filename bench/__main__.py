"""`make bench`, or `python -m bench [part …] [--quick] [--seconds 2] [--rounds 3]`: measures, prints, keeps the figures.

Exits with 1 when a promise is missed, with 2 when this machine can't measure.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bench import public_pages, rendered_pages, typed_search, widget
from bench.load import CannotMeasure, find_cores, find_wrk
from bench.servers import temporary_site
from bench.table import write
from bench.talks import rows as talks

PARTS = {
    "public": public_pages.run,
    "rendered": rendered_pages.run,
    "search": typed_search.run,
    "widget": widget.run,
    "chat": talks.run,
}
FIGURES = Path(__file__).resolve().parent.parent / "var" / "bench.json"


def main() -> int:
    """Run the chosen parts."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], help="default: all")
    parser.add_argument("--seconds", type=float, default=2, help="length of each round of load")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="one round of a second, to see that it runs")
    chosen = parser.parse_args()
    if chosen.quick:
        chosen.seconds, chosen.rounds = 1, 1
    try:
        find_wrk()
        cores = find_cores()
        rows = []
        print(
            f"Server on core {cores[0]}, load on core {cores[1]}, {chosen.rounds} rounds of {chosen.seconds:g} s."
        )
        with temporary_site() as site:
            for part in chosen.part or PARTS:
                for row in PARTS[part](site, cores, chosen.seconds, chosen.rounds):
                    rows.append(row)
                    print(row.line(), flush=True)
    except CannotMeasure as problem:
        print(problem, file=sys.stderr)
        return 2
    write(rows, FIGURES)
    return 0 if all(row.is_reached for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
