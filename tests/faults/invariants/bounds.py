"""I9–I11: cursors stay within what there is, secrets stay out, processes stay small. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from tests.faults.history import Dump, History
from tests.faults.invariants.violation import Violation

MOST_GROWTH_BYTES = 160 * 1024 * 1024
MOST_MORE_FILES = 24
# Two processes, each with a pool that doesn't shrink at once.
MOST_MORE_CONNECTIONS = 30


def cursors_make_sense(history: History, dump: Dump) -> Iterator[Violation]:
    """I9: cursors only move forwards, what was read was delivered, and nothing beyond the last event."""
    for talk in dump.talks.values():
        for who, delivered, read in talk.cursors:
            if not 0 <= read <= delivered <= talk.head(who):
                what = f"the cursor of {who} is {delivered}/{read} of {talk.head(who)}"
                yield Violation("I9", talk.id, what)
    before: dict[tuple[object, ...], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for one in history.only("cursor"):
        place = (one["delivered"], one["read"])
        key = (one["client"], one["connection"], one["conversation"], one["who"])
        if place[0] < before[key][0] or place[1] < before[key][1]:
            what = f"{one['client']} was told {before[key]} and then {place}"
            yield Violation("I9", one["conversation"], what)
        before[key] = place
        end = dump.talks.get(one["conversation"])
        if end and max(place) > end.head(one["role"]):
            yield Violation("I9", one["conversation"], f"{place} is more than {end.head(one['role'])}")


def secrets_stay_out(
    history: History, dump: Dump, evidence: Mapping[str, str] | None = None
) -> Iterator[Violation]:
    """I10: what was planted is in no row, no frame, no log: nowhere in `evidence`, texts by where they are from."""
    places = {"the database": dump.raw, **(evidence or {})}
    for one in history.only("invoke"):
        for secret in one.get("planted", ()):
            for place, text in places.items():
                if secret in text:
                    yield Violation("I10", one["conversation"], f"a planted secret is in {place}")


def processes_stay_small(history: History, _dump: Dump) -> Iterator[Violation]:
    """I11: memory is bounded; after a fault, files and connections are back to about what they were."""
    baseline: dict[str, dict[str, int]] = {}
    for one in history.only("resources"):
        process = one["process"]
        first = baseline.setdefault(process, one)
        limits = {"rss": MOST_GROWTH_BYTES}
        if one["phase"] == "healed":
            limits |= {"files": MOST_MORE_FILES, "connections": MOST_MORE_CONNECTIONS}
        for name, most in limits.items():
            if one.get(name, 0) - first.get(name, 0) > most:
                what = f"{name} went from {first.get(name)} to {one[name]}"
                yield Violation("I11", process, what)
