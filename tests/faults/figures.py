"""The figures of one fault, as a line and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from tests.faults.history import Dump
from tests.faults.invariants.violation import Violation
from tests.faults.scene import PROMISED_SECONDS, Scene

WIDTH = 7


@dataclass(frozen=True)
class Figures:
    """What happened under one fault; times in seconds."""

    fault: str
    backend: str
    seed: int
    operations: int
    acknowledged: int
    lost: int
    duplicated: int
    misordered: int
    resent: int
    dup_acks: int
    unknown: int
    refused: int
    ack: tuple[float, float, float]
    convergence: tuple[float, float, float]
    connections: int
    rounds_by_http: int
    errors: int
    violations: list[str] = field(default_factory=list)

    @property
    def line(self) -> str:
        """The figures in the order of the headings."""
        numbers = (
            *(self.operations, self.acknowledged, self.lost, self.duplicated, self.misordered),
            *(self.resent, self.dup_acks, self.unknown, self.refused, self.errors, len(self.violations)),
        )
        times = "  ".join(f"{value:6.3f}" for value in (*self.ack, *self.convergence))
        return f"{self.fault:<20}" + "".join(f"{number:>{WIDTH}}" for number in numbers) + f"  {times}"

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def heading() -> str:
    """The heading above the lines."""
    names = ("sent", "acked", "lost", "twice", "misord", "resent", "dup", "unkn", "refus", "errors", "broken")
    times = ("ack50", "ack95", "ack99", "conv50", "conv99", "convmax")
    return (
        f"{'fault':<20}"
        + "".join(f"{name:>{WIDTH}}" for name in names)
        + "  "
        + "  ".join(f"{t:>6}" for t in times)
    )


def of(fault: str, backend: str, scene: Scene, dump: Dump, violations: Sequence[Violation]) -> Figures:
    """Count."""
    total = {name: sum(person.counts[name] for person in scene.people) for name in ("dup", "unknown", "nack")}
    history = scene.recorder.history()
    sent = {one["mid"] for one in history.only("invoke")}
    acked = {one["mid"] for one in history.only("ok")}
    stored = [row.mid for talk in dump.talks.values() for row in talk.rows if row.mid in sent]
    latencies = [value for person in scene.people for value in person.latencies]
    late = [f"late: {value:.1f} s" for value in scene.convergence if value > PROMISED_SECONDS]
    return Figures(
        fault=fault,
        backend=backend,
        seed=scene.seed,
        operations=len(sent),
        acknowledged=len(acked),
        lost=len(acked - set(stored)),
        duplicated=len(stored) - len(set(stored)),
        misordered=sum(violation.invariant == "I6" for violation in violations),
        resent=sum(person.machine.outbox.resends for person in scene.people),
        dup_acks=total["dup"],
        unknown=total["unknown"],
        refused=total["nack"],
        ack=_percentiles(latencies, (0.5, 0.95, 0.99)),
        convergence=_percentiles(scene.convergence, (0.5, 0.99, 1.0)),
        connections=sum(person.session.connections for person in scene.people),
        errors=scene.deployment.errors(),
        rounds_by_http=sum(person.session.rounds_by_http for person in scene.people),
        violations=[*map(str, violations), *late],
    )


def _percentiles(values: Sequence[float], shares: tuple[float, float, float]) -> tuple[float, float, float]:
    ordered = sorted(values) or [0.0]
    one, two, three = (ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in shares)
    return one, two, three
