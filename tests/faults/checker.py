"""Holds a history and the database against every promise. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from tests.faults.history import Dump, History
from tests.faults.invariants import bounds, delivery, rights
from tests.faults.invariants.violation import Violation

CHECKS = (
    delivery.acknowledged_is_stored,
    delivery.stored_was_sent_once,
    delivery.numbers_have_no_holes,
    delivery.everybody_agrees,
    delivery.never_a_hole_in_a_list,
    delivery.order_is_kept,
    rights.nobody_reads_what_is_not_theirs,
    rights.one_agent_at_a_time,
    bounds.cursors_make_sense,
    bounds.processes_stay_small,
)


def check(history: History, dump: Dump, evidence: Mapping[str, str] | None = None) -> list[Violation]:
    """Every promise that was not kept, each once; `evidence` is where planted secrets are looked for."""
    found = [violation for one in CHECKS for violation in one(history, dump)]
    found += bounds.secrets_stay_out(history, dump, evidence)
    return list(dict.fromkeys(found))


def names(violations: list[Violation]) -> set[str]:
    """Which invariants were broken."""
    return {violation.invariant for violation in violations}
