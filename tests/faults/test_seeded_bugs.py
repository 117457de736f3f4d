"""Faults that real chats have had, put into the model of the server on purpose: the checker has to find each.

Random schedules are played until one shows the fault; what the checker reports then must be the promise that the
fault breaks, and no other. The same schedules without a fault break nothing.
"""

from itertools import islice

import pytest

from tests.faults.checker import names
from tests.faults.simulation.schedules import run

pytestmark = pytest.mark.once

MOST_SCHEDULES = 1500
ENOUGH = 3
BUGS = {
    "ack_before_commit": "I1",
    "no_unique_mid": "I2",
    "no_lock": "I3",
    "fetch_before_subscribe": "I4",
    "no_anti_entropy": "I4",
    "order_by_time": "I6",
    "no_reauthorise": "I7",
    "accept_always": "I8",
}
# Only with several texts on their way at once can their order be confused; and a lost hint or right only matters
# while nobody has to connect anew.
MORE = {"order_by_time": {"window": 3}, "no_anti_entropy": {"calm": True}, "no_reauthorise": {"calm": True}}


@pytest.mark.parametrize("bug, invariant", BUGS.items())
def test_the_checker_reports_exactly_the_promise_that_a_bug_breaks(bug, invariant):
    courses = (run(seed, frozenset({bug}), **MORE.get(bug, {})) for seed in range(MOST_SCHEDULES))

    caught = list(islice(filter(None, courses), ENOUGH))

    assert [names(violations) for violations in caught] == [{invariant}] * ENOUGH


@pytest.mark.parametrize("window", [1, 2, 8])
def test_nothing_is_reported_when_no_bug_was_put_in(window):
    reports = [run(seed, window=window) for seed in range(150)]

    assert list(filter(None, reports)) == []
