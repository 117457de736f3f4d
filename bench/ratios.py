"""What the rounds of two cells say about each other."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bench.load import Measured

# Below this share of its core a saturated server was held up by something else on the machine.
UNDISTURBED = 0.9


def median_rate(rounds: Sequence[Measured]) -> float:
    """The middle round's requests a second."""
    return statistics.median(measured.rate for measured in rounds)


def median_ratio(ours: Sequence[Measured], others: Sequence[Measured]) -> float:
    """The middle one of the rounds' ratios; each round's two were measured one after the other."""
    return statistics.median(one.rate / other.rate for one, other in zip(ours, others, strict=True))


def note(ours: Sequence[Measured], others: Sequence[Measured]) -> str:
    """Both rates, and what to think of them when the machine was busy with something else."""
    text = f"{median_rate(ours):,.0f} of {median_rate(others):,.0f} req/s"
    share = min(statistics.median(m.cpu_seconds / m.seconds for m in each) for each in (ours, others))
    if share >= UNDISTURBED:
        return text
    steady = statistics.median(one.cpu_rate / other.cpu_rate for one, other in zip(ours, others, strict=True))
    return f"{text}; server had {share:.0%} of its core, {steady:.2f} x by its own time"


def figures(**rounds: Sequence[Measured]) -> dict[str, list[dict[str, Any]]]:
    """Every round, for the figures that are kept."""
    return {name: [asdict(measured) for measured in each] for name, each in rounds.items()}
