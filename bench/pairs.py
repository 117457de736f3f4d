"""Two targets pressed one right after the other, again and again, because only their ratio means something."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from bench.load import Load, Target, ask, press
from bench.table import Row

WARM_UP_SECONDS = 1


@dataclass(frozen=True)
class Pair:
    """What is measured, what it is measured against, and what their ratio must reach."""

    title: str
    measured: Target
    against: Target
    reach: float
    goal: float
    loads: list[tuple[Load, Load]] = field(default_factory=list)

    def press_both(self, seconds: float) -> None:
        """One round; who comes first alternates."""
        targets = [self.measured, self.against]
        if len(self.loads) % 2:
            targets.reverse()
        loads = {id(target): press(target, seconds) for target in targets}
        self.loads.append((loads[id(self.measured)], loads[id(self.against)]))

    def row(self) -> Row:
        """The median of the rounds' ratios of requests a second."""
        ratios = [ours.requests_per_second / theirs.requests_per_second for ours, theirs in self.loads]
        details = {
            "requests_per_second": median(ours.requests_per_second for ours, _ in self.loads),
            "against_requests_per_second": median(theirs.requests_per_second for _, theirs in self.loads),
            "p99_ms": self.p99_ms(),
            "against_p99_ms": median(theirs.p99_ms for _, theirs in self.loads),
        }
        return Row(self.title, median(ratios), self.reach, self.goal, details=details)

    def p99_ms(self) -> float:
        """The median of the rounds' slowest hundredth."""
        return median(ours.p99_ms for ours, _ in self.loads)


def press_in_turn(pairs: Sequence[Pair], rounds: int, seconds: float) -> None:
    """Every pair once a round, each round beginning with another one."""
    for target in [target for pair in pairs for target in (pair.measured, pair.against)]:
        ask(target)
        press(target, WARM_UP_SECONDS)
    for number in range(rounds):
        first = number * len(pairs) // rounds
        for pair in [*pairs[first:], *pairs[:first]]:
            pair.press_both(seconds)
        print(f"round {number + 1} of {rounds} done", flush=True)
