"""How long somebody will wait, said honestly. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

LEAST_BASIS = 3
MINUTE = 60


def expected_wait(handling_seconds: Sequence[float], place: int, agents: int, free_places: int) -> int | None:
    """Seconds until somebody answers, in whole minutes; None when nobody can know.

    `handling_seconds` are the lengths of recent conversations, `place` is the place in the queue (from 1),
    `agents` are there and have `free_places` left.
    """
    if agents <= 0:
        return None
    ahead = place - free_places
    if ahead <= 0:
        return 0
    if len(handling_seconds) < LEAST_BASIS:
        return None
    seconds = median(handling_seconds) / agents * ahead
    return max(1, math.ceil(seconds / MINUTE)) * MINUTE
